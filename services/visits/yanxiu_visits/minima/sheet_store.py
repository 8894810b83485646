"""Assessment sheets as they are stored: versions added, never changed, and the one in force on a day."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.work_assessment import AssessmentSheet

from yanxiu_visits.minima.tables import assessment_sheet

_ITS = assessment_sheet.c


async def add_sheet(conn: AsyncConnection, district: str, made: AssessmentSheet) -> bool:
    """Add a version; False where somebody else added the same one at the same time."""
    row = {"district": district, "version": made.version, "since": made.since, "body": encode(made).decode()}
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    adding = insert(assessment_sheet).values(row).on_conflict_do_nothing()
    return (await conn.execute(adding.execution_options(preserve_rowcount=True))).rowcount == 1


async def read_sheets(conn: AsyncConnection, district: str) -> list[AssessmentSheet]:
    """Return every version, newest first."""
    found = await conn.execute(sa.select(_ITS.body).where(_ITS.district == district).order_by(_ITS.version.desc()))
    return [decode(AssessmentSheet, body.encode()) for body in found.scalars()]


async def sheet_on(conn: AsyncConnection, district: str, day: date) -> AssessmentSheet | None:
    """Return the sheet in force on a day: of those since then or before, the latest day's newest version."""
    body = await conn.scalar(
        sa.select(_ITS.body)
        .where(_ITS.district == district, _ITS.since <= day)
        .order_by(_ITS.since.desc(), _ITS.version.desc())
        .limit(1)
    )
    return None if body is None else decode(AssessmentSheet, body.encode())
