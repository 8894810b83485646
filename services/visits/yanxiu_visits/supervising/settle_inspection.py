"""Report on an inspection, every line of its form, or cancel one that was not held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.supervision import CancelInspection, Inspection, ReportInspection

from yanxiu_visits import refusals as general
from yanxiu_visits.scope import OFFICERS, scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.supervising import refusals
from yanxiu_visits.supervising.ground import read_law_year
from yanxiu_visits.supervising.inspection_store import may_see, put_inspection, read_inspections
from yanxiu_visits.visiting.assess_note import assess_text, person_of

Settle = Callable[[Inspection], Inspection | Refused]


async def report_inspection(
    service: Service, district: str, command: ReportInspection, deadline: Deadline
) -> Inspection | Refused:
    """Report; its author is one of its supervisors, for whom an officer may type. FORM_INCOMPLETE names empty lines."""
    today = service.clock.today()
    refused = assess_text("summary", command.summary) or next(
        (no for one in command.lines if (no := assess_text("lines", one.remark, empty=True))), None
    )
    if refused is None and command.held_on > today:
        refused = general.day_in_future(command.held_on, today, field="held_on")
    if refused is not None:
        return refused
    settle = _reported(command, service.clock.now())

    async def work(conn: AsyncConnection) -> Inspection | Refused:
        done = await _settled(conn, district, command, settle)
        if isinstance(done, Refused):
            return done
        year = await read_law_year(service, conn, district, done.school_year)
        if isinstance(year, Refused):
            return year
        if not year.holds(command.held_on):
            return refusals.day_outside("held_on", command.held_on, year.id, year.clauses)
        await put_inspection(conn, district, done)
        return done

    return await once(service.databases, district, command, Inspection, deadline, work)


async def cancel_inspection(
    service: Service, district: str, command: CancelInspection, deadline: Deadline
) -> Inspection | Refused:
    """Cancel; the school is owed an inspection as before."""
    refused = assess_text("reason", command.reason, most=1000)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> Inspection | Refused:
        done = await _settled(
            conn,
            district,
            command,
            lambda found: msgspec.structs.replace(found, state="cancelled", reason=command.reason.strip()),
        )
        if not isinstance(done, Refused):
            await put_inspection(conn, district, done)
        return done

    return await once(service.databases, district, command, Inspection, deadline, work)


def _reported(command: ReportInspection, now: datetime) -> Settle:
    """Return what makes an inspection a reported one, or refuses it."""
    own = person_of(command.caller)
    reporter = command.reporter or own if command.caller.role in OFFICERS else own

    def settle(found: Inspection) -> Inspection | Refused:
        wrong = _incomplete(found, command)
        if reporter not in found.supervisors or command.reporter not in (None, reporter):
            wrong = refusals.not_in_team(reporter, "reporter")
        return wrong or msgspec.structs.replace(
            found,
            state="reported",
            held_on=command.held_on,
            lines=command.lines,
            summary=command.summary.strip(),
            reported_by=reporter,
            reported_at=now,
        )

    return settle


def _incomplete(found: Inspection, command: ReportInspection) -> Refused | None:
    stranger = next((one.name for one in command.lines if one.name not in found.form), None)
    if stranger is not None:
        return general.not_one_of("lines", stranger, found.form)
    filled = {one.name for one in command.lines if one.remark.strip()}
    missing = [name for name in found.form if name not in filled]
    return refusals.form_incomplete(missing, found.form_clauses) if missing else None


async def _settled(
    conn: AsyncConnection, district: str, command: ReportInspection | CancelInspection, settle: Settle
) -> Inspection | Refused:
    seen = may_see(district, scope_of(command.caller))
    found = (await read_inspections(conn, seen, [command.inspection])).get(command.inspection)
    if found is None:
        return refusals.unknown("inspection", "督导", "inspection", command.inspection)
    if found.state != "scheduled":
        return refusals.not_so("inspection", "督导", "inspection", found.state, "scheduled")
    return settle(found)
