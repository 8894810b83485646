"""Who is at a school does not inspect it: by employment, or placed there as a resident researcher."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import works_at

from yanxiu_visits.planning.tables import residency


async def employed_at(conn: AsyncConnection, district: str, people: Iterable[str], school: str, on: date) -> str | None:
    """Return the first of these people who works at a school on a day, None where nobody does."""
    for person in people:
        if await conn.scalar(sa.select(works_at(district, sa.literal(person), school, on))):
            return person
    return None


async def resident_at(conn: AsyncConnection, district: str, people: Sequence[str], school: str, on: date) -> str | None:
    """Return one of these people who is placed at a school on a day, None where nobody is."""
    its = residency.c
    found = await conn.execute(
        sa.select(its.person).where(
            its.district == district,
            its.school == school,
            its.person.in_(people),
            its.state == "live",
            its.starts_on <= on,
            its.ends_on >= on,
        )
    )
    return found.scalars().first()


async def at_home(conn: AsyncConnection, district: str, people: Sequence[str], school: str, on: date) -> str | None:
    """Return one of these people who is of a school on a day, employed or placed there; None where nobody is."""
    return await employed_at(conn, district, people, school, on) or await resident_at(
        conn, district, people, school, on
    )
