"""Report on an inspection, every line of its form, or cancel one that was not held."""

from __future__ import annotations

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
from yanxiu_visits.supervising.draw_store import read_draws, revealed_on
from yanxiu_visits.supervising.ground import read_law_year
from yanxiu_visits.supervising.inspection_store import may_see, put_inspection, read_inspections
from yanxiu_visits.supervising.own_school import at_home
from yanxiu_visits.visiting.assess_note import assess_text, person_of


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

    async def work(conn: AsyncConnection) -> Inspection | Refused:
        found = await _open_one(conn, district, command)
        if isinstance(found, Refused):
            return found
        wrong = await _not_held_so(service, conn, district, command, found)
        if wrong is not None:
            return wrong
        done = _reported(found, command, service.clock.now())
        await put_inspection(conn, district, done)
        return done

    return await once(service.databases, district, command, Inspection, deadline, work)


async def _not_held_so(
    service: Service, conn: AsyncConnection, district: str, command: ReportInspection, found: Inspection
) -> Refused | None:
    """Return why it was not held like that: by nobody of its own, on a day that cannot be, by people of the school."""
    year = await read_law_year(service, conn, district, found.school_year)
    if isinstance(year, Refused):
        return year
    reporter = _reporter(command)
    if reporter not in found.supervisors or command.reporter not in (None, reporter):
        return refusals.not_in_team(reporter, year.team_clauses, "reporter")
    wrong = _incomplete(found, command)
    if wrong is None and not year.holds(command.held_on):
        wrong = refusals.day_outside("held_on", command.held_on, year.id, year.clauses)
    if wrong is None and found.draw is not None:
        draw = (await read_draws(conn, district, [found.draw])).get(found.draw)
        if draw is not None and command.held_on < revealed_on(draw):
            wrong = refusals.before_draw("held_on", command.held_on, revealed_on(draw), year.clauses)
    if wrong is None:
        own = await at_home(conn, district, found.supervisors, found.school, command.held_on)
        wrong = None if own is None else refusals.own_school(own, "held_on")
    return wrong


async def cancel_inspection(
    service: Service, district: str, command: CancelInspection, deadline: Deadline
) -> Inspection | Refused:
    """Cancel; the school is owed an inspection as before."""
    refused = assess_text("reason", command.reason, most=1000)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> Inspection | Refused:
        found = await _open_one(conn, district, command)
        if isinstance(found, Refused):
            return found
        done = msgspec.structs.replace(found, state="cancelled", reason=command.reason.strip())
        await put_inspection(conn, district, done)
        return done

    return await once(service.databases, district, command, Inspection, deadline, work)


def _reporter(command: ReportInspection) -> str:
    """Return who reports: the caller, or the supervisor for whom an officer types."""
    own = person_of(command.caller)
    return command.reporter or own if command.caller.role in OFFICERS else own


def _reported(found: Inspection, command: ReportInspection, now: datetime) -> Inspection:
    return msgspec.structs.replace(
        found,
        state="reported",
        held_on=command.held_on,
        lines=command.lines,
        summary=command.summary.strip(),
        reported_by=_reporter(command),
        reported_at=now,
    )


def _incomplete(found: Inspection, command: ReportInspection) -> Refused | None:
    stranger = next((one.name for one in command.lines if one.name not in found.form), None)
    if stranger is not None:
        return general.not_one_of("lines", stranger, found.form)
    names = [one.name for one in command.lines]
    double = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if double is not None:
        return refusals.line_twice(double, found.form_clauses)
    filled = {one.name for one in command.lines if one.remark.strip()}
    missing = [name for name in found.form if name not in filled]
    return refusals.form_incomplete(missing, found.form_clauses) if missing else None


async def _open_one(
    conn: AsyncConnection, district: str, command: ReportInspection | CancelInspection
) -> Inspection | Refused:
    """Return the inspection that the caller sees and that is still to be held."""
    seen = may_see(district, scope_of(command.caller))
    found = (await read_inspections(conn, seen, [command.inspection])).get(command.inspection)
    if found is None:
        return refusals.unknown("inspection", "督导", "inspection", command.inspection)
    if found.state != "scheduled":
        return refusals.not_so("inspection", "督导", "inspection", found.state, "scheduled")
    return found
