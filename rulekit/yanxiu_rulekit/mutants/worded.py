"""What of a formula is only said: sentences, labels and units, which change no result and are not mutated."""

from __future__ import annotations

import ast
from collections.abc import Iterator

WORDS = frozenset(
    {
        "asks_zh",
        "en",
        "label",
        "label_en",
        "label_zh",
        "problem",
        "remedy",
        "remedy_en",
        "remedy_zh",
        "unit",
        "value",
        "zh",
    }
)
# Of a step or a refusal a case sees that it is told, by its clauses, and the field that is refused; all else is words.
TOLD_BY = frozenset({"step", "refuse"})
SEEN = frozenset({"field"})
_SENTENCE = frozenset("。，；：（{ ")


def worded(tree: ast.Module) -> frozenset[int]:
    """Return the ids of all nodes that are only said."""
    said: set[int] = set()
    for node in ast.walk(tree):
        for part in _said_of(node):
            said |= {id(one) for one in ast.walk(part)}
    for scope in ast.walk(tree):
        if isinstance(scope, ast.FunctionDef):
            _assigned_for_words(scope, said)
    return frozenset(said)


def _said_of(node: ast.AST) -> Iterator[ast.AST]:
    if _is_sentence(node):
        yield node
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _tells(node.value):
        yield from node.value.args
    elif isinstance(node, ast.Call):
        tells = _tells(node)
        for keyword in node.keywords:
            if keyword.arg in WORDS or (tells and keyword.arg not in SEEN):
                yield keyword.value


def _tells(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr in TOLD_BY


def _is_sentence(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.FunctionDef) and node.name == "__str__"):
        return True
    if isinstance(node, ast.BinOp):
        return _is_sentence(node.left) or _is_sentence(node.right)
    if isinstance(node, ast.IfExp):
        return _is_sentence(node.body) or _is_sentence(node.orelse)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and not _SENTENCE.isdisjoint(node.value)


def _assigned_for_words(scope: ast.FunctionDef, said: set[int]) -> None:
    """Add what is assigned to names that only sentences read, until nothing more follows from it."""
    grown = True
    while grown:
        grown = False
        read = {
            node.id
            for node in ast.walk(scope)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in said
        }
        for node in ast.walk(scope):
            if not isinstance(node, ast.Assign | ast.AugAssign) or id(node.value) in said:
                continue
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
            if names and names.isdisjoint(read) and all(_only_names(target) for target in targets):
                # Of what is added to words, the adding is words too.
                part = node if isinstance(node, ast.AugAssign) else node.value
                said |= {id(one) for one in (*ast.walk(part), node.value)}
                grown = True


def _only_names(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple):
        return all(_only_names(one) for one in target.elts)
    return isinstance(target, ast.Name)
