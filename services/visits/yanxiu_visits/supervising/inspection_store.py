"""Inspections as they are stored, and who sees which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.supervision import INSPECTION_CHANGED, Inspection, InspectionChanged, SupervisionTeam

from yanxiu_visits.scope import Scope
from yanxiu_visits.supervising.tables import inspection, supervision_team
from yanxiu_visits.visiting.visit_store import put

_ITS = inspection.c


async def put_inspection(conn: AsyncConnection, district: str, made: Inspection) -> None:
    """Store an inspection in place of before, and announce it."""
    names = ("id", "school", "school_year", "kind", "state", "due_on", "draw")
    row = {"district": district, **{name: getattr(made, name) for name in names}, "body": encode(made).decode()}
    await put(conn, inspection, row)
    body = InspectionChanged(inspection=made.id, school=made.school, state=made.state)
    await announce(conn, INSPECTION_CHANGED, district, body)


def may_see(district: str, scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that an inspection is in the scope: a school sees its own once they are reported."""
    mine = _ITS.district == district
    if scope.kind == "district":
        return mine
    if scope.kind == "school":
        return sa.and_(mine, _ITS.school == scope.id, _ITS.state == "reported")
    return sa.and_(mine, sa.false())


async def read_inspections(
    conn: AsyncConnection, where: sa.ColumnElement[bool], ids: Sequence[str]
) -> dict[str, Inspection]:
    """Return inspections by id, those that the condition lets through."""
    found = await conn.execute(sa.select(_ITS.body).where(where, _ITS.id.in_(list(dict.fromkeys(ids)))))
    return {one.id: one for one in (decode(Inspection, body.encode()) for body in found.scalars())}


async def of_draw(conn: AsyncConnection, district: str, draw: str, school: str) -> Inspection | None:
    """Return the inspection of a school that a draw led to, if there is one."""
    its = sa.and_(_ITS.district == district, _ITS.draw == draw, _ITS.school == school)
    body = await conn.scalar(sa.select(_ITS.body).where(its))
    return None if body is None else decode(Inspection, body.encode())


async def reported_in(conn: AsyncConnection, district: str, school_year: str) -> list[Inspection]:
    """Return the inspections of a school year that are reported, by id."""
    its = sa.and_(_ITS.district == district, _ITS.school_year == school_year, _ITS.state == "reported")
    found = await conn.execute(sa.select(_ITS.body).where(its).order_by(_ITS.id))
    return [decode(Inspection, body.encode()) for body in found.scalars()]


async def page_inspections(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int, after: tuple[date, str] | None
) -> tuple[list[Inspection], int]:
    """Return at most `first` inspections after the cursor, by day, and how many match in all."""
    total = await conn.scalar(sa.select(sa.func.count()).select_from(inspection).where(*where))
    beyond = [sa.tuple_(_ITS.due_on, _ITS.id) > sa.tuple_(*map(sa.literal, after))] if after else []
    found = await conn.execute(sa.select(_ITS.body).where(*where, *beyond).order_by(_ITS.due_on, _ITS.id).limit(first))
    return [decode(Inspection, body.encode()) for body in found.scalars()], int(total or 0)


async def read_team(conn: AsyncConnection, district: str, team: str) -> SupervisionTeam | None:
    """Return a team by its id."""
    its = supervision_team.c
    body = await conn.scalar(sa.select(its.body).where(its.district == district, its.id == team))
    return None if body is None else decode(SupervisionTeam, body.encode())


async def page_teams(
    conn: AsyncConnection, district: str, *, first: int, after: tuple[int, str] | None
) -> tuple[list[SupervisionTeam], int]:
    """Return at most `first` teams after the cursor, newest first, and how many there are."""
    its = supervision_team.c
    mine = its.district == district
    total = await conn.scalar(sa.select(sa.func.count()).select_from(supervision_team).where(mine))
    beyond = [sa.tuple_(its.made_us, its.id) < sa.tuple_(*map(sa.literal, after))] if after else []
    found = await conn.execute(
        sa.select(its.body).where(mine, *beyond).order_by(its.made_us.desc(), its.id.desc()).limit(first)
    )
    return [decode(SupervisionTeam, body.encode()) for body in found.scalars()], int(total or 0)
