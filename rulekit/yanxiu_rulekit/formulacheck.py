"""What can be told of formulas from their text: numbers, imports, clocks, and the parameters they read."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

KIT = "yanxiu_rulekit"
# Standard modules through which a formula would see a clock, chance, the machine, or inexact numbers.
# fmt: off
IMPURE = frozenset({
    "asyncio", "cmath", "concurrent", "ctypes", "ftplib", "gc", "getpass", "glob", "http", "importlib", "inspect",
    "io", "locale", "logging", "math", "mmap", "multiprocessing", "os", "pathlib", "pickle", "platform", "queue",
    "random", "sched", "secrets", "select", "shelve", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl",
    "statistics", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "webbrowser", "zoneinfo",
})
# fmt: on
CLOCKS = frozenset({"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"})
BUILTINS = frozenset({"float", "open", "eval", "exec", "__import__", "input", "print"})
# What a Law offers besides parameters.
LAW_WORDS = frozenset({"at", "on", "quiet", "refusals", "refuse", "step", "steps", "take_readings", "today"})
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to correct: where it stands, what is wrong, what to do."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Say it on one line."""
        return f"{self.where}: {self.what}; {self.remedy}"


class FormulaReading(msgspec.Struct, frozen=True):
    """What the text of a pack's formulas shows: the parameters it names, and the problems found."""

    parameters: frozenset[str]
    problems: tuple[Problem, ...]


def read_formulas(home: Path, module: str, parameters: Collection[str]) -> FormulaReading:
    """Read every Python file of a pack's import package."""
    named: set[str] = set()
    problems: list[Problem] = []
    for file in sorted(home.rglob("*.py")):
        where = file.relative_to(home.parent).as_posix()
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError) as error:
            problems.append(Problem(where=where, what=f"is not Python: {error}", remedy="correct it"))
            continue
        asked = dict(_parameters_asked(tree))
        named |= set(asked) & set(parameters)
        named |= {text for one in ast.walk(tree) if (text := _text_of(one)) is not None and text in parameters}
        problems += [
            Problem(
                where=f"{where}:{line}",
                what=f"reads the parameter {name!r}, which parameters.toml does not have",
                remedy="add it there with its clause, or correct the name",
            )
            for name, line in asked.items()
            if name not in parameters
        ]
        problems += [
            Problem(where=f"{where}:{line}", what=what, remedy=remedy)
            for line, what, remedy in (*_numbers(tree), *_imports(tree, module), *_calls(tree))
        ]
    return FormulaReading(frozenset(named), tuple(problems))


def _text_of(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _parameters_asked(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield `law.NAME`, `law.at(day).NAME` and the `parameter=` of requirements, with the line."""
    laws = {"law"} | {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _is_other_day(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    laws |= {
        node.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) and _annotated(node.annotation, {"Law", '"Law"'})
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr not in LAW_WORDS:
            if (isinstance(node.value, ast.Name) and node.value.id in laws) or _is_other_day(node.value):
                yield node.attr, node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Requirement":
            for keyword in node.keywords:
                if keyword.arg == "parameter" and isinstance(keyword.value, ast.Constant):
                    yield str(keyword.value.value), node.lineno


def _annotated(annotation: ast.expr | None, names: Collection[str]) -> bool:
    return annotation is not None and ast.unparse(annotation).strip("'\"") in {name.strip('"') for name in names}


def _is_other_day(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"at", "quiet"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "law"
    )


def _numbers(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    remedy = "make it a parameter with its clause, and read it from the law"
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float | complex):
            if isinstance(node.value, float) or node.value not in (0, 1):
                yield node.lineno, f"the number {node.value} stands in a formula", remedy
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Decimal":
            for argument in node.args:
                text = _text_of(argument)
                if text is not None and _NUMBER.fullmatch(text) and text not in ("0", "1"):
                    yield node.lineno, f"the number {text} stands in a formula", remedy


def _imports(tree: ast.Module, module: str) -> Iterator[tuple[int, str, str]]:
    own = module.partition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if node.level == 0 else []
        else:
            continue
        for name in names:
            top = name.partition(".")[0]
            if top in IMPURE:
                yield node.lineno, f"imports {name}", "a formula sees its facts and its law and nothing else"
            elif top not in (KIT, own) and top not in sys.stdlib_module_names:
                yield node.lineno, f"imports {name}", f"a pack imports {KIT} and the standard library only"


def _calls(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            yield node.lineno, f"reads a clock ({node.func.attr})", "take the day from the facts or from law.on"
        elif isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
            yield node.lineno, f"calls {node.func.id}", "a formula is exact and touches nothing outside its facts"
