"""What is known of a nominated school: whether it is open, its groups, and the names and ids it is known by."""

from __future__ import annotations

from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import read_school, read_schools
from yanxiu_wire.codec import decode
from yanxiu_wire.registry import School
from yanxiu_wire.research_group import ResearchGroup, ResearchGroupChanged

from yanxiu_visits.tables import research_group_fact, teacher_place


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The names and ids by which a school, its people and its groups are known."""

    names: frozenset[str]
    ids: frozenset[str]


async def open_school(conn: AsyncConnection, district: str, school: str, today: date) -> School | None:
    """Return a school that is open today, None of one that is not or not any more."""
    card = await read_school(conn, district, school, today)
    if card is None or today < card.opened_on or (card.closed_on is not None and card.closed_on < today):
        return None
    return card


async def groups_on(conn: AsyncConnection, district: str, today: date) -> dict[str, ResearchGroup]:
    """Return the research groups that there are today, by their ids."""
    its = research_group_fact.c
    found: dict[str, ResearchGroup] = {}
    for body in (await conn.execute(sa.select(its.body).where(its.district == district))).scalars():
        told = decode(ResearchGroupChanged, body.encode())
        begun = [card for since, card in told.history if since <= today]
        if begun and (begun[-1].dissolved_on is None or today <= begun[-1].dissolved_on):
            found[told.group] = begun[-1]
    return found


async def known_of(
    conn: AsyncConnection, district: str, school: str, people: tuple[str, ...], *, since: date, today: date
) -> Known:
    """Return what would tell a reviewer which school it is: its names, its staff's ids since a day, its groups.

    Names and numbers of people the registry looked for before: it tells them to no service.
    """
    told = (await read_schools(conn, district)).get(school)
    cards = [card for _, card in told.history] if told is not None else []
    place = teacher_place.c
    at = (place.district == district, place.school == school, place.since <= today)
    there = await conn.execute(
        sa.select(place.teacher).where(*at, sa.or_(place.until.is_(None), place.until >= since)).distinct()
    )
    ids = sorted({*people, *there.scalars()})
    groups = [one for one in (await groups_on(conn, district, today)).values() if one.school == school]
    named = (*(one.name for one in cards), *(one.name for one in groups))
    numbers = (*(one.code for one in cards), *(one.id for one in groups))
    return Known(names=frozenset(named), ids=frozenset((school, *ids, *numbers)))
