"""Teachers of a base school whom no list of its contests names: the register knows them, whoever wrote the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.programme import BaseSchoolBatch, ContestHeld, ProgrammeEntry

from yanxiu_visits.tables import teacher_place

_AT = teacher_place.c


async def read_unlisted(
    conn: AsyncConnection,
    district: str,
    batch: BaseSchoolBatch,
    entries: Iterable[ProgrammeEntry],
    schools: Sequence[str],
) -> dict[str, tuple[str, ...]]:
    """Return by school who worked there on the day of one of its contests of the batch and is in no list of them."""
    contests: dict[str, list[ContestHeld]] = {}
    for one in entries:
        if one.batch == batch.starts_on and one.school in schools and isinstance(one.content, ContestHeld):
            contests.setdefault(one.school, []).append(one.content)
    found = {}
    for school, held in contests.items():
        there = await _there(conn, district, school, {one.held_on for one in held})
        found[school] = tuple(sorted(there - {entrant.teacher for one in held for entrant in one.entrants}))
    return found


async def _there(conn: AsyncConnection, district: str, school: str, days: Iterable[date]) -> set[str]:
    on_a_day = [sa.and_(_AT.since <= day, sa.or_(_AT.until.is_(None), _AT.until >= day)) for day in days]
    asked = sa.select(_AT.teacher).where(_AT.district == district, _AT.school == school, sa.or_(*on_a_day))
    return set((await conn.execute(asked)).scalars())
