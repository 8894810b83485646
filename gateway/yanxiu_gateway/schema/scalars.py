"""Exact scalars: decimals and days travel as text; a binary fraction is refused, 59.5 is written "59.5"."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import strawberry
from graphql import GraphQLError, IntValueNode, StringValueNode, ValueNode, print_ast
from strawberry.types.scalar import ScalarDefinition

_DECIMAL = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHOWN = 40
# What is no number, day or instant and yet stands for one may be anybody's name: it is not shown.
_HARMLESS = re.compile(r"[0-9+\-.,:/TZeE ]*|[+-]?(?:NaN|Infinity|nan|inf)|True|False|None|\[\]|\{\}")
Day = TypeVar("Day", bound=date)
FIRST_YEAR, LAST_YEAR = 1900, 2199


def parse_decimal(value: object) -> Decimal:
    """An exact number from text or an integer; at most 18 digits before and 9 after the point."""
    if isinstance(value, float):
        raise unfit(
            value,
            (f"Decimal 不接受浮点数 {value!r}", f'请写成文本，如 "{value!r}"'),
            (f"A Decimal is never a float such as {value!r}", f'write it as text, "{value!r}"'),
        )
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    raise unfit(
        value,
        (f"{_shown(value)} 不是精确小数", '应写成如 "59.5" 的文本'),
        (f"{_shown(value)} is no exact decimal", 'write text such as "59.5"'),
    )


@functools.lru_cache(maxsize=8_192)
def write_decimal(value: Decimal | str) -> str:
    """The number, or a text that is one, as people write it: no exponent, no trailing zeros, no float."""
    text = value if isinstance(value, str) and _DECIMAL.fullmatch(value) else format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"


@functools.lru_cache(maxsize=8_192)
def write_date(value: date | str) -> str:
    """The day as YYYY-MM-DD; a text that is one as it stands."""
    return value if isinstance(value, str) and _DAY.fullmatch(value) else date.isoformat(value)  # type: ignore[arg-type]


def parse_date(value: object) -> date:
    """A day from YYYY-MM-DD."""
    try:
        if isinstance(value, str) and len(value) == len("2024-09-01"):
            return _in_reach(date.fromisoformat(value), value)
    except ValueError:
        pass
    raise unfit(
        value,
        (f"{_shown(value)} 不是日期", "应为 YYYY-MM-DD"),
        (f"{_shown(value)} is no date", "write YYYY-MM-DD"),
    )


def _in_reach(day: Day, value: object) -> Day:
    """A day or an instant that other days can be counted from.

    Near the ends of the calendar a year later, or the same moment in China, is no date at all.
    """
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    raise unfit(
        value,
        (f"{_shown(value)} 超出范围", f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间"),
        (f"{_shown(value)} is out of reach", f"the year must be between {FIRST_YEAR} and {LAST_YEAR}"),
    )


def parse_instant(value: object) -> datetime:
    """An instant from ISO 8601 with its offset: without one it could be any of two dozen."""
    try:
        if isinstance(value, str) and (at := datetime.fromisoformat(value)).utcoffset() is not None:
            return _in_reach(at, value)
    except ValueError:
        pass
    raise unfit(
        value,
        (f"{_shown(value)} 不是时刻", "应为带时区的 ISO 8601，如 2025-03-14T09:00:00+08:00"),
        (f"{_shown(value)} is no instant", "write ISO 8601 with its offset, such as 2025-03-14T09:00:00+08:00"),
    )


def _shown(value: object) -> str:
    return _cut(repr(value) if not isinstance(value, str) else f'"{value}"')


def _cut(text: str) -> str:
    if not _HARMLESS.fullmatch(text.strip('"')):
        return '"…"'
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def unfit(value: object, zh: tuple[str, str], en: tuple[str, str]) -> GraphQLError:
    """The refusal of a value, with what is wrong and what to do in each language."""
    facts = {
        "value": _cut(str(value)),
        "messageZh": f"{zh[0]}。",
        "messageEn": f"{en[0]}.",
        "remedyZh": f"{zh[1]}。",
        "remedyEn": f"{en[1]}.",
    }
    return GraphQLError(f"{zh[0]}，{zh[1]}。{en[0]}; {en[1]}.", extensions=facts)


def _literal(parse: Callable[[object], Any]) -> Callable[[ValueNode, dict[str, Any] | None], Any]:
    def read(node: ValueNode, _variables: dict[str, Any] | None = None) -> Any:
        if isinstance(node, StringValueNode):
            return parse(node.value)
        if isinstance(node, IntValueNode):
            return parse(int(node.value))
        text = print_ast(node)
        raise unfit(
            text,
            (f"{_shown(text)} 不能用在这里", '请写成文本，如 "59.5"'),
            (f"{_shown(text)} does not fit here", 'write text such as "59.5"'),
        )

    return read


def scalar_map() -> dict[object, ScalarDefinition]:
    """Python types and the scalars they are in GraphQL."""
    return {
        Decimal: strawberry.scalar(
            name="Decimal",
            description=(
                '精确小数，以文本传送，如 "59.5"；不接受浮点数。'
                'An exact decimal, carried as text such as "59.5"; a float is refused.'
            ),
            serialize=write_decimal,
            parse_value=parse_decimal,
            parse_literal=_literal(parse_decimal),
        ),
        date: strawberry.scalar(
            name="Date",
            description=(
                "当地日历日，YYYY-MM-DD，1900 至 2199 年。A local calendar day, YYYY-MM-DD, of the years 1900 to 2199."
            ),
            serialize=write_date,
            parse_value=parse_date,
            parse_literal=_literal(parse_date),
        ),
        datetime: strawberry.scalar(
            name="DateTime",
            description=(
                "时刻，ISO 8601，1900 至 2199 年，答复用协调世界时，输入须带时区。"
                "A moment of the years 1900 to 2199, ISO 8601; answered in UTC, given with its offset."
            ),
            serialize=datetime.isoformat,
            parse_value=parse_instant,
            parse_literal=_literal(parse_instant),
        ),
    }
