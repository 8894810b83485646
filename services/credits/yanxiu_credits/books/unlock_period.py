"""Open a locked period with a reason: by a higher level than the one that locked, or at the top by another person."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.books import PeriodLock, UnlockPeriod
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.lock_view import read_view
from yanxiu_credits.books.locks import Lock, may_open, open_lock, read_lock
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.standings.withdraw_ratios import withdraw_opened


async def unlock_period(
    service: Service, district: str, command: UnlockPeriod, deadline: Deadline
) -> PeriodLock | Refused:
    """Open a lock until a last day, or until the period is locked again; who opened it and why stays for good.

    What was announced of schools' ratios rested on the closed period: it is withdrawn where nothing else closes it.

    Refuses with LOCK_UNKNOWN, LEVEL_TOO_LOW, LOCK_NOT_IN_FORCE, DAY_IN_PAST or REASON_MISSING.
    """

    async def work(conn: AsyncConnection) -> PeriodLock | Refused:
        today = service.clock.today()
        which = await read_lock(conn, district, command.lock)
        if which is None or not _in_scope(which, command):
            return no.lock_unknown(command.lock)
        refused = _refused(which, command) or no.reason_needed(command.reason)
        if refused is not None:
            return refused
        if not (await read_view(conn, district, which.id, today=today)).in_force:
            return no.lock_not_in_force(which.id)
        if command.until is not None and command.until < today:
            return no.day_passed(command.until, today)
        await _opened(service, conn, district, which, command)
        return await read_view(conn, district, which.id, today=today)

    return await once(service.databases, district, command, PeriodLock, deadline, work, few_rows=True)


async def _opened(service: Service, conn: AsyncConnection, district: str, which: Lock, command: UnlockPeriod) -> None:
    """Open the lock, and withdraw what was announced of a period that nothing closes any more."""
    by, until, now = command.caller, command.until, service.clock.now()
    await open_lock(conn, district, which, by=by, reason=command.reason.strip(), until=until, at=now)
    period = Period(kind=which.kind, label=which.label, start=which.starts_on, end=which.ends_on)
    await withdraw_opened(conn, service, district, school=which.school, period=period, by=by.subject)


def _in_scope(which: Lock, command: UnlockPeriod) -> bool:
    scope = scope_of(command.caller)
    return scope.kind == "district" or (scope.kind == "school" and which.school in (None, scope.id))


def _refused(which: Lock, command: UnlockPeriod) -> Refused | None:
    return None if may_open(which, command.caller) else no.not_high_enough(which)
