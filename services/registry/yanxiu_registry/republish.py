"""Announce everything again, for a consumer that rebuilds its copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import announce_all, once
from yanxiu_wire.calendar_year import CALENDAR_CHANGED, CalendarChanged
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Event
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import DISTRICT_CHANGED, SCHOOL_CHANGED, DistrictChanged, Republish, Republished
from yanxiu_wire.teacher import TEACHER_CHANGED
from yanxiu_wire.term import TERM_CHANGED, TermChanged

from yanxiu_registry.announce import school_news, teacher_news
from yanxiu_registry.areas.area import AREAS
from yanxiu_registry.context import Registry
from yanxiu_registry.entries.noun import Noun
from yanxiu_registry.groups.leading_group import LEADING_GROUPS
from yanxiu_registry.groups.research_group import RESEARCH_GROUPS
from yanxiu_registry.refusals import district_unknown
from yanxiu_registry.researchers.researcher import RESEARCHERS
from yanxiu_registry.store.calendar import all_years
from yanxiu_registry.store.dated import CHUNK
from yanxiu_registry.store.districts import read_district
from yanxiu_registry.store.schools import all_schools
from yanxiu_registry.store.teachers import all_teachers
from yanxiu_registry.store.terms import all_terms
from yanxiu_registry.studios.studio import STUDIOS


async def republish(registry: Registry, district: str, command: Republish, deadline: Deadline) -> Republished | Refused:
    """How many announcements were queued.

    The district, its terms, calendar years, areas and schools, its teachers, then its researchers, groups and studios.
    """

    async def work(conn: AsyncConnection) -> Republished | Refused:
        found = await read_district(conn, district)
        if found is None:
            return district_unknown(district)
        at = registry.clock()
        news: list[tuple[Event[Any], Any]] = [(DISTRICT_CHANGED, DistrictChanged(district=found))]
        news += [(TERM_CHANGED, TermChanged(term=one)) for one in await all_terms(conn, district)]
        news += [(CALENDAR_CHANGED, CalendarChanged(calendar=one)) for one in await all_years(conn, district)]
        news += await _told(conn, district, AREAS)
        news += [(SCHOOL_CHANGED, school_news(one)) for one in (await all_schools(conn, district)).values()]
        await announce_all(conn, district, news)
        teachers = list((await all_teachers(conn, district)).values())
        for start in range(0, len(teachers), CHUNK):
            some: Sequence[Any] = teachers[start : start + CHUNK]
            await announce_all(conn, district, [(TEACHER_CHANGED, teacher_news(one, at)) for one in some])
        rest = [one for noun in _OF_TEACHERS for one in await _told(conn, district, noun)]
        for start in range(0, len(rest), CHUNK):
            await announce_all(conn, district, rest[start : start + CHUNK])
        return Republished(events=len(news) + len(teachers) + len(rest))

    return await once(registry.dbs, district, command, Republished, deadline, work)


# Each names teachers: they come after them.
_OF_TEACHERS: tuple[Noun[Any, Any], ...] = (RESEARCHERS, RESEARCH_GROUPS, LEADING_GROUPS, STUDIOS)


async def _told(conn: AsyncConnection, district: str, noun: Noun[Any, Any]) -> list[tuple[Event[Any], Any]]:
    return [noun.news(one) for one in (await noun.shelf.all(conn, district)).values()]
