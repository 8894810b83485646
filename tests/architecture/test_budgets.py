"""Budgets of the tail: a file of at most 400 lines, a function of at most 40, exceptions with their reason."""

from __future__ import annotations

import ast
import functools

from tests.architecture.tree import modules, parsed, relative

FILE_LINES = 400
FUNCTION_LINES = 40

# path -> why it is longer
LONG_FILES: dict[str, str] = {}
# path::function -> why it is longer
LONG_FUNCTIONS: dict[str, str] = {}

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "shared", "misc", "base", "manager", "managers"}


def test_no_file_is_longer_than_its_budget() -> None:
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    long = {name: lines for name, lines in lengths.items() if lines > FILE_LINES and name not in LONG_FILES}
    assert not long, long


def test_no_function_is_longer_than_its_budget() -> None:
    long = {
        name: lines for name, lines in _functions().items() if lines > FUNCTION_LINES and name not in LONG_FUNCTIONS
    }
    assert not long, long


def test_exceptions_are_needed_and_have_a_reason() -> None:
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    functions = _functions()
    assert all(len(reason) > 20 for reason in (*LONG_FILES.values(), *LONG_FUNCTIONS.values()))
    assert not [name for name in LONG_FILES if lengths.get(name, 0) <= FILE_LINES], "an exception nobody needs"
    assert not [name for name in LONG_FUNCTIONS if functions.get(name, 0) <= FUNCTION_LINES], (
        "an exception nobody needs"
    )


def test_every_module_opens_with_its_sentence() -> None:
    silent = [relative(path) for path in modules() if path.read_text().strip() and not ast.get_docstring(parsed(path))]
    assert not silent, silent


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [
        relative(path)
        for path in modules()
        if path.stem in FORBIDDEN_NAMES or any(part in FORBIDDEN_NAMES for part in relative(path).split("/")[:-1])
    ]
    assert not vague, vague


@functools.cache
def _functions() -> dict[str, int]:
    """Lines of every function and method, from `def` to its last line."""
    found: dict[str, int] = {}
    for path in modules():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{relative(path)}::{node.name}"
                found[name] = max(found.get(name, 0), (node.end_lineno or 0) - node.lineno + 1)
    return found
