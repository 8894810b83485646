"""Take a process's whole recognition back: every entry reversed, the period opened, the process before it again."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import ProcessMovedOn, TakeBackRecognition

from yanxiu_credits import refusals
from yanxiu_credits.books import refusals as books_no
from yanxiu_credits.books.adding_up import later_standing
from yanxiu_credits.books.locks import locked_period, may_open, open_lock, standing_lock
from yanxiu_credits.books.reverse_many import reverse_recognitions
from yanxiu_credits.service import Service
from yanxiu_credits.standings.withdraw_ratios import withdraw_announced
from yanxiu_credits.store.ledger_state import is_closed
from yanxiu_credits.workflow import refusals as no
from yanxiu_credits.workflow import refusals_of_projects as nothing
from yanxiu_credits.workflow.acting import as_caller
from yanxiu_credits.workflow.recognise import recognised_by
from yanxiu_credits.workflow.return_process import MOST_REASON
from yanxiu_credits.workflow.running import Running, load
from yanxiu_credits.workflow.take_step import moved_on
from yanxiu_credits.workflow.taken_back import sign_taken_back, too_low


async def take_back_recognition(
    service: Service, district: str, command: TakeBackRecognition, deadline: Deadline
) -> ProcessMovedOn | Refused:
    """Reverse what a process recognised and still stands, open its period, and return the process as it stands.

    The period stays open until it is locked again, as recognising anew does. Refuses with PROCESS_UNKNOWN,
    DELEGATION_*, NOTHING_RECOGNISED, LEVEL_TOO_LOW, PROCESS_CHANGED, REASON_MISSING, PERIOD_LOCKED (by a lock of the
    whole district, or one that is not the caller's to open), LATER_RECOGNISED, LEDGER_BROKEN or LAW_UNUSABLE.
    """

    async def work(conn: AsyncConnection) -> ProcessMovedOn | Refused:
        running = await load(conn, service, district, command.caller, command.process, command.on_behalf_of)
        if isinstance(running, Refused):
            return running
        done = await _taken_back(conn, service, running, command)
        if isinstance(done, Refused):
            return done
        return await moved_on(conn, service, district, command.caller, running.row.id, command.on_behalf_of)

    return await once(service.databases, district, command, ProcessMovedOn, deadline, work)


async def _taken_back(
    conn: AsyncConnection, service: Service, running: Running, command: TakeBackRecognition
) -> int | Refused:
    row, reason = running.row, command.reason.strip()
    standing, period = await recognised_by(conn, row.district, row.id), row.its_period
    if not standing or period is None:
        return nothing.nothing_recognised(row.id)
    refused = too_low(running)
    if refused is None and command.version != row.version:
        refused = no.process_changed(command.version, row.version)
    if refused is None and (not reason or len(reason) > MOST_REASON):
        refused = no.reason_missing()
    if refused is None and await is_closed(conn, row.district):
        refused = refusals.ledger_broken(row.district)
    if refused is None:
        teachers = [one["teacher"] for one in standing]
        refused = await later_standing(conn, row.district, running.law, period, teachers)
    by = as_caller(running.actor, command.caller)
    if refused is None:
        refused = await _opened(conn, service, running, period, by, reason)
    if refused is not None:
        return refused
    await reverse_recognitions(conn, service, row.district, standing, reason=reason, by=by, why="correction")
    # What was announced of the schools' ratios rested on it; without it nobody stays barred.
    await withdraw_announced(
        conn, service, row.district, school=row.school or None, period=period, by=command.caller.subject
    )
    await sign_taken_back(conn, service, running, reason=reason, result={"reversed": len(standing)})
    return len(standing)


async def _opened(
    conn: AsyncConnection, service: Service, running: Running, period: Period, by: Caller, reason: str
) -> Refused | None:
    """Open the lock of the process's own school; one of the whole district is not opened for one school's sake."""
    row, today = running.row, running.today
    school = row.school or None
    its = await standing_lock(conn, row.district, school=school, period=period, today=today)
    while its is not None and may_open(its, by):
        await open_lock(conn, row.district, its, by=by, reason=reason, until=None, at=service.clock.now())
        its = await standing_lock(conn, row.district, school=school, period=period, today=today)
    left = await locked_period(conn, row.district, school=school, kind=period.kind, label=period.label, today=today)
    return books_no.period_locked(left, field="process", value=row.id) if left is not None else None
