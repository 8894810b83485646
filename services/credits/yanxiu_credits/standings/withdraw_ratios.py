"""Withdraw what was announced of schools' ratios when the period is open again: nobody stays barred by it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.announced_ratios import AnnouncedRatio

from yanxiu_credits.books.locks import WHOLE_DISTRICT, in_force
from yanxiu_credits.books.tables import lock_event
from yanxiu_credits.service import Service
from yanxiu_credits.standings.ratio_store import add_announced, standing_announcements


def withdrawn(one: AnnouncedRatio, *, by: str, at: datetime) -> AnnouncedRatio:
    """Return the next version of an announcement, which withdraws it."""
    return msgspec.structs.replace(
        one, version=one.version + 1, state="withdrawn", barred=False, exception=None, announced_by=by, announced_at=at
    )


async def closed_schools(conn: AsyncConnection, district: str, *, kind: str, label: str, today: date) -> set[str]:
    """Return the schools whose period is locked, WHOLE_DISTRICT among them where that of the district is."""
    its = lock_event.c
    where = (in_force(district, today), its.period_kind == kind, its.label == label)
    return set((await conn.execute(sa.select(its.school).distinct().where(*where))).scalars())


async def withdraw_announced(
    conn: AsyncConnection, service: Service, district: str, *, school: str | None, period: Period, by: str
) -> int:
    """Withdraw what was announced of a school (None: of all), since its recognition is taken back; return how many."""
    return await _withdraw(conn, service, district, school=school, period=period, by=by)


async def withdraw_opened(
    conn: AsyncConnection, service: Service, district: str, *, school: str | None, period: Period, by: str
) -> int:
    """Withdraw what was announced where a period was opened and no other lock closes it; return how many."""
    closed = await closed_schools(conn, district, kind=period.kind, label=period.label, today=service.clock.today())
    if WHOLE_DISTRICT in closed:
        return 0
    return await _withdraw(conn, service, district, school=school, period=period, by=by, closed=frozenset(closed))


async def _withdraw(
    conn: AsyncConnection,
    service: Service,
    district: str,
    *,
    school: str | None,
    period: Period,
    by: str,
    closed: frozenset[str] = frozenset(),
) -> int:
    named = None if school is None else (school,)
    standing = await standing_announcements(conn, district, period.label, named)
    gone = [
        one
        for one in standing.values()
        if one.state == "announced" and one.starts_on == period.start and one.school not in closed
    ]
    at = service.clock.now()
    await add_announced(conn, district, [withdrawn(one, by=by, at=at) for one in gone])
    return len(gone)
