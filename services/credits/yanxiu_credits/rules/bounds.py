"""How large the facts of a question may be, before any of them is read. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yanxiu_wire.refusal import Refused

from yanxiu_credits.rules import refusals

MOST_VALUES = 2_000
MOST_LEVELS = 8
MOST_CHARACTERS = 500


def small_enough(field: str, given: Mapping[str, Any]) -> Refused | None:
    """Return why facts are no question: too many values, too deep, or a text too long; else None."""
    values = 0
    waiting: list[tuple[str, Any, int]] = [(field, given, 1)]
    while waiting:
        path, value, level = waiting.pop()
        values += 1
        if values > MOST_VALUES:
            return refusals.too_large(field, ("事实的个数", "values"), values, MOST_VALUES)
        if level > MOST_LEVELS:
            return refusals.too_large(path[:200], ("嵌套的层数", "levels"), level, MOST_LEVELS)
        if isinstance(value, str) and len(value) > MOST_CHARACTERS:
            return refusals.too_large(path[:200], ("文字的长度", "characters"), len(value), MOST_CHARACTERS)
        waiting += [(inner_path, inner, level + 1) for inner_path, inner in _inside(path, value)]
    return None


def _inside(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            # A name is as bounded as a text.
            yield f"{path}.{str(key)[:MOST_CHARACTERS]}", str(key) if len(str(key)) > MOST_CHARACTERS else inner
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield f"{path}[{index}]", inner
