"""Take a step of a process."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import ProcessMovedOn, TakeStep

from yanxiu_credits.service import Service
from yanxiu_credits.workflow import refusals as no
from yanxiu_credits.workflow import refusals_of_projects as projects_no
from yanxiu_credits.workflow.advance import advance
from yanxiu_credits.workflow.assess_step import Given, who_may_not
from yanxiu_credits.workflow.project_effects import named_projects
from yanxiu_credits.workflow.running import Running, load
from yanxiu_credits.workflow.store import set_projects
from yanxiu_credits.workflow.view import full_view


async def take_step(service: Service, district: str, command: TakeStep, deadline: Deadline) -> ProcessMovedOn | Refused:
    """Take a step once: its effect, the signature and the new state are one transaction.

    Refuses with PROCESS_UNKNOWN, DELEGATION_*, STEP_UNKNOWN, STEP_NOT_YOURS, PROCESS_CHANGED, STEP_NOT_OPEN,
    FOUR_EYES, STEP_TOO_EARLY, STEP_TOO_LATE, OBJECTIONS_OPEN, ASK_*, EVIDENCE_MALFORMED, PROJECT_*, what the law
    refuses of a project's facts, RESULT_CHANGED, PERIOD_LOCKED, LEDGER_BROKEN or LAW_UNUSABLE.
    """

    async def work(conn: AsyncConnection) -> ProcessMovedOn | Refused:
        running = await load(conn, service, district, command.caller, command.process, command.on_behalf_of)
        if isinstance(running, Refused):
            return running
        step = running.workflow.step(command.step)
        if step is None:
            return no.step_unknown(running.workflow, command.step)
        refused = who_may_not(step, running.actor)
        if refused is None and command.version != running.row.version:
            refused = no.process_changed(command.version, running.row.version)
        if refused is None and command.projects:
            refused = await _other_projects(conn, running, command)
        if refused is not None:
            return refused
        if command.projects:
            running = await load(conn, service, district, command.caller, command.process, command.on_behalf_of)
            if isinstance(running, Refused):
                return running
        given = Given(statements=command.statements, evidence=command.evidence, project_facts=command.project_facts)
        moved = await advance(conn, service, running, step, given)
        if isinstance(moved, Refused):
            return moved
        return await moved_on(conn, service, district, command.caller, moved.id, command.on_behalf_of)

    return await once(service.databases, district, command, ProcessMovedOn, deadline, work)


async def _other_projects(conn: AsyncConnection, running: Running, command: TakeStep) -> Refused | None:
    """Name other projects, where the process is back at its start."""
    row = running.row
    if row.state != running.workflow.start:
        return projects_no.projects_not_wanted(running.workflow)
    refused = await named_projects(
        conn, row.district, running.law, running.workflow, command.projects, school=row.school, process=row.id
    )
    if refused is None:
        await set_projects(conn, row.district, row.id, command.projects)
    return refused


async def moved_on(
    conn: AsyncConnection, service: Service, district: str, caller: Caller, process: str, on_behalf_of: str | None
) -> ProcessMovedOn | Refused:
    """Return the process as it stands after a command, in full."""
    running = await load(conn, service, district, caller, process, on_behalf_of)
    return running if isinstance(running, Refused) else ProcessMovedOn(process=full_view(running))
