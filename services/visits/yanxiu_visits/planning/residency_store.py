"""Residencies as they are stored and read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.residency import Residency

from yanxiu_visits.planning.tables import residency
from yanxiu_visits.scope import Scope

# What ended longer before a period than holidays last was not in the term, or batch, before it.
LONGEST_GAP = timedelta(days=100)


async def add_residencies(conn: AsyncConnection, district: str, made: Sequence[Residency]) -> None:
    """Store new residencies."""
    if made:
        rows = [{"district": district, **msgspec.structs.asdict(one)} for one in made]
        await conn.execute(sa.insert(residency), rows)


async def withdraw(conn: AsyncConnection, district: str, ids: Collection[str]) -> None:
    """Take residencies away that have not begun."""
    await _set(conn, district, ids, {"state": "withdrawn"})


async def end_on(conn: AsyncConnection, district: str, ids: Collection[str], last: date) -> None:
    """Let residencies that have begun end on a day."""
    await _set(conn, district, ids, {"ends_on": last})


async def _set(conn: AsyncConnection, district: str, ids: Collection[str], values: dict[str, Any]) -> None:
    its = residency.c
    if ids:
        await conn.execute(sa.update(residency).where(its.district == district, its.id.in_(list(ids))).values(**values))


def may_see(district: str, scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a residency is in the scope: a school's own, a person's own, or all."""
    its = residency.c
    mine = its.district == district
    match scope.kind:
        case "district":
            return mine
        case "school":
            return sa.and_(mine, its.school == scope.id)
        case "self":
            return sa.and_(mine, its.person == scope.id)
    return sa.and_(mine, sa.false())


async def read_residencies(conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]]) -> list[Residency]:
    """Return the residencies that satisfy every condition, by first day."""
    its = residency.c
    found = await conn.execute(sa.select(residency).where(*where).order_by(its.starts_on, its.id))
    return [view(row) for row in found]


async def live_of_plan(conn: AsyncConnection, district: str, starts_on: date, ends_on: date) -> list[Residency]:
    """Return the residencies in force that share days with a stretch."""
    its = residency.c
    touch = (its.starts_on <= ends_on, its.ends_on >= starts_on)
    return await read_residencies(conn, [its.district == district, its.state == "live", *touch])


async def residencies_on(conn: AsyncConnection, district: str, *, before: date) -> list[Residency]:
    """Return the residencies in force in the period that ended last before a day: the term, or the batch, before."""
    its = residency.c
    live = (its.district == district, its.state == "live")
    recent = (its.ends_on < before, its.ends_on >= before - LONGEST_GAP)
    last = await conn.scalar(sa.select(sa.func.max(its.ends_on)).where(*live, *recent))
    return [] if last is None else await read_residencies(conn, [*live, its.ends_on == last])


async def of_person(conn: AsyncConnection, district: str, person: str, start: date, end: date) -> list[Residency]:
    """Return where somebody is placed on any day of a stretch."""
    its = residency.c
    touch = (its.starts_on <= end, its.ends_on >= start)
    return await read_residencies(conn, [its.district == district, its.person == person, its.state == "live", *touch])


async def page_residencies(
    conn: AsyncConnection,
    where: Sequence[sa.ColumnElement[bool]],
    *,
    first: int,
    after: tuple[date, str] | None,
) -> tuple[list[Residency], int]:
    """Return at most `first` residencies after the cursor, by first day, and how many match in all."""
    its = residency.c
    total = await conn.scalar(sa.select(sa.func.count()).select_from(residency).where(*where))
    beyond = []
    if after is not None:
        later = sa.and_(its.starts_on == after[0], its.id > after[1])
        beyond = [sa.or_(its.starts_on > after[0], later)]
    found = await conn.execute(sa.select(residency).where(*where, *beyond).order_by(its.starts_on, its.id).limit(first))
    return [view(row) for row in found], int(total or 0)


def view(row: Any) -> Residency:
    """Return a row as it travels."""
    return Residency(**{name: getattr(row, name) for name in Residency.__struct_fields__})
