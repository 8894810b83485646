"""Groups and leading groups of the registry as the law's facts have them, as of a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import Person
from yanxiu_rulekit.visitfacts import GroupFiled, Leadership, MinorTeacher, VisitedSchool
from yanxiu_wire.codec import decode
from yanxiu_wire.leading_group import LeadingGroup, LeadingGroupChanged
from yanxiu_wire.research_group import ResearchGroup, ResearchGroupChanged
from yanxiu_wire.studio import Studio, StudioChanged
from yanxiu_wire.teacher import TeacherChanged

from yanxiu_visits.tables import leading_group_fact, research_group_fact, studio_fact, teacher_fact


async def read_groups(conn: AsyncConnection, district: str, on: date) -> list[tuple[date, ResearchGroup]]:
    """Return the research groups that there are on a day, each with the day since which it is as it stands."""
    its = research_group_fact.c
    found = await conn.execute(sa.select(its.body).where(its.district == district).order_by(its.research_group))
    groups = []
    for changed in (decode(ResearchGroupChanged, body.encode()) for body in found.scalars()):
        begun = [entry for entry in changed.history if entry[0] <= on]
        if begun and begun[-1][1].formed_on <= on and not _over(begun[-1][1].dissolved_on, on):
            groups.append(begun[-1])
    return groups


async def read_leading_groups(conn: AsyncConnection, district: str, on: date) -> list[LeadingGroup]:
    """Return the leading groups that there are on a day."""
    its = leading_group_fact.c
    found = await conn.execute(sa.select(its.body).where(its.district == district).order_by(its.leading_group))
    groups = []
    for changed in (decode(LeadingGroupChanged, body.encode()) for body in found.scalars()):
        begun = [card for since, card in changed.history if since <= on]
        if begun and begun[-1].begins_on <= on and not _over(begun[-1].ends_on, on):
            groups.append(begun[-1])
    return groups


def _over(last: date | None, on: date) -> bool:
    return last is not None and last < on


def group_filed(since: date, card: ResearchGroup) -> GroupFiled:
    """Return a group as the law's facts have it: of an area, of a subject, or else for a project."""
    kind: Literal["subject", "area", "project"] = "area" if card.area else "subject" if card.subject else "project"
    return GroupFiled(
        id=card.id,
        kind=kind,
        changed_on=max(since, card.formed_on),
        filed_on=card.filed_on,
        subject=card.subject,
        leader_backbone=card.leader_backbone,
        leader_grounds=card.leader_grounds or "",
        leader=card.leader,
        appointed_by=card.appointed_by or "",
    )


async def read_studios(conn: AsyncConnection, district: str, on: date) -> list[Studio]:
    """Return the studios that there are on a day."""
    its = studio_fact.c
    found = await conn.execute(sa.select(its.body).where(its.district == district).order_by(its.studio))
    studios = []
    for changed in (decode(StudioChanged, body.encode()) for body in found.scalars()):
        begun = [card for since, card in changed.history if since <= on]
        if begun and begun[-1].begins_on <= on and not _over(begun[-1].ends_on, on):
            studios.append(begun[-1])
    return studios


async def read_minor_teachers(
    conn: AsyncConnection, district: str, on: date, minor: Collection[str], area_groups: Iterable[ResearchGroup]
) -> dict[str, list[MinorTeacher]]:
    """Return those who teach a minor subject on a day, by the school at which they work, each with whether a group of
    an area has him; none are read where the district lists no minor subject."""
    if not minor:
        return {}
    inside = {person for one in area_groups for person in (one.leader, *one.members)}
    its = teacher_fact.c
    found = await conn.execute(sa.select(its.body).where(its.district == district).order_by(its.teacher))
    teachers: dict[str, list[MinorTeacher]] = {}
    for one in (Person(decode(TeacherChanged, body.encode())) for body in found.scalars()):
        card = one.on(on) if one.at_work(on) else None
        school = one.school_on(on)
        if card is not None and school is not None and card.subject in minor:
            made = MinorTeacher(id=one.id, subject=str(card.subject), in_area_group=one.id in inside)
            teachers.setdefault(school, []).append(made)
    return teachers


def leadership(cards: Sequence[LeadingGroup], school: VisitedSchool | None) -> Leadership:
    """Return the leading groups of one school, or of the district, as one; with no head where there is none."""
    places = [one for card in cards for one in card.members]
    posts = {part: tuple(one.post for one in places if one.part == part) for part in ("deputy", "in-charge", "member")}
    return Leadership(
        head=next((one.post for one in places if one.part == "head"), ""),
        school=school,
        deputies=posts["deputy"],
        members=posts["member"],
        in_charge=posts["in-charge"],
        exception=next((card.remark for card in cards if card.remark), ""),
    )
