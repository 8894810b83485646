"""Periods whose opening ran out, with results in them that stand recognised and are no longer what is judged.

On the day after its last one an opening is over by itself and the period is closed again. What was changed meanwhile
is not recognised by itself: a result is recognised by somebody. So it stands in the work list of those who may.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA, from_us
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.caller import Caller
from yanxiu_wire.process import ProcessPeriod, UnsettledPeriod
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.kinds import REGISTERED
from yanxiu_credits.books.locks import WHOLE_DISTRICT, highest_locker, in_force, rank
from yanxiu_credits.books.standing_recognitions import STANDS
from yanxiu_credits.books.tables import lock_event, recognition, signed_head
from yanxiu_credits.scope import OFFICERS, scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.tables import ledger
from yanxiu_credits.workflow.recognise import newest_of
from yanxiu_credits.workflow.recognise_anew import by_process, law_of
from yanxiu_credits.workflow.results import judged
from yanxiu_credits.workflow.store import read_processes
from yanxiu_credits.workflow.tables import process

# An opening is looked back at for so long.
_BACK = timedelta(days=400)
# So many teachers with changes are judged for one period.
_MOST = 500
_SETTLERS = OFFICERS | {"school-leader"}
_lapsed = lock_event.alias("lapsed")


class _Lapsed(msgspec.Struct, frozen=True, kw_only=True):
    """A lock in force again, and between which days it was open."""

    lock: str
    school: str
    period: Period
    since: date
    until: date


async def unsettled_periods(
    conn: AsyncConnection, service: Service, district: str, caller: Caller
) -> list[UnsettledPeriod]:
    """Return the caller's to settle by locking again: in his scope, and recognised by nobody above him.

    An opening without a last day is over when somebody locks, and that settles it.
    """
    if caller.role not in _SETTLERS:
        return []
    found: list[UnsettledPeriod] = []
    for one in await _lapsed_in(conn, district, caller, service.clock.today()):
        period, teachers = one.period, await _differing(conn, service, district, one)
        schools = [*teachers, one.school]
        highest = await highest_locker(conn, district, schools=schools, period=period) if teachers else None
        if teachers and (highest is None or rank(caller.role) >= rank(highest)):
            found.append(
                UnsettledPeriod(
                    lock=one.lock,
                    school=one.school or None,
                    period=ProcessPeriod(
                        kind=period.kind, label=period.label, starts_on=period.start, ends_on=period.end
                    ),
                    opened_until=one.until,
                    teachers=sum(teachers.values()),
                )
            )
    return found


async def _lapsed_in(conn: AsyncConnection, district: str, caller: Caller, today: date) -> list[_Lapsed]:
    """Return the locks that are in force again after an opening of the last year, one for each school and period."""
    scope = scope_of(caller)
    rows = await conn.execute(
        sa.select(lock_event, _lapsed.c.recorded_us.label("since_us"), _lapsed.c.until.label("last"))
        .join(_lapsed, sa.and_(_lapsed.c.district == lock_event.c.district, _lapsed.c.opens == lock_event.c.id))
        .where(
            in_force(district, today),
            _lapsed.c.until >= today - _BACK,
            *([lock_event.c.school == scope.id] if scope.kind != "district" else []),
        )
        .order_by(_lapsed.c.id)
    )
    found: dict[tuple[str, str, str], _Lapsed] = {}
    for row in rows.mappings():
        key = (row["school"], row["period_kind"], row["label"])
        since = from_us(row["since_us"]).astimezone(CHINA).date()
        found[key] = _Lapsed(
            lock=row["id"],
            school=row["school"],
            period=Period(kind=row["period_kind"], label=row["label"], start=row["starts_on"], end=row["ends_on"]),
            since=min(since, found[key].since) if key in found else since,
            until=max(row["last"], found[key].until) if key in found else row["last"],
        )
    return list(found.values())


async def _differing(conn: AsyncConnection, service: Service, district: str, one: _Lapsed) -> dict[str, int]:
    """Return, by school, of how many teachers with something changed the recognition is not what is judged."""
    changed = await _changed(conn, district, one)
    if not changed:
        return {}
    count: Counter[str] = Counter()
    groups = await by_process(conn, district, one.school or None, one.period)
    rows = await read_processes(conn, process.c.district == district, [name for name, _ in groups if name])
    for (name, school), standing in groups.items():
        teachers = [teacher for teacher in standing if teacher in changed]
        law = await law_of(conn, service, district, rows.get(name or ""), one.period) if teachers else None
        if law is None or isinstance(law, Refused):
            continue
        standings = await judged(conn, service, district, law, one.period, teachers)
        if not isinstance(standings, Refused):
            newest = await newest_of(conn, district, one.period, standings)
            count[school] += sum(found.differs for found in newest.values())
    return {school: teachers for school, teachers in count.items() if teachers}


async def _changed(conn: AsyncConnection, district: str, one: _Lapsed) -> set[str]:
    """Return the teachers of whom something was posted in the period, after their recognition, while it was open."""
    its, of = recognition.c, ledger.c
    where: list[Any] = [
        of.district == district,
        of.seq > await _size(conn, district, one.since, before=True),
        of.kind.in_(REGISTERED),
        of.on >= one.period.start,
        of.on <= one.period.end,
        its.entry < of.seq,
        STANDS,
    ]
    last = await _size(conn, district, one.until, before=False)
    if last:
        where.append(of.seq <= last)
    if one.school != WHOLE_DISTRICT:
        where.append(its.school == one.school)
    same = [its.district == of.district, its.teacher == of.teacher]
    same += [its.period_kind == one.period.kind, its.label == one.period.label]
    found = await conn.scalars(
        sa.select(of.teacher)
        .join_from(ledger, recognition, sa.and_(*same))
        .where(*where)
        .distinct()
        .order_by(of.teacher)
        .limit(_MOST)
    )
    return set(found)


async def _size(conn: AsyncConnection, district: str, day: date, *, before: bool) -> int:
    """Return how long the ledger was when last signed before a day, or first signed after it; 0 where it was not.

    The daily heads tell in one look-up which stretch of the ledger was written while a period was open.
    """
    its = signed_head.c
    mine = its.district == district
    wanted = (
        sa.select(sa.func.max(its.size)).where(mine, its.day < day)
        if before
        else sa.select(sa.func.min(its.size)).where(mine, its.day > day)
    )
    return int(await conn.scalar(wanted) or 0)
