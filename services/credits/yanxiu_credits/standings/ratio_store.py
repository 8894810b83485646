"""What was announced of the schools' ratios, as it is stored and told to other services."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce_all
from yanxiu_footing.clock import to_us
from yanxiu_wire.announced_ratios import AnnouncedRatio
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.standings import SCHOOL_RATIO_ANNOUNCED, SchoolRatioAnnounced

from yanxiu_credits.standings.tables import ratio_announcement

_ITS = ratio_announcement.c
_later = ratio_announcement.alias("later")
# The condition that a row is superseded by a later announcement of the same school and period.
SUPERSEDED = sa.exists().where(
    _later.c.district == _ITS.district,
    _later.c.school == _ITS.school,
    _later.c.label == _ITS.label,
    _later.c.version > _ITS.version,
)
# A statement names at most so many schools: SQLite and PostgreSQL bound the values of one.
PART = 500


async def add_announced(conn: AsyncConnection, district: str, made: Sequence[AnnouncedRatio]) -> None:
    """Store announcements and tell them, in their order; nothing for none."""
    if not made:
        return
    rows = [
        {
            "district": district,
            **{name: getattr(one, name) for name in ("school", "label", "version", "starts_on", "ends_on", "state")},
            "barred": one.barred,
            "recorded_us": to_us(one.announced_at),
            "body": encode(one).decode(),
        }
        for one in made
    ]
    await conn.execute(sa.insert(ratio_announcement), rows)
    await announce_all(conn, district, [(SCHOOL_RATIO_ANNOUNCED, _told(one)) for one in made])


def _told(one: AnnouncedRatio) -> SchoolRatioAnnounced:
    """Return an announcement as other services hear it: one that was withdrawn bars nobody and has no share."""
    return SchoolRatioAnnounced(
        school=one.school,
        label=one.label,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        version=one.version,
        barred=one.barred,
        share=one.share if one.state == "announced" else None,
        clauses=one.clauses,
    )


async def standing_announcements(
    conn: AsyncConnection, district: str, label: str, schools: Collection[str] | None = None
) -> dict[str, AnnouncedRatio]:
    """Return the last announcement of each school (None: of every one) in a period, by school."""
    where = [_ITS.district == district, _ITS.label == label, ~SUPERSEDED]
    parts = [None] if schools is None else _parts(sorted(schools))
    found: dict[str, AnnouncedRatio] = {}
    for part in parts:
        named = [] if part is None else [_ITS.school.in_(part)]
        rows = await conn.execute(sa.select(_ITS.body).where(*where, *named).order_by(_ITS.school))
        found |= {one.school: one for one in (decode(AnnouncedRatio, body.encode()) for body in rows.scalars())}
    return found


def _parts(schools: list[str]) -> list[list[str]]:
    return [schools[start : start + PART] for start in range(0, len(schools), PART)]
