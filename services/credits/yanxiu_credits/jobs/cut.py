"""Cut a district by school: parts of bounded size, each teacher in exactly one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_credits.tables import teacher_fact, teacher_place

MOST_TEACHERS = 100
_PAGE = 5_000


async def cut_by_school(
    conn: AsyncConnection, district: str, day: date, *, most: int = MOST_TEACHERS
) -> list[dict[str, Any]]:
    """Return `{"school": ..., "teachers": [...]}` for all teachers on file, at most `most` in each.

    The school is that of the day; teachers at none (not hired yet, left) come under the empty one. Read in pages: the
    event loop answers others between them.
    """
    place = sa.and_(
        teacher_place.c.district == teacher_fact.c.district,
        teacher_place.c.teacher == teacher_fact.c.teacher,
        teacher_place.c.since <= day,
        sa.or_(teacher_place.c.until.is_(None), teacher_place.c.until >= day),
    )
    school = sa.func.coalesce(sa.func.min(teacher_place.c.school), "")
    query = (
        sa.select(teacher_fact.c.teacher, school.label("school"))
        .outerjoin(teacher_place, place)
        .where(teacher_fact.c.district == district)
        .group_by(teacher_fact.c.teacher)
        .order_by(teacher_fact.c.teacher)
        .limit(_PAGE)
    )
    found: list[tuple[str, str]] = []
    after = ""
    while rows := (await conn.execute(query.where(teacher_fact.c.teacher > after))).all():
        found += [(row.school, row.teacher) for row in rows]
        after = rows[-1].teacher
    return list(_parts(sorted(found), most))


def _parts(found: list[tuple[str, str]], most: int) -> Iterator[dict[str, Any]]:
    for school, own in groupby(found, key=lambda one: one[0]):
        teachers = [teacher for _, teacher in own]
        for start in range(0, len(teachers), most):
            yield {"school": school, "teachers": teachers[start : start + most]}
