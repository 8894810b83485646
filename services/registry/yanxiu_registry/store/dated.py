"""Dated rows: take the new state of an owner's rows, supersede what no longer stands, insert what is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

Row = dict[str, Any]
CHUNK = 1000


class Stamp(msgspec.Struct, frozen=True):
    """Who writes, and when."""

    by: str
    at: datetime

    def columns(self) -> Row:
        """As columns of a row."""
        return {"recorded_by": self.by, "recorded_at": self.at}


class Rewrite(msgspec.Struct, frozen=True):
    """The rows of one owner before and after its new version; each row has `since` and its value columns."""

    owner: str
    version: int
    before: Sequence[Row]
    after: Sequence[Row]


def live(table: sa.FromClause, district: str | sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """The rows of a district that stand."""
    return sa.and_(table.c.district == district, table.c.superseded.is_(None))


def in_force(table: sa.FromClause, day: date | sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    """The rows that hold on a day."""
    return sa.and_(table.c.since <= day, sa.or_(table.c.until.is_(None), table.c.until >= day))


def chunks(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Runs of rows (or keys of rows) short enough for the event loop to breathe between them."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


async def insert(conn: AsyncConnection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows, many at a time."""
    for some in chunks(rows):
        await conn.execute(sa.insert(table), some)


async def rewrite(
    conn: AsyncConnection, table: sa.Table, owner: str, district: str, rewrites: Sequence[Rewrite], stamp: Stamp
) -> None:
    """Bring the rows of each owner (its column is named `owner`) to their new state."""
    gone: list[Row] = []
    new: list[Row] = []
    for one in rewrites:
        gone += [
            {"of": one.owner, "day": row["since"], "by_version": one.version}
            for row in one.before
            if row not in one.after
        ]
        key = {"district": district, owner: one.owner, "version": one.version, **stamp.columns()}
        new += [key | row for row in one.after if row not in one.before]
    supersede = (
        sa.update(table)
        .where(live(table, district), table.c[owner] == sa.bindparam("of"), table.c.since == sa.bindparam("day"))
        .values(superseded=sa.bindparam("by_version"))
    )
    for some in chunks(gone):
        await conn.execute(supersede, some)
    await insert(conn, table, new)
