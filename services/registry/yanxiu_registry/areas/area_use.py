"""When schools and research groups belong to an area."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_registry.areas.assess_area import Used
from yanxiu_registry.entries.tables import research_group, research_group_fact
from yanxiu_registry.store.dated import live
from yanxiu_registry.tables import school, school_fact


async def area_used(conn: AsyncConnection, district: str, area: str) -> Used | None:
    """The first and last day on which something belongs to the area, `date.max` for no end; None for no such day."""
    stretches: list[Used] = []
    for owner, fact, ends in (
        (school, school_fact, school.c.closed_on),
        (research_group, research_group_fact, research_group.c.ends_on),
    ):
        mine = sa.select(fact.c.since, fact.c.until, ends).join(
            owner, sa.and_(owner.c.district == fact.c.district, owner.c.id == fact.c[owner.name])
        )
        for since, until, end in await conn.execute(mine.where(live(fact, district), fact.c.area == area)):
            stretches.append((since, min(until or date.max, end or date.max)))
    real = [one for one in stretches if one[0] <= one[1]]
    return (min(since for since, _ in real), max(until for _, until in real)) if real else None
