"""How facts, attributes and decisions are written as text: exact, canonical, and read back as what they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from yanxiu_rulekit.numbers import plain

_canonical = msgspec.json.Encoder(order="deterministic")
_NUMBER = "$decimal"
_DAY = "$date"
# Most of what is written: looked at first, since a question for an abstract class takes its time.
_SIMPLE = frozenset({str, int, bool, type(None)})


def canonical(value: Any) -> str:
    """Return one text for one value: keys sorted, decimals as people write them (`10.0` and `10` are the same)."""
    return _canonical.encode(simple(value)).decode()


def simple(value: Any) -> Any:
    """Return `value` in texts, integers, booleans, lists and mappings; decimals become plain text, dates ISO text."""
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Mapping):
        return {str(key): simple(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [simple(inner) for inner in value]
    if isinstance(value, msgspec.Struct):
        return simple(msgspec.to_builtins(value, builtin_types=(Decimal, date)))
    return value.isoformat() if isinstance(value, date) else value


def freeze(value: Mapping[str, Any]) -> str:
    """Write a mapping so that `thaw` gives back decimals as decimals and dates as dates."""
    return _canonical.encode(_mark(value)).decode()


def thaw(text: str) -> dict[str, Any]:
    """Read what `freeze` wrote."""
    return _unmark(msgspec.json.decode(text))


def _mark(value: Any) -> Any:
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, Decimal):
        return {_NUMBER: str(value)}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, Mapping):
        return {str(key): _mark(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_mark(inner) for inner in value]
    return value


def _unmark(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmark(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {_NUMBER}:
        return Decimal(value[_NUMBER])
    if value.keys() == {_DAY}:
        return date.fromisoformat(value[_DAY])
    return {key: _unmark(inner) for key, inner in value.items()}
