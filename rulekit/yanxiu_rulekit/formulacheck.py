"""What can be told of formulas from their text: numbers, imports, ways out, clauses, and the parameters they read."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

from yanxiu_rulekit.citecheck import unknown_clauses
from yanxiu_rulekit.numbercheck import numbers_in
from yanxiu_rulekit.problem import Problem
from yanxiu_rulekit.reachcheck import Found, reached

# What a Law offers besides parameters.
LAW_WORDS = frozenset({"at", "on", "quiet", "refusals", "refuse", "step", "steps", "take_readings", "today"})


class FormulaReading(msgspec.Struct, frozen=True):
    """What the text of a pack's formulas shows: the parameters it names, and the problems found."""

    parameters: frozenset[str]
    problems: tuple[Problem, ...]


def read_formulas(home: Path, module: str, parameters: Collection[str], clauses: Collection[str]) -> FormulaReading:
    """Read every Python file of a pack's import package."""
    named: set[str] = set()
    problems: list[Problem] = []
    for file in sorted(home.rglob("*.py")):
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError) as error:
            problems.append(_unreadable(file, error))
            continue
        asked = dict(_parameters_asked(tree))
        named |= set(asked) & set(parameters)
        named |= {text for one in ast.walk(tree) if (text := _text_of(one)) is not None and text in parameters}
        found = (*_unknown(asked, parameters), *_cites(tree, clauses), *_numbers(tree), *reached(tree, module))
        problems += [
            Problem(code=code, file=str(file), line=line, zh=zh, en=en, remedy_zh=do_zh, remedy_en=do_en)
            for line, code, (zh, en), (do_zh, do_en) in sorted(found, key=lambda one: one[0])
        ]
    return FormulaReading(frozenset(named), tuple(problems))


def _unreadable(file: Path, error: SyntaxError | UnicodeDecodeError) -> Problem:
    return Problem(
        code="FILE_UNREADABLE",
        file=str(file),
        line=error.lineno if isinstance(error, SyntaxError) else None,
        zh=f"不是 Python：{error}",
        en=f"is not Python: {error}",
        remedy_zh="改正这一行；文件须为 UTF-8",
        remedy_en="correct it; the file must be UTF-8",
    )


def _text_of(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _unknown(asked: dict[str, int], parameters: Collection[str]) -> Iterator[Found]:
    for name, line in asked.items():
        if name not in parameters:
            yield (
                line,
                "PARAMETER_UNKNOWN",
                (
                    f"读取参数 {name}，而 parameters.toml 中没有",
                    f"reads the parameter {name!r}, which parameters.toml does not have",
                ),
                (
                    "在 parameters.toml 中写上它和依据的条款，或改正名称",
                    "add it there with its clause, or correct the name",
                ),
            )


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


def _cites(tree: ast.Module, clauses: Collection[str]) -> Iterator[Found]:
    for line, cite in unknown_clauses(tree, clauses):
        yield (
            line,
            "CITATION_UNKNOWN",
            (f"引用的 {cite} 不在 source.toml 的条款中", f"cites {cite!r}, which is no clause of source.toml"),
            (
                "在 source.toml 中引出这一条，或改正编号；编号整个写出",
                "quote it there or correct it; write the id in full",
            ),
        )


def _numbers(tree: ast.Module) -> Iterator[Found]:
    remedy = (
        "改为参数，写明依据的条款，再从 law 中读取",
        "make it a parameter with its clause, and read it from the law",
    )
    for node, number in numbers_in(tree):
        said = (f"公式里写有数字 {number}", f"the number {number} stands in a formula")
        yield node.lineno, "NUMBER_IN_FORMULA", said, remedy
