"""Objections to published nominations as they are stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce
from yanxiu_wire.award_endings import AWARD_OBJECTION_CHANGED, AwardObjectionChanged
from yanxiu_wire.awards import AwardObjection, Nomination
from yanxiu_wire.codec import decode, encode

from yanxiu_visits.awards.tables import award_nomination, award_objection
from yanxiu_visits.visiting.visit_store import put


async def put_objection(conn: AsyncConnection, district: str, one: Nomination, made: AwardObjection) -> None:
    """Store an objection to a nomination in place of before, and announce it."""
    settled = made.upheld is not None
    row = {"district": district, "id": made.id, "nomination": one.id, "raised_by": made.raised_by, "settled": settled}
    await put(conn, award_objection, row | {"body": encode(made).decode()})
    body = AwardObjectionChanged(objection=made.id, nomination=one.id, year=one.year, settled=settled)
    await announce(conn, AWARD_OBJECTION_CHANGED, district, body)


async def open_objections(conn: AsyncConnection, district: str, nominations: Collection[str]) -> list[AwardObjection]:
    """Return the objections to nominations that are not settled."""
    its = award_objection.c
    asked = sa.select(its.body).where(
        its.district == district, its.nomination.in_(list(nominations)), sa.not_(its.settled)
    )
    return [decode(AwardObjection, body.encode()) for body in (await conn.execute(asked)).scalars()]


async def read_objection(conn: AsyncConnection, district: str, objection: str) -> AwardObjection | None:
    """Return an objection by its id."""
    its = award_objection.c
    body = await conn.scalar(sa.select(its.body).where(its.district == district, its.id == objection))
    return None if body is None else decode(AwardObjection, body.encode())


async def page_objections(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int, after: str
) -> tuple[list[AwardObjection], int]:
    """Return at most `first` objections after an id, as they came, and how many match in all.

    The conditions are on `award_objection` and the `award_nomination` that it is about.
    """
    its, one = award_objection.c, award_nomination.c
    both = award_objection.join(award_nomination, sa.and_(its.district == one.district, its.nomination == one.id))
    total = await conn.scalar(sa.select(sa.func.count()).select_from(both).where(*where))
    asked = sa.select(its.body).select_from(both).where(*where, its.id > after).order_by(its.id).limit(first)
    found = await conn.execute(asked)
    return [decode(AwardObjection, body.encode()) for body in found.scalars()], int(total or 0)
