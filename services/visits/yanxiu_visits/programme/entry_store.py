"""Entries of the programme as they are stored: versions added, never changed, and read as they count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import to_us
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.programme import Achieved, EntryContent, EntryKind, ProgrammeEntry

from yanxiu_visits.programme.tables import programme_entry
from yanxiu_visits.scope import Scope

_ITS = programme_entry.c
_LATER = programme_entry.alias("later")
# The newest version of each entry.
NEWEST = ~sa.exists().where(_LATER.c.district == _ITS.district, _LATER.c.id == _ITS.id, _LATER.c.version > _ITS.version)
STANDS = sa.and_(NEWEST, _ITS.withdrawn.is_(False))


def kind_of(content: EntryContent) -> EntryKind:
    """Return the kind by which an entry is stored and asked for."""
    return content.kind if isinstance(content, Achieved) else "contest"


async def add_version(conn: AsyncConnection, district: str, made: ProgrammeEntry) -> bool:
    """Add a version; False where somebody else added the same one at the same time."""
    row = {
        "district": district,
        "id": made.id,
        "version": made.version,
        "batch": made.batch,
        "school": made.school,
        "kind": kind_of(made.content),
        "withdrawn": made.withdrawn,
        "recorded_us": to_us(made.recorded_at),
        "body": encode(made).decode(),
    }
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    adding = insert(programme_entry).values(row).on_conflict_do_nothing()
    written = await conn.execute(adding.execution_options(preserve_rowcount=True))
    return written.rowcount == 1


async def read_entry(conn: AsyncConnection, district: str, entry: str) -> ProgrammeEntry | None:
    """Return the newest version of an entry, or None when there is none of that id."""
    body = await conn.scalar(sa.select(_ITS.body).where(_ITS.district == district, _ITS.id == entry, NEWEST))
    return None if body is None else decode(ProgrammeEntry, body.encode())


async def standing_entries(
    conn: AsyncConnection, district: str, *, until: date, school: str | None = None
) -> list[ProgrammeEntry]:
    """Return the entries that count of all batches begun by a day, as they were recorded, of one school or of all."""
    own = [] if school is None else [_ITS.school == school]
    found = await conn.execute(
        sa.select(_ITS.body)
        .where(_ITS.district == district, _ITS.batch <= until, STANDS, *own)
        .order_by(_ITS.recorded_us, _ITS.id)
    )
    return [decode(ProgrammeEntry, body.encode()) for body in found.scalars()]


def may_see(district: str, scope: Scope, schools: Sequence[str] = ()) -> sa.ColumnElement[bool]:
    """Return the condition that an entry is in the scope; `schools` are those at which a researcher is placed."""
    mine = _ITS.district == district
    match scope.kind:
        case "district":
            return mine
        case "school":
            return sa.and_(mine, _ITS.school == scope.id)
        case "self":
            return sa.and_(mine, _ITS.school.in_(list(schools)))
    return sa.and_(mine, sa.false())


async def page_entries(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int, after: tuple[int, str] | None
) -> tuple[list[ProgrammeEntry], int]:
    """Return at most `first` versions after the cursor, as they were recorded, and how many match in all."""
    total = await conn.scalar(sa.select(sa.func.count()).select_from(programme_entry).where(*where))
    beyond = [sa.tuple_(_ITS.recorded_us, _ITS.id) > sa.tuple_(*map(sa.literal, after))] if after else []
    found = await conn.execute(
        sa.select(_ITS.body).where(*where, *beyond).order_by(_ITS.recorded_us, _ITS.id).limit(first)
    )
    return [decode(ProgrammeEntry, body.encode()) for body in found.scalars()], int(total or 0)
