"""Reviewers and their marks as they are stored, and what each reviewer is bound to."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import places, read_people
from yanxiu_wire.awards import AwardReviewer
from yanxiu_wire.codec import decode, encode

from yanxiu_visits.awards.assess_conflict import Interests
from yanxiu_visits.awards.assess_ranking import Marks
from yanxiu_visits.awards.tables import award_reviewer, award_score
from yanxiu_visits.planning.residency_store import read_residencies
from yanxiu_visits.planning.tables import residency
from yanxiu_visits.store.facts import read_researchers
from yanxiu_visits.visiting.visit_store import put

_ITS = award_score.c


async def put_reviewer(conn: AsyncConnection, district: str, made: AwardReviewer) -> None:
    """Store a reviewer in place of before."""
    row = {"district": district, "year": made.year, "reviewer": made.id, "body": encode(made).decode()}
    await put(conn, award_reviewer, row)


async def read_reviewer(conn: AsyncConnection, district: str, year: int, reviewer: str) -> AwardReviewer | None:
    """Return a reviewer of a year, None where he was not appointed."""
    its = award_reviewer.c
    asked = sa.select(its.body).where(its.district == district, its.year == year, its.reviewer == reviewer)
    body = await conn.scalar(asked)
    return None if body is None else decode(AwardReviewer, body.encode())


async def read_reviewers(conn: AsyncConnection, district: str, *years: int) -> list[AwardReviewer]:
    """Return all reviewers of the years."""
    its = award_reviewer.c
    found = await conn.execute(sa.select(its.body).where(its.district == district, its.year.in_(years)))
    return [decode(AwardReviewer, body.encode()) for body in found.scalars()]


async def read_interests(conn: AsyncConnection, district: str, reviewer: AwardReviewer, today: date) -> Interests:
    """Return what a reviewer is bound to: the schools he worked at or guided, and every conflict of the registry.

    Of each day from the first of the award year to its last, or to today: a year is mostly reviewed when it is over.
    """
    first, last = date(reviewer.year, 1, 1), max(date(reviewer.year, 12, 31), today)
    person = (await read_people(conn, district, [reviewer.id])).get(reviewer.id)
    worked = places(person.changed) if person is not None else []
    researcher = (await read_researchers(conn, district)).get(reviewer.id)
    cards = [card for _, card in researcher.history] if researcher is not None else []
    resided = (residency.c.district == district, residency.c.person == reviewer.id, residency.c.state == "live")
    touching = (residency.c.starts_on <= last, residency.c.ends_on >= first)
    return Interests(
        person=reviewer.id,
        schools=frozenset(at for since, until, at in worked if since <= last and (until is None or first <= until)),
        guided=frozenset(one.school for one in await read_residencies(conn, [*resided, *touching])),
        registered=frozenset(one.school for card in cards for one in card.conflicts),
        declared_schools=frozenset(reviewer.declared_schools),
        declared_people=frozenset(reviewer.declared_people),
    )


async def any_score(conn: AsyncConnection, district: str, year: int) -> bool:
    """Say whether any mark was given in a year."""
    asked = sa.select(_ITS.nomination).where(_ITS.district == district, _ITS.year == year).limit(1)
    return (await conn.execute(asked)).first() is not None


async def add_score(
    conn: AsyncConnection, district: str, year: int, nomination: str, reviewer: str, marks: Marks, at_us: int
) -> None:
    """Keep a reviewer's marks of a nomination, beside any given before."""
    mine = (_ITS.district == district, _ITS.nomination == nomination, _ITS.reviewer == reviewer)
    last = await conn.scalar(sa.select(sa.func.max(_ITS.turn)).where(*mine))
    row = {"district": district, "nomination": nomination, "reviewer": reviewer, "turn": int(last or 0) + 1}
    given = {"year": year, "marks": encode(dict(marks)).decode(), "scored_us": at_us}
    await conn.execute(sa.insert(award_score).values(**row, **given))


async def read_scores(conn: AsyncConnection, district: str, year: int) -> dict[str, dict[str, Marks]]:
    """Return the marks that count: nomination -> reviewer -> marks by criterion."""
    asked = sa.select(_ITS.nomination, _ITS.reviewer, _ITS.marks).where(_ITS.district == district, _ITS.year == year)
    found: dict[str, dict[str, Marks]] = defaultdict(dict)
    for row in await conn.execute(asked.order_by(_ITS.turn)):
        found[row.nomination][row.reviewer] = decode(dict[str, int], row.marks.encode())
    return found
