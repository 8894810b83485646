"""The changes made to a formula: each a node of its syntax tree with another one to stand in its place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping

Changed = tuple[str, ast.AST]
Change = Callable[..., Iterator[Changed]]

_SHIFTED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_SWAPPED_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_OTHER_OPERATOR = {"at_least": "at_most", "at_most": "at_least", "below": "at_most"}


def compared(node: ast.Compare) -> Iterator[Changed]:
    """Flip each comparison, and shift each that has a border."""
    for index, op in enumerate(node.ops):
        for said, table in (("shifted", _SHIFTED), ("flipped", _FLIPPED)):
            other = table.get(type(op))
            if other is not None:
                changed = copy.copy(node)
                changed.ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
                yield f"comparison {said}", changed


def joined(node: ast.BoolOp) -> Iterator[Changed]:
    """Put `or` for `and`, and the other way round."""
    changed = copy.copy(node)
    changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "and/or", changed


def signed(node: ast.UnaryOp) -> Iterator[Changed]:
    """Leave a `not` or a minus out."""
    if isinstance(node.op, ast.Not | ast.USub):
        yield "not, minus", node.operand


def chosen(node: ast.IfExp) -> Iterator[Changed]:
    """Swap the branches, where no flipped comparison does the same."""
    if not isinstance(node.test, ast.Compare | ast.UnaryOp):
        changed = copy.copy(node)
        changed.body, changed.orelse = node.orelse, node.body
        yield "branches swapped", changed


def branched(node: ast.If) -> Iterator[Changed]:
    """Turn a plain condition round; never return early, or never refuse."""
    if not isinstance(node.test, ast.Compare | ast.UnaryOp | ast.BoolOp):
        changed = copy.copy(node)
        changed.test = ast.UnaryOp(ast.Not(), node.test)
        yield "condition turned round", changed
    if not node.orelse and isinstance(node.body[-1], ast.Return | ast.Raise | ast.Continue):
        changed = copy.copy(node)
        changed.test = ast.Constant(value=False)
        yield "early return removed", changed


def filtered(node: ast.comprehension) -> Iterator[Changed]:
    """Leave a filter out, or turn a plain one round."""
    for index, test in enumerate(node.ifs):
        without = copy.copy(node)
        without.ifs = [*node.ifs[:index], *node.ifs[index + 1 :]]
        yield "filter removed", without
        if not isinstance(test, ast.Compare | ast.UnaryOp | ast.BoolOp):
            turned = copy.copy(node)
            turned.ifs = [*node.ifs[:index], ast.UnaryOp(ast.Not(), test), *node.ifs[index + 1 :]]
            yield "filter turned round", turned


def reckoned(node: ast.BinOp | ast.AugAssign) -> Iterator[Changed]:
    """Put another arithmetic for this one."""
    other = _ARITHMETIC.get(type(node.op))
    texts = isinstance(node, ast.BinOp) and any(_is_text(one) for one in (node.left, node.right))
    if other is not None and not texts:
        changed = copy.copy(node)
        changed.op = other()
        yield "arithmetic", changed


def called(node: ast.Call) -> Iterator[Changed]:
    """Put the largest for the smallest, any for all; turn a requirement's operator round."""
    if isinstance(node.func, ast.Name) and node.func.id in _SWAPPED_CALLS:
        changed = copy.copy(node)
        changed.func = ast.Name(_SWAPPED_CALLS[node.func.id], ast.Load())
        yield "min/max, any/all", changed
    for index, keyword in enumerate(node.keywords):
        wanted = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg == "operator" and wanted in _OTHER_OPERATOR:
            changed = copy.copy(node)
            other = ast.keyword("operator", ast.Constant(_OTHER_OPERATOR[str(wanted)]))
            changed.keywords = [*node.keywords[:index], other, *node.keywords[index + 1 :]]
            yield "comparison flipped", changed


def stated(node: ast.Expr) -> Iterator[Changed]:
    """Leave a step, a check or an addition out."""
    if isinstance(node.value, ast.Call):
        yield "step removed", ast.Pass()


def added(node: ast.AugAssign) -> Iterator[Changed]:
    """Leave an addition out, or take away instead of adding."""
    yield "step removed", ast.Pass()
    yield from reckoned(node)


def listed(node: ast.Tuple | ast.List | ast.Set) -> Iterator[Changed]:
    """Take one out of a list of names, texts or rules."""
    if len(node.elts) > 1 and not isinstance(getattr(node, "ctx", None), ast.Store):
        for index in range(len(node.elts)):
            changed = copy.copy(node)
            changed.elts = [*node.elts[:index], *node.elts[index + 1 :]]
            yield "taken out", changed


def tabled(node: ast.Dict) -> Iterator[Changed]:
    """Swap the values of two neighbours of a table."""
    for index in range(len(node.values) - 1):
        one, two = node.values[index], node.values[index + 1]
        if None not in node.keys[index : index + 2] and ast.unparse(one) != ast.unparse(two):
            changed = copy.copy(node)
            changed.values = [*node.values[:index], two, one, *node.values[index + 2 :]]
            yield "table entries swapped", changed


def constant(node: ast.Constant) -> Iterator[Changed]:
    """Change a number or a truth."""
    if isinstance(node.value, bool):
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield "constant", ast.Constant(1 - node.value if node.value in (0, 1) else node.value + 1)


def other_text(node: ast.Constant) -> Iterator[Changed]:
    """Change a text that is compared."""
    yield "text", ast.Constant(f"{node.value}×")


def other_parameter(node: ast.Attribute, alike: Mapping[str, str]) -> Iterator[Changed]:
    """Read another parameter of the same form."""
    if node.attr in alike and _is_law(node.value):
        changed = copy.copy(node)
        changed.attr = alike[node.attr]
        yield "parameter swapped", changed


def _is_law(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"at", "quiet"}
    return isinstance(node, ast.Name) and node.id.endswith("law")


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


OPERATORS: Mapping[type[ast.AST], Change] = {
    ast.Compare: compared,
    ast.BoolOp: joined,
    ast.UnaryOp: signed,
    ast.IfExp: chosen,
    ast.If: branched,
    ast.comprehension: filtered,
    ast.BinOp: reckoned,
    ast.Call: called,
    ast.Expr: stated,
    ast.AugAssign: added,
    ast.Dict: tabled,
    ast.Constant: constant,
}
