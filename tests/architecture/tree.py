"""The tree as the architecture tests read it: its root, its tracked files, its modules."""

from __future__ import annotations

import ast
import functools
import gc
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("wire", "durable", "footing", "gateway", "services", "rulekit", "plugins", "cli", "scripts", "bench", "tests")


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Every file under version control that is there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    paths = (ROOT / name for name in listed.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@functools.cache
def modules() -> tuple[Path, ...]:
    """Every tracked Python module of ours."""
    return tuple(path for path in tracked() if path.suffix == ".py" and relative(path).split("/")[0] in CODE)


def relative(path: Path) -> str:
    """The path as it is written in messages and exceptions."""
    return path.relative_to(ROOT).as_posix()


@functools.cache
def parsed(path: Path) -> ast.Module:
    """The module's syntax tree; `let_go` when the tests that read trees are done."""
    gc.disable()  # it would look through all trees so far for every few hundred nodes: two thirds of the time
    try:
        return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    finally:
        gc.enable()


def let_go() -> None:
    """Keep no tree any longer: the collector would look through millions of nodes until the last test."""
    parsed.cache_clear()
