"""A district's subjects as they are stored: versions added, never changed, and those in force on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.subjects import DistrictSubjects

from yanxiu_visits.programme.tables import district_subjects

_ITS = district_subjects.c


async def add_subjects(conn: AsyncConnection, district: str, made: DistrictSubjects) -> bool:
    """Add a version; False where somebody else added the same one at the same time."""
    row = {"district": district, "version": made.version, "since": made.since, "body": encode(made).decode()}
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    adding = insert(district_subjects).values(row).on_conflict_do_nothing()
    return (await conn.execute(adding.execution_options(preserve_rowcount=True))).rowcount == 1


async def read_versions(conn: AsyncConnection, district: str) -> list[DistrictSubjects]:
    """Return every version, newest first."""
    found = await conn.execute(sa.select(_ITS.body).where(_ITS.district == district).order_by(_ITS.version.desc()))
    return [decode(DistrictSubjects, body.encode()) for body in found.scalars()]


def in_force(versions: Sequence[DistrictSubjects], day: date) -> DistrictSubjects | None:
    """Return the version in force on a day: of those since then or before, the latest day's newest."""
    begun = [one for one in versions if one.since <= day]
    return max(begun, key=lambda one: (one.since, one.version), default=None)
