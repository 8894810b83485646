"""Themes of schools as they are stored: versions added, never changed, and read as of a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA, to_us
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.themes import ThemesDeclared

from yanxiu_visits.programme.tables import school_theme

_ITS = school_theme.c
DAY = timedelta(days=1)


async def add_themes(conn: AsyncConnection, district: str, school: str, school_year: str, made: ThemesDeclared) -> bool:
    """Add a version; False where somebody else added the same one at the same time."""
    row = {
        "district": district,
        "school_year": school_year,
        "school": school,
        "version": made.version,
        "recorded_us": to_us(made.declared_at),
        "body": encode(made).decode(),
    }
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    adding = insert(school_theme).values(row).on_conflict_do_nothing()
    return (await conn.execute(adding.execution_options(preserve_rowcount=True))).rowcount == 1


async def read_themes(
    conn: AsyncConnection, district: str, school_year: str, as_of: date, school: str | None = None
) -> dict[str, ThemesDeclared]:
    """Return the newest version that each school had set down by the end of a day, of one school or of all."""
    end = to_us(datetime.combine(as_of + DAY, time(), CHINA))
    own = [] if school is None else [_ITS.school == school]
    found = await conn.execute(
        sa.select(_ITS.school, _ITS.body)
        .where(_ITS.district == district, _ITS.school_year == school_year, _ITS.recorded_us < end, *own)
        .order_by(_ITS.school, _ITS.version)
    )
    return {row.school: decode(ThemesDeclared, row.body.encode()) for row in found}
