"""Columns of leaves: a whole column is looked at once, a value alone only where a column is not what it should be."""

from __future__ import annotations

import functools
from collections.abc import Collection
from enum import Enum
from typing import Any, Literal

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
)
from graphql.execution.executor import Executor
from graphql.pyutils import Undefined

Trait = Literal["plain", "null", "error", "awaitable"]
_NULL = type(None)
# What a built-in scalar answers as it is.
_AS_IT_IS: dict[GraphQLLeafType, frozenset[type]] = {
    GraphQLString: frozenset({str}),
    GraphQLID: frozenset({str}),
    GraphQLBoolean: frozenset({bool}),
}
_GREATEST = 2**31 - 1


@functools.lru_cache(maxsize=4_096)
def trait(kind: type) -> Trait:
    """What values of a class are to an executor."""
    if kind is _NULL or kind is type(Undefined):
        return "null"
    if issubclass(kind, Exception):
        return "error"
    return "awaitable" if hasattr(kind, "__await__") else "plain"


def leaf_column(leaf: GraphQLLeafType, values: list[Any], kinds: Collection[type]) -> tuple[list[Any], bool]:
    """The values as they are answered, an exception where one does not fit, and whether there is any of those."""
    present = {kind for kind in kinds if trait(kind) != "null"}
    if not present:
        return values, False
    if present <= _AS_IT_IS.get(leaf, frozenset()) or (leaf is GraphQLInt and _small_integers(values, present)):
        return values, False
    if len(present) == len(kinds) == 1 and not issubclass(next(iter(present)), Exception):
        whole = _named(leaf, values, present) if isinstance(leaf, GraphQLEnumType) else _written(leaf, values)
        if whole is not None:
            return whole, False
    return _one_by_one(leaf, values)


def _small_integers(values: list[Any], present: set[type]) -> bool:
    if present != {int}:
        return False
    there = [value for value in values if value is not None]
    return min(there) >= -_GREATEST - 1 and max(there) <= _GREATEST


def _written(leaf: GraphQLLeafType, values: list[Any]) -> list[Any] | None:
    """All values at once; None when one does not fit."""
    try:
        written = list(map(leaf.coerce_output_value, values))
    except Exception:  # noqa: BLE001 - which one it was is found one by one
        return None
    return written if {trait(kind) for kind in set(map(type, written))} == {"plain"} else None


def _named(leaf: GraphQLEnumType, values: list[Any], present: set[type]) -> list[Any] | None:
    kind = next(iter(present))
    if kind is not str and not issubclass(kind, Enum):
        return None
    try:
        known = {value: leaf.coerce_output_value(value) for value in set(values)}
    except Exception:  # noqa: BLE001 - which one it was is found one by one
        return None
    return [known[value] for value in values]


def _one_by_one(leaf: GraphQLLeafType, values: list[Any]) -> tuple[list[Any], bool]:
    written: list[Any] = []
    failed = False
    for value in values:
        found = value
        if trait(type(value)) == "null":
            found = None
        elif not isinstance(value, Exception):
            try:
                found = Executor.complete_leaf_value(leaf, value)
            except Exception as problem:  # noqa: BLE001 - it is the answer for this value
                found = problem
        failed = failed or isinstance(found, Exception)
        written.append(found)
    return written, failed
