"""Draws as they are stored: the commitment with its secret, and what was revealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce
from yanxiu_footing.clock import CHINA, to_us
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.supervision import DRAW_PUBLISHED, DrawPublished, SupervisionDraw

from yanxiu_visits.supervising.tables import supervision_draw, supervision_draw_result

_ITS, _RESULT = supervision_draw.c, supervision_draw_result.c
_JOINED = supervision_draw.outerjoin(
    supervision_draw_result, sa.and_(_ITS.district == _RESULT.district, _ITS.id == _RESULT.draw)
)


async def add_draw(conn: AsyncConnection, district: str, draw: SupervisionDraw, seed: bytes) -> None:
    """Store a commitment with its secret, and publish it."""
    row = {
        "district": district,
        "id": draw.id,
        "school_year": draw.school_year,
        "made_us": to_us(draw.committed_at),
        "seed": seed.hex(),
        "body": encode(draw).decode(),
    }
    await conn.execute(sa.insert(supervision_draw).values(row))
    await _publish(conn, district, draw)


async def add_result(conn: AsyncConnection, district: str, draw: SupervisionDraw) -> None:
    """Store what a draw revealed, and publish it."""
    row = {"district": district, "draw": draw.id, "body": encode(draw).decode()}
    await conn.execute(sa.insert(supervision_draw_result).values(row))
    await _publish(conn, district, draw)


async def _publish(conn: AsyncConnection, district: str, draw: SupervisionDraw) -> None:
    body = DrawPublished(draw=draw.id, state=draw.state, seed_sha256=draw.seed_sha256, roster_sha256=draw.roster_sha256)
    await announce(conn, DRAW_PUBLISHED, district, body)


async def read_seed(conn: AsyncConnection, district: str, draw: str) -> bytes | None:
    """Return the secret of a draw, or None when there is none of that id."""
    found = await conn.scalar(sa.select(_ITS.seed).where(_ITS.district == district, _ITS.id == draw))
    return None if found is None else bytes.fromhex(found)


async def read_draws(conn: AsyncConnection, district: str, ids: Sequence[str]) -> dict[str, SupervisionDraw]:
    """Return draws by id, as they stand."""
    asked = sa.select(_ITS.body, _RESULT.body.label("result")).select_from(_JOINED)
    rows = await conn.execute(asked.where(_ITS.district == district, _ITS.id.in_(list(dict.fromkeys(ids)))))
    found = [_draw(row) for row in rows]
    return {one.id: one for one in found}


async def page_draws(
    conn: AsyncConnection, district: str, school_year: str | None, *, first: int, after: tuple[int, str] | None
) -> tuple[list[SupervisionDraw], int]:
    """Return at most `first` draws after the cursor, newest first, and how many match in all."""
    where = [_ITS.district == district, *([_ITS.school_year == school_year] if school_year is not None else [])]
    total = await conn.scalar(sa.select(sa.func.count()).select_from(supervision_draw).where(*where))
    beyond = [sa.tuple_(_ITS.made_us, _ITS.id) < sa.tuple_(*map(sa.literal, after))] if after else []
    asked = sa.select(_ITS.body, _RESULT.body.label("result")).select_from(_JOINED).where(*where, *beyond)
    rows = await conn.execute(asked.order_by(_ITS.made_us.desc(), _ITS.id.desc()).limit(first))
    return [_draw(row) for row in rows], int(total or 0)


async def revealed_in(conn: AsyncConnection, district: str, school_year: str) -> list[SupervisionDraw]:
    """Return the draws of a school year that are revealed, oldest first."""
    asked = sa.select(_ITS.body, _RESULT.body.label("result")).select_from(_JOINED)
    mine = (_ITS.district == district, _ITS.school_year == school_year, _RESULT.body.is_not(None))
    return [_draw(row) for row in await conn.execute(asked.where(*mine).order_by(_ITS.made_us, _ITS.id))]


def revealed_on(draw: SupervisionDraw) -> date:
    """Return the day in China on which a draw was revealed; the last there is for one that is not."""
    return date.max if draw.revealed_at is None else draw.revealed_at.astimezone(CHINA).date()


def _draw(row: sa.Row) -> SupervisionDraw:
    return decode(SupervisionDraw, (row.result or row.body).encode())


def revealed(draw: SupervisionDraw, **given: object) -> SupervisionDraw:
    """Return a draw as revealed."""
    return msgspec.structs.replace(draw, state="revealed", **given)
