"""Lock a period of a school, or of the whole district: nothing in it is registered, corrected or reversed then."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.books import LockPeriod, PeriodLock
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.lock_view import read_view
from yanxiu_credits.books.locks import highest_locker, lock, rank, standing_lock
from yanxiu_credits.scope import SCHOOL_ROLES
from yanxiu_credits.service import Service
from yanxiu_credits.tables import school_fact
from yanxiu_credits.workflow.recognise_anew import recognise_anew


async def lock_period(service: Service, district: str, command: LockPeriod, deadline: Deadline) -> PeriodLock | Refused:
    """Lock the period of a kind that contains a day: a school's leader for the own school, officers for any or all.

    Whatever was recognised of the period, and differs from what is judged now, is reversed and recognised anew; this
    is done by the level that had locked it, or a higher one. A locked period is so settled too, where an opening ran
    out. Refuses with SCHOOL_UNKNOWN, PERIOD_UNKNOWN, ALREADY_LOCKED, LEVEL_TOO_LOW, REASON_MISSING, LEDGER_BROKEN,
    LAW_NOT_IN_FORCE or LAW_UNUSABLE.
    """

    async def work(conn: AsyncConnection) -> PeriodLock | Refused:
        refused = no.reason_needed(command.reason) or await _elsewhere(conn, district, command)
        if refused is not None:
            return refused
        period = await _period(service, conn, district, command)
        if isinstance(period, Refused):
            return period
        at, today = service.clock.now(), service.clock.today()
        there = await standing_lock(conn, district, school=command.school, period=period, today=today)
        anew = await _recognised_anew(service, conn, district, command, period)
        if isinstance(anew, Refused):
            return anew
        if there is not None and rank(there.role) >= rank(command.caller.role):
            return await read_view(conn, district, there.id, today=today) if anew else no.already_locked(there)
        put = await lock(
            conn, district, school=command.school, period=period, by=command.caller, reason=command.reason, at=at
        )
        return await read_view(conn, district, put.id, today=today)

    return await once(service.databases, district, command, PeriodLock, deadline, work, few_rows=True)


async def _recognised_anew(
    service: Service, conn: AsyncConnection, district: str, command: LockPeriod, period: Period
) -> int | Refused:
    """Recognise anew what differs; nothing of the refusal's transaction stays where the caller stands too low.

    Whoever locks the whole district is asked the level of each school whose recognitions change, and the district's.
    """
    school, by = command.school, command.caller
    done = await recognise_anew(
        conn, service, district, school=school, period=period, by=by, reason=command.reason.strip()
    )
    if isinstance(done, Refused) or not done:
        return done if isinstance(done, Refused) else 0
    changed = sum(done.values())
    highest = await highest_locker(conn, district, schools=[*done, *([school] if school else [])], period=period)
    return no.locks_anew_too_low(highest, changed) if highest is not None and rank(by.role) < rank(highest) else changed


async def _elsewhere(conn: AsyncConnection, district: str, command: LockPeriod) -> Refused | None:
    """Return why the school is not the caller's to lock, or is none."""
    if command.caller.role in SCHOOL_ROLES and command.school != command.caller.school:
        return no.school_not_yours(command.school or "")
    if command.school is None:
        return None
    known = sa.select(school_fact.c.school).where(
        school_fact.c.district == district, school_fact.c.school == command.school
    )
    return None if await conn.scalar(known) is not None else no.school_not_yours(command.school)


async def _period(service: Service, conn: AsyncConnection, district: str, command: LockPeriod) -> Period | Refused:
    law = service.laws.in_force(await read_district(conn, district), command.on)
    if isinstance(law, Refused):
        return law
    kinds = [*(rule.period for rule in law.credit.standings), *law.pack.periods]
    if command.kind not in kinds:
        return refusals.period_unknown(command.kind, kinds)
    try:
        return law.pack.period(command.kind, command.on, law.settings)
    except RuleNotInForce:
        return refusals.law_not_in_force(command.on)
