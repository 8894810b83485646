"""Inspections as they are stored, and who sees which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce, announce_all
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.supervision import INSPECTION_CHANGED, Inspection, InspectionChanged, SupervisionTeam

from yanxiu_visits.scope import Scope
from yanxiu_visits.supervising.tables import inspection, inspection_supervisor, supervision_team
from yanxiu_visits.visiting.visit_store import put

_ITS = inspection.c


async def put_inspection(conn: AsyncConnection, district: str, made: Inspection) -> None:
    """Store an inspection in place of before, and announce it."""
    await put(conn, inspection, _row(district, made))
    await announce(conn, INSPECTION_CHANGED, district, _told(made))


async def add_inspections(conn: AsyncConnection, district: str, made: Sequence[Inspection]) -> None:
    """Store new inspections with who holds them, and announce each; nothing for none."""
    if not made:
        return
    await conn.execute(sa.insert(inspection), [_row(district, one) for one in made])
    holders = [
        {"district": district, "person": person, "inspection": one.id}
        for one in made
        for person in dict.fromkeys(one.supervisors)
    ]
    await conn.execute(sa.insert(inspection_supervisor), holders)
    await announce_all(conn, district, [(INSPECTION_CHANGED, _told(one)) for one in made])


def _row(district: str, made: Inspection) -> dict[str, Any]:
    names = ("id", "school", "school_year", "kind", "state", "due_on", "draw")
    return {"district": district, **{name: getattr(made, name) for name in names}, "body": encode(made).decode()}


def _told(made: Inspection) -> InspectionChanged:
    return InspectionChanged(inspection=made.id, school=made.school, state=made.state)


def may_see(district: str, scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that an inspection is in the scope.

    A school sees its own once they are reported; a researcher or teacher sees those that he holds.
    """
    mine = _ITS.district == district
    if scope.kind == "district":
        return mine
    if scope.kind == "school":
        return sa.and_(mine, _ITS.school == scope.id, _ITS.state == "reported")
    if scope.kind == "self":
        his = inspection_supervisor.c
        return sa.and_(
            mine, sa.exists().where(his.district == district, his.person == scope.id, his.inspection == _ITS.id)
        )
    return sa.and_(mine, sa.false())


async def read_inspections(
    conn: AsyncConnection, where: sa.ColumnElement[bool], ids: Sequence[str]
) -> dict[str, Inspection]:
    """Return inspections by id, those that the condition lets through."""
    found = await conn.execute(sa.select(_ITS.body).where(where, _ITS.id.in_(list(dict.fromkeys(ids)))))
    return {one.id: one for one in (decode(Inspection, body.encode()) for body in found.scalars())}


async def of_draw(conn: AsyncConnection, district: str, draw: str, school: str) -> Inspection | None:
    """Return the inspection of a school that a draw led to, if there is one that was not cancelled."""
    its = sa.and_(_ITS.district == district, _ITS.draw == draw, _ITS.school == school, _ITS.state != "cancelled")
    body = await conn.scalar(sa.select(_ITS.body).where(its))
    return None if body is None else decode(Inspection, body.encode())


async def regular_in(conn: AsyncConnection, district: str, school_year: str) -> dict[str, str]:
    """Return the ids of the regular inspections of a school year that were not cancelled, by school."""
    its = (
        _ITS.district == district,
        _ITS.school_year == school_year,
        _ITS.kind == "regular",
        _ITS.state != "cancelled",
    )
    found = await conn.execute(sa.select(_ITS.school, _ITS.id).where(*its).order_by(_ITS.id.desc()))
    return {row.school: row.id for row in found}


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
    conn: AsyncConnection, district: str, *, first: int, after: tuple[int, str] | None, ids: Sequence[str] = ()
) -> tuple[list[SupervisionTeam], int]:
    """Return at most `first` teams after the cursor, newest first, and how many there are; or those of `ids`."""
    its = supervision_team.c
    mine = sa.and_(its.district == district, *([its.id.in_(ids)] if ids else []))
    total = await conn.scalar(sa.select(sa.func.count()).select_from(supervision_team).where(mine))
    beyond = [sa.tuple_(its.made_us, its.id) < sa.tuple_(*map(sa.literal, after))] if after else []
    found = await conn.execute(
        sa.select(its.body).where(mine, *beyond).order_by(its.made_us.desc(), its.id.desc()).limit(first)
    )
    return [decode(SupervisionTeam, body.encode()) for body in found.scalars()], int(total or 0)
