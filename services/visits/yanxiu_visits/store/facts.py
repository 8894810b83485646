"""The visits service's copy of the registry's facts: the nouns it follows, and people as of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.copying import CALENDARS, DISTRICTS, SCHOOLS, TEACHERS, TERMS, Copy, Noun, as_text
from yanxiu_footing.persons.begun import ERASURES
from yanxiu_wire.area import AREA_CHANGED
from yanxiu_wire.codec import decode
from yanxiu_wire.leading_group import LEADING_GROUP_CHANGED
from yanxiu_wire.research_group import RESEARCH_GROUP_CHANGED
from yanxiu_wire.researcher import RESEARCHER_CHANGED, Researcher, ResearcherChanged
from yanxiu_wire.standings import SCHOOL_RATIO_ANNOUNCED
from yanxiu_wire.studio import STUDIO_CHANGED

from yanxiu_visits.tables import (
    area_fact,
    leading_group_fact,
    research_group_fact,
    researcher_fact,
    school_fact,
    school_ratio_fact,
    studio_fact,
    teacher_fact,
    term_fact,
)

AREAS = Noun(
    event=AREA_CHANGED,
    table=area_fact,
    row=lambda body: {"area": body.area, "version": body.version, "body": as_text(body)},
)
RESEARCHERS = Noun(
    event=RESEARCHER_CHANGED,
    table=researcher_fact,
    row=lambda body: {"researcher": body.researcher, "version": body.version, "body": as_text(body)},
)
RESEARCH_GROUPS = Noun(
    event=RESEARCH_GROUP_CHANGED,
    table=research_group_fact,
    row=lambda body: {"research_group": body.group, "version": body.version, "body": as_text(body)},
)
LEADING_GROUPS = Noun(
    event=LEADING_GROUP_CHANGED,
    table=leading_group_fact,
    row=lambda body: {"leading_group": body.group, "version": body.version, "body": as_text(body)},
)
SCHOOL_RATIOS = Noun(
    event=SCHOOL_RATIO_ANNOUNCED,
    table=school_ratio_fact,
    row=lambda body: {"school": body.school, "label": body.label, "version": body.version, "body": as_text(body)},
)
STUDIOS = Noun(
    event=STUDIO_CHANGED,
    table=studio_fact,
    row=lambda body: {"studio": body.studio, "version": body.version, "body": as_text(body)},
)
COPY = Copy(
    DISTRICTS, SCHOOLS, TEACHERS, TERMS, CALENDARS, AREAS, RESEARCHERS, RESEARCH_GROUPS, LEADING_GROUPS, SCHOOL_RATIOS,
    STUDIOS, ERASURES,
)  # fmt: skip

_COUNTED = {
    "schools": school_fact,
    "teachers": teacher_fact,
    "researchers": researcher_fact,
    "groups": research_group_fact,
    "leading_groups": leading_group_fact,
    "terms": term_fact,
}


async def read_researcher(conn: AsyncConnection, district: str, researcher: str, on: date) -> Researcher | None:
    """Return a researcher as of a day, or None when there is none of that id who was one on the day."""
    its = researcher_fact.c
    body = await conn.scalar(sa.select(its.body).where(its.district == district, its.researcher == researcher))
    return researcher_on(decode(ResearcherChanged, body.encode()), on) if body is not None else None


async def read_researchers(conn: AsyncConnection, district: str) -> dict[str, ResearcherChanged]:
    """Return every researcher that was ever announced, by id, each with a whole dated history."""
    its = researcher_fact.c
    found = await conn.execute(sa.select(its.body).where(its.district == district))
    people = [decode(ResearcherChanged, body.encode()) for body in found.scalars()]
    return {one.researcher: one for one in people if one.history}


def researcher_on(changed: ResearcherChanged, on: date) -> Researcher | None:
    """Return the entry in force on a day, or None before his work as a researcher begins and after it ends."""
    begun = [entry for since, entry in changed.history if since <= on]
    if not begun or on < begun[-1].begins_on:
        return None
    return begun[-1] if begun[-1].ends_on is None or on <= begun[-1].ends_on else None


async def count_facts(conn: AsyncConnection, district: str) -> dict[str, int]:
    """Return how many of each kind the copy holds."""
    counts = [
        sa.select(sa.func.count()).select_from(table).where(table.c.district == district).scalar_subquery().label(name)
        for name, table in _COUNTED.items()
    ]
    found: Any = (await conn.execute(sa.select(*counts))).mappings().one()
    return dict(found)
