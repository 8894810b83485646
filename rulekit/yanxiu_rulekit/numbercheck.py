"""Numbers and dates that stand in a formula instead of in the parameters, however they are spelt."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeGuard

# What counts or adds up its argument: of a literal it is a number in other words.
_COUNTING = frozenset({"abs", "hash", "len", "max", "min", "ord", "pow", "round", "sum"})
_MAKING = frozenset({"Decimal", "Fraction", "bool", "int"})
_CHAINED = (ast.Add, ast.Sub, ast.Mult)
# 2030-09-01, 2030年9月1日, 9月1日, 09-01 and -09-01 (put behind a year); not 2-1, which is the name of a form.
_DATE = re.compile(r"\d+[-/.年]\d+[-/.月]\d+日?|\d{4}[-/.年]\d+月?|\d+月\d+日|[-/.]?\d\d[-/.]\d\d|\d+[年月]")
_DIGITS = re.compile(r"\d+")
_FRACTION = re.compile(r"\s*[+-]?\d+\s*/\s*\d+\s*")
_HARMLESS = (0, 1)


def numbers_in(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """Yield each expression of a module that is a number or a date in its own right, with how it reads.

    0 and 1 are none, nor are positions in a list or text, annotations (the bounds of facts stand there) and what a
    module says of itself (`__version__`).
    """
    spared = {*_spared(tree)}
    bound = dict(_bound(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and id(node) not in spared and (said := _said(node, bound)) is not None:
            yield node, said


def _spared(tree: ast.Module) -> Iterator[int]:
    """Yield what is no formula: annotations, positions, names of rows, how a text is set, what documents, a version."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
            yield from map(id, ast.walk(node.annotation))
        elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            yield from map(id, ast.walk(node.format_spec))
        elif isinstance(node, ast.Subscript):
            yield from map(id, _positions(node.slice))
        elif _documents(node):
            yield id(node.value)


def _documents(node: ast.AST) -> TypeGuard[ast.Expr | ast.Assign]:
    if isinstance(node, ast.Assign):
        return all(_is_dunder(one) for one in node.targets)
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_dunder(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id.startswith("__")


def _positions(index: ast.expr) -> Iterator[ast.AST]:
    ends = (index.lower, index.upper, index.step) if isinstance(index, ast.Slice) else (index,)
    for one in ends:
        inner = one.operand if isinstance(one, ast.UnaryOp) else one
        if isinstance(inner, ast.Constant):
            yield inner


def _bound(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a module binds to literals, such as `NOTHING = Decimal(0)`."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from ((one.id, node.value) for one in node.targets if isinstance(one, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _said(node: ast.expr, bound: Mapping[str, ast.expr]) -> str | None:
    if isinstance(node, ast.Constant):
        return _of_constant(node.value)
    if isinstance(node, ast.BinOp):
        return ast.unparse(node) if _made_of_constants(node, bound) else None
    if isinstance(node, ast.UnaryOp):
        made = isinstance(node.op, ast.Invert) and _is_literal(node.operand, bound)
        return ast.unparse(node) if made else None
    if isinstance(node, ast.Tuple):
        # The digits of a Decimal, (0, (1, 0), 0).
        nested = any(isinstance(one, ast.Tuple) and one.elts for one in node.elts)
        return ast.unparse(node) if nested and _all_numbers(node) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _COUNTING:
        return ast.unparse(node) if node.args and all(_is_literal(one, bound) for one in node.args) else None
    return None


def _of_constant(value: object) -> str | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float | complex):
        return str(value)
    if isinstance(value, int):
        return None if value in _HARMLESS else str(value)
    if isinstance(value, bytes):
        return repr(value) if value else None
    return value if isinstance(value, str) and _reads_as_number(value) else None


def _reads_as_number(text: str) -> bool:
    """Say whether a text is a number to `Decimal`, `int` or `Fraction`, or a date to any parser."""
    if _DATE.fullmatch(text.strip()) or _FRACTION.fullmatch(text):
        return any(int(digits) not in _HARMLESS for digits in _DIGITS.findall(text))
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    return number.is_finite() and number not in _HARMLESS


def _made_of_constants(node: ast.BinOp, bound: Mapping[str, ast.expr]) -> bool:
    """Say whether arithmetic makes a number out of constants alone: 1 + 1, x + 1 + 1, 1 << 1."""
    if isinstance(node.op, ast.LShift | ast.RShift):
        return _is_number(node.right, bound)
    if not isinstance(node.op, _CHAINED):
        return _is_number(node.left, bound) and _is_number(node.right, bound)
    parts = list(_chain(node, (ast.Mult,) if isinstance(node.op, ast.Mult) else (ast.Add, ast.Sub)))
    return sum(_is_number(one, bound) for one in parts) > 1


def _chain(node: ast.expr, operators: tuple[type[ast.operator], ...]) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, operators):
        yield from _chain(node.left, operators)
        yield from _chain(node.right, operators)
    else:
        yield node


def _is_number(node: ast.expr, bound: Mapping[str, ast.expr]) -> bool:
    """Say whether an expression is a number whatever the facts are."""
    if isinstance(node, ast.Name):
        return node.id in bound and _is_number(bound[node.id], {})
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float)
    if isinstance(node, ast.UnaryOp):
        return _is_number(node.operand, bound)
    if isinstance(node, ast.BinOp):
        return _is_number(node.left, bound) and _is_number(node.right, bound)
    made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MAKING
    return made and bool(node.args) and all(_is_number(one, bound) for one in node.args)  # type: ignore[union-attr]


def _is_literal(node: ast.expr, bound: Mapping[str, ast.expr]) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return node.id in bound and _is_literal(bound[node.id], {})
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return all(_is_literal(one, bound) for one in node.elts)
    if isinstance(node, ast.Dict):
        return all(_is_literal(one, bound) for one in node.values)
    return _is_number(node, bound)


def _all_numbers(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return all(_all_numbers(one) for one in node.elts)
    return isinstance(node, ast.Constant) and isinstance(node.value, int)
