"""The district's calendar: terms, days of rest, days of rest on which people work, and the working days left."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.calendar_year import CalendarYear
from yanxiu_wire.codec import decode
from yanxiu_wire.term import Term

from yanxiu_footing.copy_tables import calendar_fact, term_fact


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


async def read_term(conn: AsyncConnection, district: str, term: str) -> Term | None:
    """Return a term by its id, or None when the calendar has none of that id."""
    body = await conn.scalar(
        sa.select(term_fact.c.body).where(term_fact.c.district == district, term_fact.c.term == term)
    )
    return decode(Term, body.encode()) if body is not None else None


async def read_term_on(conn: AsyncConnection, district: str, day: date) -> Term | None:
    """Return the term that a day lies in, or None in the holidays between; terms of a district never overlap."""
    its = term_fact.c
    body = await conn.scalar(
        sa.select(its.body).where(its.district == district, its.starts_on <= day, its.ends_on >= day)
    )
    return decode(Term, body.encode()) if body is not None else None


async def read_every_term(conn: AsyncConnection, district: str) -> list[Term]:
    """Return the district's terms, oldest first."""
    its = term_fact.c
    found = await conn.execute(sa.select(its.body).where(its.district == district).order_by(its.starts_on))
    return [decode(Term, body.encode()) for body in found.scalars()]


async def read_working_days(conn: AsyncConnection, district: str, start: date, end: date) -> tuple[date, ...]:
    """Return the days from one to another, both included, on which people work, by the calendar on file."""
    holidays, workdays = await read_days(conn, district, start, end)
    return working_days(start, end, frozenset(holidays), frozenset(workdays))


def working_days(start: date, end: date, holidays: Collection[date], workdays: Collection[date]) -> tuple[date, ...]:
    """Return Mondays to Fridays that are no holidays, and the days of rest on which people work instead."""
    days = (start + timedelta(days=number) for number in range((end - start).days + 1))
    return tuple(day for day in days if day in workdays or (day.isoweekday() <= _FRIDAY and day not in holidays))


_FRIDAY = 5
