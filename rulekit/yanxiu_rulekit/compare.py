"""Comparing what a case expects with what a decision gave: exact decimals, dates as text, some lists as sets."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from yanxiu_rulekit.numbers import plain

# Lists that name clauses, persons or things without an order of their own.
AS_SETS = frozenset(
    {
        "failed",
        "warnings",
        "reasons",
        "missing",
        "missed_targets",
        "discipline",
        "must_be_set_per_session",
        "refused",
        "repeated",
        "unfiled",
    }
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_ABSENT = object()


class Difference(msgspec.Struct, frozen=True):
    """One place where a result is not what was expected; texts as they are to be shown."""

    path: str
    expected: str
    got: str

    def __str__(self) -> str:
        """Say it on one line."""
        return f"{self.path}: expected {self.expected}, got {self.got}"


def differences(expected: Mapping[str, Any], got: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return every difference; `got` may hold more keys than expected at top level, and only there."""
    return tuple(one for key, wanted in expected.items() for one in _between(wanted, got.get(key, _ABSENT), key, key))


def _between(expected: Any, got: Any, path: str, name: str) -> list[Difference]:
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        keys = [*expected, *(key for key in got if key not in expected)]
        return [
            one
            for key in keys
            for one in _between(expected.get(key, _ABSENT), got.get(key, _ABSENT), f"{path}.{key}", str(key))
        ]
    if isinstance(expected, list | tuple) and isinstance(got, list | tuple):
        if name in AS_SETS:
            same = {comparable(one) for one in expected} == {comparable(one) for one in got}
            return [] if same else [Difference(path, told(expected), told(got))]
        if len(expected) == len(got):
            return [
                one
                for index, pair in enumerate(zip(expected, got, strict=True))
                for one in _between(*pair, f"{path}[{index}]", name)
            ]
    if comparable(expected) == comparable(got):
        return []
    return [Difference(path, told(expected), told(got))]


def comparable(value: Any) -> Hashable:
    """Return a form in which equal things are equal: "24" and 24.0 are, true and 1 are not."""
    if isinstance(value, bool) or value is None or value is _ABSENT:
        return (type(value).__name__, value)
    if isinstance(value, int | Decimal) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return ("number", Decimal(value))
    if isinstance(value, date):
        return ("text", value.isoformat())
    if isinstance(value, Mapping):
        return ("mapping", frozenset((key, comparable(inner)) for key, inner in value.items()))
    if isinstance(value, list | tuple):
        return ("list", tuple(comparable(inner) for inner in value))
    return ("text" if isinstance(value, str) else type(value).__name__, str(value))


def told(value: Any) -> str:
    """Return a value as a case file would write it."""
    if value is _ABSENT:
        return "nothing"
    if isinstance(value, bool) or value is None:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {told(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(told(inner) for inner in value) + "]"
    return str(value)
