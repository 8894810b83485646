"""What a query answers rests on messages alone: its fields read no clock, no file, no chance, nothing of the process.

The gateway tells a kept answer again where every service says the same (ADR 0041), so a field that looked elsewhere
would be told as it was.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

GATEWAY = ROOT / "gateway" / "yanxiu_gateway"
# What the modules of fields import, and no field of a query looks through.
NOT_QUERIES = {
    "watching.py": "events of subscriptions",
    "cursors.py": "when a subscription's cursor is too old",
    "snapshot.py": "writes the schema",
    "listed.py": "writes its list",
    "errors.py": "gives a masked fault its number; an answer with an error is never kept",
}
ELSEWHERE = frozenset(
    {
        "time",
        "os",
        "random",
        "secrets",
        "socket",
        "pathlib",
        "subprocess",
        "tempfile",
        "uuid",
        "uuid_utils",
        "importlib",
    }
)
CLOCK = frozenset({"now", "today", "utcnow", "time", "monotonic", "monotonic_ns", "time_ns", "perf_counter"})
BUILT_IN = frozenset({"open", "__import__", "input"})


def reads() -> list[Path]:
    """The modules of fields and of the executor, and all of ours that they import in turn."""
    parts = (one for part in ("schema", "execution") for one in (GATEWAY / part).glob("*.py"))
    found: dict[Path, None] = {}
    waiting = [*parts, *GATEWAY.glob("*_reads.py")]
    while waiting:
        one = waiting.pop()
        if one.name in NOT_QUERIES or one in found:
            continue
        found[one] = None
        waiting += imported(ast.parse(one.read_text(encoding="utf-8")))
    return sorted(found)


def imported(tree: ast.AST) -> list[Path]:
    """The gateway's modules that a module names in its imports."""
    named = [
        f"{node.module}.{one.name}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names
    ]
    named += [one.rpartition(".")[0] for one in named]
    inside = [one.removeprefix("yanxiu_gateway.") for one in named if one.startswith("yanxiu_gateway.")]
    return [path for one in inside if (path := GATEWAY / f"{one.replace('.', '/')}.py").is_file()]


def test_fields_of_queries_look_at_messages_alone() -> None:
    looked = {one.name: elsewhere(ast.parse(one.read_text(encoding="utf-8"))) for one in reads()}
    assert len(looked) > 100
    assert {name: found for name, found in looked.items() if found} == {}


@pytest.mark.parametrize(
    "text",
    [
        "import time",
        "from pathlib import Path",
        "import os.path",
        "at = datetime.now(UTC)",
        "date.today()",
        "n = datetime.now; n()",
        "open('f').read()",
        "asyncio.get_running_loop().time()",
        "__import__('time')",
    ],
)
def test_what_looks_elsewhere_is_found(text: str) -> None:
    assert elsewhere(ast.parse(text))


def elsewhere(tree: ast.AST) -> list[str]:
    return [found for node in ast.walk(tree) for found in _looks(node)]


def _looks(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names if one.name.split(".")[0] in ELSEWHERE]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""] if (node.module or "").split(".")[0] in ELSEWHERE else []
    if isinstance(node, ast.Attribute):
        return [ast.unparse(node)] if node.attr in CLOCK else []
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILT_IN
    return [ast.unparse(node)] if called else []
