"""Competitions as they are stored."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.competition import Competition

from yanxiu_visits.competing.tables import competition
from yanxiu_visits.visiting.visit_store import put

_ITS = competition.c


async def put_competition(conn: AsyncConnection, district: str, made: Competition) -> None:
    """Store a competition in place of before."""
    row = {"district": district, "id": made.id, "year": made.year, "stage": made.stage, "term": made.term}
    await put(conn, competition, row | {"body": encode(made).decode()})


async def read_competition(
    conn: AsyncConnection, district: str, where: Sequence[sa.ColumnElement[bool]]
) -> Competition | None:
    """Return the competition that the conditions find, if there is one."""
    body = await conn.scalar(sa.select(_ITS.body).where(_ITS.district == district, *where))
    return None if body is None else decode(Competition, body.encode())


async def page_competitions(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int | None, after: str
) -> tuple[list[Competition], int]:
    """Return at most `first` competitions after an id (None: all), and how many match in all."""
    total = await conn.scalar(sa.select(sa.func.count()).select_from(competition).where(*where))
    asked = sa.select(_ITS.body).where(*where, _ITS.id > after).order_by(_ITS.id)
    found = await conn.execute(asked if first is None else asked.limit(first))
    return [decode(Competition, body.encode()) for body in found.scalars()], int(total or 0)
