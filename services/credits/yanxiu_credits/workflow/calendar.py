"""The district's calendar as windows read it: terms, days of rest, and days of rest on which people work."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.calendar_year import CalendarYear
from yanxiu_wire.codec import decode

from yanxiu_credits.tables import calendar_fact, term_fact


async def read_terms(conn: AsyncConnection, district: str, start: date, end: date) -> tuple[Period, ...]:
    """Return the district's terms that touch a stretch of days, in order."""
    its = term_fact.c
    rows = await conn.execute(
        sa.select(its.term, its.starts_on, its.ends_on)
        .where(its.district == district, its.starts_on <= end, its.ends_on >= start)
        .order_by(its.starts_on)
    )
    return tuple(Period(kind="term", label=row.term, start=row.starts_on, end=row.ends_on) for row in rows)


async def read_days(
    conn: AsyncConnection, district: str, start: date, end: date
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Return the holidays and the workdays of the years from one day to another, whole years, in order."""
    its = calendar_fact.c
    bodies = await conn.execute(
        sa.select(its.body)
        .where(its.district == district, its.year >= start.year, its.year <= end.year)
        .order_by(its.year)
    )
    years = [decode(CalendarYear, body.encode()) for body in bodies.scalars()]
    holidays = tuple(day for year in years for day in year.holidays)
    return holidays, tuple(day for year in years for day in year.workdays)
