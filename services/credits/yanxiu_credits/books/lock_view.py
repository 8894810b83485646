"""Locks as they travel: with every opening, and whether they close their period today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import from_us
from yanxiu_wire.books import LockOpening, PeriodLock

from yanxiu_credits.books.locks import in_force, lock_of, openers
from yanxiu_credits.books.tables import lock_event

_opening = lock_event.alias("opened")


async def page_locks(
    conn: AsyncConnection,
    district: str,
    where: Sequence[sa.ColumnElement[bool]],
    *,
    today: date,
    first: int,
    before: str = "",
) -> tuple[list[PeriodLock], int]:
    """Return at most `first` locks that match, newest first, each with its openings, and how many match in all."""
    mine = sa.and_(lock_event.c.district == district, lock_event.c.opens.is_(None), *where)
    total = await conn.scalar(sa.select(sa.func.count()).select_from(lock_event).where(mine))
    older = [lock_event.c.id < before] if before else []
    closed = sa.case((in_force(district, today), 1), else_=0).label("closed")
    found = await conn.execute(
        sa.select(lock_event, closed).where(mine, *older).order_by(lock_event.c.id.desc()).limit(first)
    )
    rows = list(found.mappings())
    openings = await _openings(conn, district, [row["id"] for row in rows])
    return [_view(row, tuple(openings.get(row["id"], ()))) for row in rows], int(total or 0)


async def read_view(conn: AsyncConnection, district: str, lock_id: str, *, today: date) -> PeriodLock:
    """Return one lock that is known to exist."""
    ((one,), _) = await page_locks(conn, district, [lock_event.c.id == lock_id], today=today, first=1)
    return one


async def _openings(conn: AsyncConnection, district: str, locks: Sequence[str]) -> dict[str, list[LockOpening]]:
    its = _opening.c
    found = await conn.execute(
        sa.select(_opening).where(its.district == district, its.opens.in_(locks)).order_by(its.id)
    )
    openings: dict[str, list[LockOpening]] = {}
    for row in found.mappings():
        opening = LockOpening(
            id=row["id"],
            opened_by=row["put_by"],
            role=row["role"],
            reason=row["reason"],
            until=row["until"],
            recorded_at=from_us(row["recorded_us"]),
        )
        openings.setdefault(row["opens"], []).append(opening)
    return openings


def _view(row: Any, openings: tuple[LockOpening, ...]) -> PeriodLock:
    lock = lock_of(row)
    return PeriodLock(
        id=lock.id,
        school=lock.school,
        kind=lock.kind,
        label=lock.label,
        starts_on=lock.starts_on,
        ends_on=lock.ends_on,
        reason=lock.reason,
        locked_by=lock.put_by,
        role=lock.role,
        recorded_at=from_us(lock.recorded_us),
        in_force=bool(row["closed"]),
        may_open=openers(lock),
        openings=openings,
    )
