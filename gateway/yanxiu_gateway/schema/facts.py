"""Facts and settings by name: what a law may ask for cannot be a fixed list of fields."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import strawberry


@strawberry.type(name="Fact", description="一项事实：名称与值。A fact: its name and value.")
class Fact:
    """A fact as it is answered."""

    name: str = strawberry.field(
        description="规则所用的名称，如 class_hours。The name the law uses, such as class_hours."
    )
    value: str | None = strawberry.field(
        description="值的文本：小数如 59.5，是否为 true 或 false，日期为 YYYY-MM-DD，成组的为 JSON。"
        "The value as text: decimals such as 59.5, true or false, days as YYYY-MM-DD, groups as JSON."
    )


@strawberry.input(name="FactInput", description="一项事实：名称与值。A fact: its name and value.")
class FactInput:
    """A fact as it is given; the district's law reads the text."""

    name: str = strawberry.field(
        description="规则所用的名称，如 class_hours。The name the law uses, such as class_hours."
    )
    value: str = strawberry.field(
        description="值的文本：小数如 59.5，是否为 true 或 false，日期为 YYYY-MM-DD。"
        "The value as text: decimals such as 59.5, true or false, days as YYYY-MM-DD."
    )


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact of a service's row."""

    name: str
    value: str | None


def fact_rows(facts: Mapping[str, Any]) -> list[FactRow]:
    """The facts in name order, each value as text."""
    return [FactRow(name, value_text(facts[name])) for name in sorted(facts)]


def value_text(value: Any) -> str | None:
    """A value as text: exact, and never a Python repr."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=value_text)


def named(facts: Iterable[FactInput] | None) -> dict[str, str]:
    """Facts given by name; of a name given twice the last one counts."""
    return {fact.name: fact.value for fact in facts or ()}
