"""The clauses that a pack's formulas and values name: each is quoted in the source, wherever the id stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from yanxiu_rulekit.source import declared_clause

_CITING = frozenset({"clause", "clauses", "cite"})


def form_of_ids(clauses: Collection[str]) -> re.Pattern[str]:
    """Return what a text looks like that is an id of these clauses, or the beginning of one: `QINGXI-2a`, `QINGXI-`."""
    heads = "|".join(sorted({re.escape(clause.partition("-")[0]) for clause in clauses}))
    return re.compile(rf"(?:{heads})-[0-9A-Za-z.-]*")


def unknown_clauses(tree: ast.Module, clauses: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each id that is no clause: literal, put together, or given as a citation."""
    form = form_of_ids(clauses)
    named = _named(tree)
    found: dict[tuple[int, str], None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            first = node.values[0] if node.values else None
            # What begins as an id and goes on with a fact cannot be held against the source.
            if isinstance(first, ast.Constant) and form.fullmatch(str(first.value)):
                found[node.lineno, ast.unparse(node)] = None
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if form.fullmatch(node.value) and declared_clause(node.value, clauses) is None:
                found[node.lineno, node.value] = None
        elif isinstance(node, ast.keyword) and node.arg in _CITING:
            for line, cite in _given(node.value, named):
                # One of an id's form is told where it is written.
                if not form.fullmatch(cite):
                    found[line, cite] = None
    yield from found


def unknown_in(value: Any, clauses: Collection[str]) -> Iterator[str]:
    """Yield each text of an id's form in a value, of whatever depth, that is no clause."""
    if isinstance(value, str):
        if form_of_ids(clauses).fullmatch(value) and declared_clause(value, clauses) is None:
            yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from unknown_in(key, clauses)
            yield from unknown_in(inner, clauses)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from unknown_in(inner, clauses)


def _named(tree: ast.Module) -> Mapping[str, str]:
    """Return the texts that a module binds to names."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _given(value: ast.expr, named: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Yield the texts that a citation consists of, one or several, under a condition or not."""
    if isinstance(value, ast.IfExp):
        yield from _given(value.body, named)
        yield from _given(value.orelse, named)
    elif isinstance(value, ast.Tuple | ast.List):
        for one in value.elts:
            yield from _given(one, named)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.lineno, value.value
    elif isinstance(value, ast.Name) and value.id in named:
        yield value.lineno, named[value.id]
