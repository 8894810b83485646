"""Each of the twenty-five scenarios of docs/reliability.md names tests and faults that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.chaos.faults import FAULTS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
SECTION = PAGE.read_text(encoding="utf-8").partition("## 二十五种情形")[2].partition("\n## ")[0]
ROWS = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", SECTION, flags=re.MULTILINE)


def test_there_are_twenty_five() -> None:
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 26))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_scenario_names_what_makes_it(row: tuple[str, str, str]) -> None:
    tests, faults = re.findall(r"\[(test_\w+)\]\(([^)]+)\)", row[2]), re.findall(r"`([\w-]+)`", row[2])
    assert tests, "a fault alone is no test"
    assert set(faults) <= {fault.name for fault in FAULTS}
    for name, file in tests:
        tree = ast.parse((PAGE.parent / file).read_text(encoding="utf-8"))
        known = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert name in known, f"{file} has no {name}"
