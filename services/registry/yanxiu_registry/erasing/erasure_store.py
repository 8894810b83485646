"""Erasures in their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.erasure import Erasure, WordKind

from yanxiu_registry.erasing.tables import erasure, erasure_begun, erasure_done, erasure_withdrawn, nameless_since
from yanxiu_registry.store.dated import Stamp
from yanxiu_registry.tables import METADATA

MOST = 500
_BECAME = (erasure_begun, erasure_withdrawn, erasure_done)


def _joined() -> sa.FromClause:
    found: sa.FromClause = erasure
    for one in _BECAME:
        found = found.outerjoin(one, sa.and_(one.c.district == erasure.c.district, one.c.erasure == erasure.c.id))
    return found


_ALL = sa.select(
    erasure, *(column for one in _BECAME for column in one.c if column.name not in ("district", "erasure"))
).select_from(_joined())


async def read_erasures(
    conn: AsyncConnection, district: str, *which: sa.ColumnElement[bool], most: int = MOST
) -> tuple[Erasure, ...]:
    """Return erasures that fulfil the conditions, oldest first."""
    query = _ALL.where(erasure.c.district == district, *which).order_by(erasure.c.proposed_at, erasure.c.id)
    return tuple(_erasure(row) for row in (await conn.execute(query.limit(most))).all())


async def newest_of(conn: AsyncConnection, district: str, teacher: str) -> str | None:
    """Return the id of the proposal that was made last for a teacher, however many there were."""
    query = sa.select(erasure.c.id).where(erasure.c.district == district, erasure.c.teacher == teacher)
    return await conn.scalar(query.order_by(erasure.c.proposed_at.desc(), erasure.c.id.desc()).limit(1))


async def after_those_before(conn: AsyncConnection, district: str, teacher: str, now: datetime) -> datetime:
    """Return when a proposal is made: now, and later than every one before it for that teacher."""
    query = sa.select(sa.func.max(erasure.c.proposed_at))
    last = await conn.scalar(query.where(erasure.c.district == district, erasure.c.teacher == teacher))
    return now if last is None else max(now, last + timedelta(microseconds=1))


async def read_confirmed(
    conn: AsyncConnection, district: str, *which: sa.ColumnElement[bool], most: int | None = None
) -> tuple[Erasure, ...]:
    """Return those that are done, in the order in which they were."""
    query = _ALL.where(erasure.c.district == district, erasure_done.c.confirmed_at.is_not(None), *which)
    query = query.order_by(erasure_done.c.confirmed_at, erasure.c.id).limit(most)
    return tuple(_erasure(row) for row in (await conn.execute(query)).all())


async def read_page(
    conn: AsyncConnection, district: str, which: Sequence[sa.ColumnElement[bool]], *, first: int, after: str | None
) -> tuple[list[Erasure], int]:
    """Return the newest first and one more than `first`, with how many there are in all; ids follow the time."""
    where = [erasure.c.district == district, *which]
    total = (await conn.execute(sa.select(sa.func.count()).select_from(_joined()).where(*where))).scalar_one()
    beyond = [erasure.c.id < after] if after is not None else []
    query = _ALL.where(*where, *beyond).order_by(erasure.c.id.desc()).limit(first + 1)
    return [_erasure(row) for row in (await conn.execute(query)).all()], int(total)


def confirmed_since(at: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that an erasure was confirmed at an instant or later."""
    return erasure_done.c.confirmed_at >= at


async def put_erasure(conn: AsyncConnection, district: str, made: Erasure) -> None:
    """Keep a proposal."""
    names = [column.name for column in erasure.c if column.name != "district"]
    values = {name: getattr(made, name) for name in names}
    await conn.execute(sa.insert(erasure).values(district=district, **values))


async def put_begun(
    conn: AsyncConnection, district: str, of: str, everywhere: Sequence[WordKind] | None, stamp: Stamp
) -> None:
    """Keep that it was decided, and what goes everywhere."""
    kinds = None if everywhere is None else " ".join(everywhere)
    row = {"begun_by": stamp.by, "begun_at": stamp.at, "everywhere": kinds}
    await conn.execute(sa.insert(erasure_begun).values(district=district, erasure=of, **row))


async def put_withdrawn(conn: AsyncConnection, district: str, of: str, why: str, stamp: Stamp) -> None:
    """Keep that it was withdrawn."""
    row = {"withdrawn_why": why, "withdrawn_by": stamp.by, "withdrawn_at": stamp.at}
    await conn.execute(sa.insert(erasure_withdrawn).values(district=district, erasure=of, **row))


async def put_done(conn: AsyncConnection, district: str, of: str, counts: Mapping[str, int], stamp: Stamp) -> None:
    """Keep what was done."""
    row = {"counts": msgspec.json.encode(counts).decode(), "confirmed_by": stamp.by, "confirmed_at": stamp.at}
    await conn.execute(sa.insert(erasure_done).values(district=district, erasure=of, **row))


async def stream_age(conn: AsyncConnection, district: str) -> tuple[datetime | None, str | None]:
    """Return since when announcements are nameless here, where there were others, and when the stream was made."""
    since = await conn.scalar(sa.select(nameless_since.c.at).where(nameless_since.c.district == district))
    progress = METADATA.tables["outbox_progress"].c
    created = await conn.scalar(sa.select(progress.stream_created).where(progress.district == district))
    return since, created


def _erasure(row: Any) -> Erasure:
    return Erasure(
        id=row.id,
        teacher=row.teacher,
        reason=row.reason,
        document=row.document,
        retained_until=row.retained_until,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        counts=msgspec.json.decode(row.counts, type=dict[str, int]) if row.counts else {},
        begun_by=row.begun_by,
        begun_at=row.begun_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
        withdrawn_why=row.withdrawn_why,
        everywhere=None if row.everywhere is None else tuple(row.everywhere.split()),
    )
