"""Award years, nominations and places as they are stored."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce
from yanxiu_footing.clock import to_us
from yanxiu_wire.award_endings import AWARD_YEAR_CHANGED, AwardYearChanged
from yanxiu_wire.awards import AWARD_CHANGED, AwardChanged, AwardQuota, AwardYear, Nomination
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.standings import SchoolRatioAnnounced

from yanxiu_visits.awards.assess_quota import free_place
from yanxiu_visits.awards.tables import award_ending, award_nomination, award_place, award_year
from yanxiu_visits.scope import OFFICERS, Scope
from yanxiu_visits.tables import school_ratio_fact
from yanxiu_visits.visiting.visit_store import put

_ITS = award_nomination.c


# ---- years --------------------------------------------------------------------------------------------------------


async def put_year(conn: AsyncConnection, district: str, made: AwardYear, seed: str) -> None:
    """Store a year with its secret, in place of before, and announce it."""
    row = {"district": district, "year": made.year, "seed": seed, "body": encode(made).decode()}
    await put(conn, award_year, row)
    await announce(conn, AWARD_YEAR_CHANGED, district, AwardYearChanged(year=made.year, state=made.state))


async def read_year(conn: AsyncConnection, district: str, year: int) -> tuple[AwardYear, str] | None:
    """Return a year and its secret, None where it is not open."""
    its = award_year.c
    row = (
        await conn.execute(sa.select(its.body, its.seed).where(its.district == district, its.year == year))
    ).one_or_none()
    return None if row is None else (decode(AwardYear, row.body.encode()), row.seed)


async def read_years(conn: AsyncConnection, district: str, years: Sequence[int]) -> dict[int, AwardYear]:
    """Return years by their number."""
    its = award_year.c
    found = await conn.execute(sa.select(its.body).where(its.district == district, its.year.in_(list(years))))
    return {one.year: one for one in (decode(AwardYear, body.encode()) for body in found.scalars())}


def category_of(year: AwardYear, name: str) -> AwardQuota | None:
    """Return a year's category by its name."""
    return next((one for one in year.categories if one.name == name), None)


# ---- nominations --------------------------------------------------------------------------------------------------


async def put_nomination(conn: AsyncConnection, district: str, made: Nomination) -> None:
    """Store a nomination in place of before, and announce it."""
    names = ("id", "year", "category", "recipient", "school", "number", "rank", "state")
    row = {"district": district, **{name: getattr(made, name) for name in names}}
    row |= {"public": made.published_on is not None, "body": encode(made).decode()}
    await put(conn, award_nomination, row)
    body = AwardChanged(nomination=made.id, year=made.year, category=made.category, state=made.state)
    await announce(conn, AWARD_CHANGED, district, body)


def may_see(district: str, scope: Scope, role: str) -> sa.ColumnElement[bool]:
    """Return the condition that a nomination is in the scope.

    Officers and auditors see all, a school its own, everybody what is public. A supervisor may be a reviewer: before
    the publication he sees numbers and statements only.
    """
    mine = _ITS.district == district
    if role in OFFICERS or role == "auditor":
        return mine
    if scope.kind == "school":
        return sa.and_(mine, sa.or_(_ITS.school == scope.id, _ITS.public))
    return sa.and_(mine, _ITS.public)


def shown_to(one: Nomination, role: str) -> Nomination:
    """Return a nomination without its number, for others than officers, until it is ranked: a number is anonymous."""
    return one if one.rank is not None or role in OFFICERS else msgspec.structs.replace(one, number=None)


async def read_nominations(
    conn: AsyncConnection, where: sa.ColumnElement[bool], ids: Sequence[str]
) -> dict[str, Nomination]:
    """Return nominations by id, those that the condition lets through."""
    found = await conn.execute(sa.select(_ITS.body).where(where, _ITS.id.in_(list(dict.fromkeys(ids)))))
    return {one.id: one for one in (decode(Nomination, body.encode()) for body in found.scalars())}


async def read_nomination(conn: AsyncConnection, district: str, id: str) -> Nomination | None:  # noqa: A002
    """Return a nomination by its id."""
    return (await read_nominations(conn, _ITS.district == district, [id])).get(id)


async def all_of(conn: AsyncConnection, district: str, year: int, category: str | None = None) -> list[Nomination]:
    """Return the nominations of a year, or of one of its categories, by id."""
    where = [_ITS.district == district, _ITS.year == year]
    if category is not None:
        where.append(_ITS.category == category)
    found = await conn.execute(sa.select(_ITS.body).where(*where).order_by(_ITS.id))
    return [decode(Nomination, body.encode()) for body in found.scalars()]


async def of_recipient(conn: AsyncConnection, district: str, like: Nomination) -> Nomination | None:
    """Return the nomination of the same recipient in the same category and year, if there is one not withdrawn."""
    same = (
        _ITS.year == like.year,
        _ITS.category == like.category,
        _ITS.recipient == like.recipient,
        _ITS.state != "withdrawn",
    )
    body = await conn.scalar(sa.select(_ITS.body).where(_ITS.district == district, *same))
    return None if body is None else decode(Nomination, body.encode())


async def page_nominations(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int, after: str
) -> tuple[list[Nomination], int]:
    """Return at most `first` nominations after an id, and how many match in all."""
    total = await conn.scalar(sa.select(sa.func.count()).select_from(award_nomination).where(*where))
    asked = sa.select(_ITS.body).where(*where, _ITS.id > after).order_by(_ITS.id).limit(first)
    found = await conn.execute(asked)
    return [decode(Nomination, body.encode()) for body in found.scalars()], int(total or 0)


# ---- places -------------------------------------------------------------------------------------------------------


async def take_place(conn: AsyncConnection, district: str, one: Nomination, quota: int) -> int | None:
    """Give the nomination the lowest free place of its category, None when all are taken.

    In the caller's transaction; the table itself holds that a place is given once and lies within the quota.
    """
    its = award_place.c
    mine = (its.district == district, its.year == one.year, its.category == one.category)
    taken = set((await conn.execute(sa.select(its.place).where(*mine))).scalars())
    place = free_place(taken, quota)
    if place is not None:
        row = {"district": district, "year": one.year, "category": one.category, "place": place}
        await conn.execute(sa.insert(award_place).values(**row, quota=quota, nomination=one.id))
    return place


# ---- bars ---------------------------------------------------------------------------------------------------------


async def barred_schools(conn: AsyncConnection, district: str, year: int) -> dict[str, tuple[str, ...]]:
    """Return the schools that were announced as barred from the selections of a year, each with the clauses."""
    its = school_ratio_fact.c
    found = await conn.execute(sa.select(its.body).where(its.district == district))
    told = [decode(SchoolRatioAnnounced, body.encode()) for body in found.scalars()]
    return {one.school: one.clauses for one in told if one.barred and one.ends_on.year == year}


# ---- endings ------------------------------------------------------------------------------------------------------


async def end_nomination(
    conn: AsyncConnection, district: str, made: Nomination, *, had: int | None, freed: bool, role: str
) -> None:
    """Store a nomination as withdrawn or revoked, with a row that stays; `had` is the place it held, freed or not."""
    if freed:
        its = award_place.c
        await conn.execute(sa.delete(award_place).where(its.district == district, its.nomination == made.id))
    row = {
        "district": district,
        "nomination": made.id,
        "what": made.state,
        "place": had,
        "freed": freed,
        "reason": made.reason,
        "ended_by": made.ended_by,
        "role": role,
        "recorded_us": 0 if made.ended_at is None else to_us(made.ended_at),
    }
    await conn.execute(sa.insert(award_ending).values(row))
    await put_nomination(conn, district, made)
