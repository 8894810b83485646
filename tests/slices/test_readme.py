"""What README and the first steps say is run: every marked console block, in order, against a running demonstration.

A block is marked by the line `<!-- test: NAME -->` just before it and is copied and run whole. A `json` block that
follows it is the whole output of its commands, compared as JSON. A block named `start` is the one that starts the
platform and is not run again: the platform of the tests is already running.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.demo import demo
from tests.cli.platform import Platform

__all__ = ["demo"]

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
PAGES = (*READMES, "docs/first-steps.md", "docs/first-steps.zh-CN.md")
BLOCK = re.compile(
    r"<!-- test: (?P<name>[\w-]+) -->\s*```console\n(?P<console>.*?)```(?:\s*```json\n(?P<json>.*?)```)?", re.DOTALL
)
# A comment at the end of a line; one with a quotation mark in it is left, as it might be none.
COMMENT = re.compile(r"[ \t]+# [^\n\"']*$", re.MULTILINE)
pytestmark = pytest.mark.timeout(300)


def blocks(readme: str) -> list[re.Match[str]]:
    path = ROOT / readme
    return list(BLOCK.finditer(path.read_text(encoding="utf-8"))) if path.exists() else []


def commands(console: str) -> str:
    """The script of a block, which is there to be copied whole."""
    return console.strip()


def _said(block: re.Match[str]) -> tuple[str, str | None]:
    """What a block does and prints, without what it says to its reader in his language."""
    return COMMENT.sub("", commands(block["console"])), block["json"]


def _run() -> Iterator[tuple[str, str]]:
    """Every block once: what stands in both languages to the letter does the same, and starts a process a line."""
    known: set[tuple[str, str | None]] = set()
    for readme in PAGES:
        for block in blocks(readme):
            if block["name"] != "start" and (said := _said(block)) not in known:
                known.add(said)
                yield readme, block["name"]


RUN = list(_run())


@pytest.fixture(scope="session")
def reader(demo: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout as its reader sees it after `make run`: `.venv` set up, the platform's data in `var`."""
    folder = tmp_path_factory.mktemp("reader")
    for entry in ROOT.iterdir():
        if entry.name not in ("var", ".git"):
            (folder / entry.name).symlink_to(entry)
    (folder / "var").symlink_to(demo.data)
    return folder


@pytest.mark.parametrize(("readme", "name"), RUN, ids=lambda value: str(value))
def test_a_block_does_what_is_printed(readme: str, name: str, reader: Path, demo: Platform) -> None:
    block = next(one for one in blocks(readme) if one["name"] == name)
    script = commands(block["console"]).replace("http://127.0.0.1:8000", demo.run.http_url)
    assert script, f"{readme}: the block {name} has no command"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("YANXIU_")}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=reader,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    if block["json"]:
        assert json.loads(done.stdout) == json.loads(block["json"])


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_begins_with_the_two_commands_and_an_answered_query(readme: str) -> None:
    found = blocks(readme)
    assert found, f"{readme} has no block marked <!-- test: NAME -->"
    assert found[0]["name"] == "start"
    assert "make run" in commands(found[0]["console"])
    assert any(block["json"] for block in found), "a first query with its answer"


@pytest.mark.parametrize(("page", "twin"), [PAGES[:2], PAGES[2:]])
def test_both_languages_have_the_same_blocks_and_all_of_them_are_run(page: str, twin: str) -> None:
    assert [block["name"] for block in blocks(page)] == [block["name"] for block in blocks(twin)] != []
    for one in (page, twin):
        unmarked = (ROOT / one).read_text(encoding="utf-8").count("```console") - len(blocks(one))
        assert unmarked == 0, f"{one}: {unmarked} console blocks that no test runs"
