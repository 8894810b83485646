"""Fields of rows that remember their day: the rows of one day are asked for together, and most levels have one day."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any

from yanxiu_gateway.ahead import Above, followed_by
from yanxiu_gateway.execution.gathering import Gathered
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import Dated, dated


async def by_day(rows: Sequence[Any], ask: Callable[[date | None, list[Any]], Awaitable[Sequence[Any]]]) -> list[Any]:
    """What `ask` answers for the rows of each day, in the order of the rows."""
    days: dict[date | None, list[int]] = {}
    for number, row in enumerate(rows):
        days.setdefault(row.as_of, []).append(number)
    if len(days) == 1:
        return list(await ask(rows[0].as_of, list(rows)))
    found = await asyncio.gather(*(ask(day, [rows[number] for number in numbers]) for day, numbers in days.items()))
    values: list[Any] = [None] * len(rows)
    for numbers, its_values in zip(days.values(), found, strict=True):
        for number, value in zip(numbers, its_values, strict=True):
            values[number] = value
    return values


def on_day(values: Sequence[Any], day: date | None) -> list[Any]:
    """Rows of a service with the day they were asked for; None and what failed as they are."""
    return [value if isinstance(value, Exception) else dated(value, day) for value in values]


async def named_schools(rows: Sequence[Dated[Any]], info: Info, name: str = "school") -> list[Any]:
    """The schools that rows name, as of each row's day; None where it names none."""

    async def ask(day: date | None, same: list[Any]) -> Sequence[Any]:
        return await rows_named(
            info, info.context.loaders.schools_by_id(day), [getattr(row, name) for row in same], day
        )

    return await by_day(rows, ask)


async def rows_named(info: Info, reads: Gathered[Any, Any], keys: Sequence[Any], day: date | None = None) -> list[Any]:
    """What these reads have of the keys as of a day, None for None; what is read below `info` is asked with it."""
    there = [key for key in keys if key is not None]
    if not there:
        return [None] * len(keys)
    then = followed_by(reads, there, info, Above(day, len(there)))
    found = iter(on_day(await reads.load_all(there, then), day))
    return [None if key is None else next(found) for key in keys]


async def some_of(load_all: Callable[[list[Any]], Awaitable[Sequence[Any]]], keys: Sequence[Any]) -> list[Any]:
    """The values of those keys that are there, None for the others."""
    there = [key for key in keys if key is not None]
    found = iter(await load_all(there)) if there else iter(())
    return [None if key is None else next(found) for key in keys]
