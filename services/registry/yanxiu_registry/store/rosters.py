"""Rosters: the rows laid ready (encrypted whole), and what each application changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_registry.store.dated import Row, Stamp, chunks, insert
from yanxiu_registry.tables import roster, roster_change, roster_row


class RosterFile(msgspec.Struct, frozen=True):
    """A roster: how often it was applied with an effect, and the report of the last time (JSON)."""

    id: str
    application: int
    report: str | None


class SealedRow(msgspec.Struct, frozen=True):
    """A staged row: its number in the file and its encrypted cells."""

    number: int
    cells: bytes


class RosterChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an application did to one teacher: the version it made, and the sealed national id of before."""

    teacher: str
    row: int
    kind: str
    version: int
    national_id: bytes | None
    national_id_index: bytes | None


def _mine(table: sa.Table, district: str, roster_id: str) -> sa.ColumnElement[bool]:
    owner = table.c.id if table is roster else table.c.roster
    return sa.and_(table.c.district == district, owner == roster_id)


async def read_roster(conn: AsyncConnection, district: str, roster_id: str) -> RosterFile | None:
    """The roster, or None when nothing was ever staged under this id."""
    row = (await conn.execute(sa.select(roster).where(_mine(roster, district, roster_id)))).one_or_none()
    return None if row is None else RosterFile(row.id, row.application, row.report)


async def stage_rows(
    conn: AsyncConnection, district: str, roster_id: str, rows: Sequence[SealedRow], stamp: Stamp
) -> int:
    """Lay rows ready, in place of those with the same numbers; returns how many lie ready in all."""
    if await read_roster(conn, district, roster_id) is None:
        first = {"district": district, "id": roster_id, "application": 0, **stamp.columns()}
        await conn.execute(sa.insert(roster).values(first))
    for some in chunks([row.number for row in rows]):
        same = sa.delete(roster_row).where(_mine(roster_row, district, roster_id), roster_row.c.number.in_(some))
        await conn.execute(same)
    key = {"district": district, "roster": roster_id}
    await insert(conn, roster_row, [{**key, **msgspec.structs.asdict(row)} for row in rows])
    count = sa.select(sa.func.count()).select_from(roster_row).where(_mine(roster_row, district, roster_id))
    return (await conn.execute(count)).scalar_one()


async def staged_rows(conn: AsyncConnection, district: str, roster_id: str) -> list[SealedRow]:
    """The rows that lie ready, in the file's order."""
    wanted = sa.select(roster_row.c.number, roster_row.c.cells).where(_mine(roster_row, district, roster_id))
    result = await conn.stream(wanted.order_by(roster_row.c.number))
    return [SealedRow(row.number, row.cells) async for row in result]


async def finish(conn: AsyncConnection, district: str, roster_id: str, application: int, report: str) -> None:
    """Keep the report and let go of the staged rows: what they held is in the register now."""
    mine = _mine(roster, district, roster_id)
    await conn.execute(sa.update(roster).where(mine).values(application=application, report=report))
    await conn.execute(sa.delete(roster_row).where(_mine(roster_row, district, roster_id)))


async def record_changes(
    conn: AsyncConnection, district: str, roster_id: str, application: int, changes: Sequence[RosterChange]
) -> None:
    """Note what an application changed, so that it can be taken back."""
    key = {"district": district, "roster": roster_id, "application": application}
    rows: list[Row] = [{**key, **msgspec.structs.asdict(change)} for change in changes]
    await insert(conn, roster_change, rows)


def _standing(district: str, roster_id: str, application: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        _mine(roster_change, district, roster_id),
        roster_change.c.application == application,
        roster_change.c.undone_at.is_(None),
    )


def changed_teachers(district: str, roster_id: str, application: int) -> sa.Select[tuple[str]]:
    """The ids of the teachers an application changed, as a condition for reading them."""
    return sa.select(roster_change.c.teacher).where(_standing(district, roster_id, application))


async def read_changes(conn: AsyncConnection, district: str, roster_id: str, application: int) -> list[RosterChange]:
    """What an application changed and was not taken back yet, in row order."""
    columns = [roster_change.c[name] for name in RosterChange.__struct_fields__]
    wanted = sa.select(*columns).where(_standing(district, roster_id, application)).order_by(roster_change.c.row)
    result = await conn.stream(wanted)
    return [RosterChange(**row._mapping) async for row in result]  # noqa: SLF001 - SQLAlchemy's public name for it


async def mark_undone(conn: AsyncConnection, district: str, roster_id: str, application: int, at: datetime) -> None:
    """Note that an application was taken back."""
    await conn.execute(sa.update(roster_change).where(_standing(district, roster_id, application)).values(undone_at=at))
