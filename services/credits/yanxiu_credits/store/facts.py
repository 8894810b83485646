"""The credits service's copy of the registry's facts: the nouns it follows, and how many it holds."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.copying import CALENDARS, DISTRICTS, SCHOOLS, TEACHERS, TERMS, Copy
from yanxiu_footing.persons.begun import ERASURES

from yanxiu_credits.tables import school_fact, teacher_fact, term_fact

COPY = Copy(DISTRICTS, SCHOOLS, TEACHERS, TERMS, CALENDARS, ERASURES)


async def count_facts(conn: AsyncConnection, district: str) -> tuple[int, int, int]:
    """Return how many schools, teachers and terms the copy holds."""
    found = await conn.execute(
        sa.select(
            *(
                sa.select(sa.func.count()).select_from(table).where(table.c.district == district).scalar_subquery()
                for table in (school_fact, teacher_fact, term_fact)
            )
        )
    )
    counts = tuple(found.one())
    return counts[0], counts[1], counts[2]
