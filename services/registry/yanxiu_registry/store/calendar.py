"""The district's calendar years: every version is kept, the newest holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.calendar_year import CalendarYear

from yanxiu_registry.store.dated import Stamp
from yanxiu_registry.tables import calendar_year


async def all_years(conn: AsyncConnection, district: str) -> tuple[CalendarYear, ...]:
    """Every year as it now stands, oldest first."""
    its = calendar_year.c
    rows = await conn.execute(sa.select(calendar_year).where(its.district == district).order_by(its.year, its.version))
    newest = {row.year: row for row in rows}
    return tuple(_view(row) for row in newest.values())


async def version_of(conn: AsyncConnection, district: str, year: int) -> int:
    """The newest version of a year, 0 before the first."""
    its = calendar_year.c
    found = await conn.scalar(sa.select(sa.func.max(its.version)).where(its.district == district, its.year == year))
    return int(found or 0)


async def add_version(conn: AsyncConnection, district: str, new: CalendarYear, stamp: Stamp) -> None:
    """Keep a new version of a year."""
    row = {
        "district": district,
        "year": new.year,
        "version": new.version,
        "holidays": msgspec.json.encode(new.holidays).decode(),
        "workdays": msgspec.json.encode(new.workdays).decode(),
        "notice": new.notice,
        **stamp.columns(),
    }
    await conn.execute(sa.insert(calendar_year).values(**row))


def _view(row: Any) -> CalendarYear:
    return CalendarYear(
        year=row.year,
        holidays=_days(row.holidays),
        workdays=_days(row.workdays),
        notice=row.notice,
        version=row.version,
    )


def _days(text: str) -> tuple[date, ...]:
    return msgspec.json.decode(text, type=tuple[date, ...])
