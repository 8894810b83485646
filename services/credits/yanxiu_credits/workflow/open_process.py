"""Open a workflow's process by taking its first step."""

from __future__ import annotations

from datetime import date

import msgspec
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.laws import Bound
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.outcome import Period
from yanxiu_rulekit.workflow import Workflow, WorkStep
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District
from yanxiu_wire.workflow import OpenProcess, ProcessMovedOn

from yanxiu_credits.scope import SCHOOL_ROLES
from yanxiu_credits.service import Service
from yanxiu_credits.workflow import refusals as no
from yanxiu_credits.workflow import refusals_of_people as people
from yanxiu_credits.workflow.acting import actor_of, reaches
from yanxiu_credits.workflow.advance import advance
from yanxiu_credits.workflow.assess_step import Actor, Given, who_may_not
from yanxiu_credits.workflow.project_effects import named_projects
from yanxiu_credits.workflow.running import gather
from yanxiu_credits.workflow.store import Row, add_process, find_process, school_exists, set_projects
from yanxiu_credits.workflow.take_step import moved_on
from yanxiu_credits.workflow.windows import period_of


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow with the law that orders it, the day of that law, and the period it is opened for."""

    workflow: Workflow
    law: Bound
    law_on: date
    period: Period | None


async def open_process(
    service: Service, district: str, command: OpenProcess, deadline: Deadline
) -> ProcessMovedOn | Refused:
    """Open the one process of a workflow, school and period by signing its first step; the law is pinned.

    Refuses with WORKFLOW_UNKNOWN, SCHOOL_REQUIRED, SCHOOL_UNKNOWN, SCHOOL_NOT_WANTED, TERM_UNKNOWN, PERIOD_UNKNOWN,
    PROCESS_EXISTS, LAW_NOT_IN_FORCE, PROJECTS_REQUIRED, and with what `take_step` refuses.
    """

    async def work(conn: AsyncConnection) -> ProcessMovedOn | Refused:
        today = service.clock.today()
        actor = await actor_of(conn, district, command.caller, command.on_behalf_of, today)
        if isinstance(actor, Refused):
            return actor
        if not actor.covers(command.workflow):
            return people.delegation_narrower(actor, command.workflow)
        bound = await read_district(conn, district)
        ordered = await ordered_on(conn, service, bound, district, command.workflow, command.on or today)
        if isinstance(ordered, Refused):
            return ordered
        step = _first_step(ordered.workflow, command.step, actor)
        if isinstance(step, Refused):
            return step
        school = await _school(conn, district, ordered.workflow, command.school, actor)
        if isinstance(school, Refused):
            return school
        return await _open(conn, service, district, command, ordered, actor, step, school)

    return await once(service.databases, district, command, ProcessMovedOn, deadline, work)


async def ordered_on(
    conn: AsyncConnection, service: Service, bound: District | None, district: str, name: str, on: date
) -> Ordered | Refused:
    """Return the workflow of that name for the period that contains `on`, under the law of the period's last day.

    Where that day has not come, the law of today counts, or of `on` where that is later: it is pinned for good.
    """
    today = service.clock.today()
    law = service.laws.bound(bound, min(on, today))
    if isinstance(law, Refused):
        return law
    period: Period | Refused | None = None
    if name in law.pack.workflows:
        period = await period_of(conn, district, law.pack.workflows[name], law, on)
        if isinstance(period, Refused):
            return period
    law_on = max(min(period.end, today), min(on, today)) if period is not None else min(on, today)
    law = service.laws.bound(bound, law_on)
    if isinstance(law, Refused):
        return law
    if name not in law.pack.workflows:
        return no.workflow_unknown(name, law.pack.workflows)
    return Ordered(workflow=law.pack.workflows[name], law=law, law_on=law_on, period=period)


def _first_step(workflow: Workflow, name: str | None, actor: Actor) -> WorkStep | Refused:
    """Return the step that opens: the one named, else the first that leads on from the start and is the actor's."""
    first = workflow.open_steps(workflow.start)
    if name is not None:
        step = workflow.step(name)
        if step is None:
            return no.step_unknown(workflow, name)
        if step not in first:
            return no.step_not_open(workflow, step, workflow.start)
        return who_may_not(step, actor) or step
    mine = [step for step in first if actor.role in step.by]
    return mine[0] if mine else no.step_not_yours(first[0], actor.role)


async def _school(
    conn: AsyncConnection, district: str, workflow: Workflow, given: str | None, actor: Actor
) -> str | Refused:
    """Return the school that the process is for, empty for the district; a school's own people need not name it."""
    if workflow.scope == "district":
        return no.school_not_wanted(workflow, given) if given is not None else ""
    own = actor.school if actor.role in SCHOOL_ROLES or actor.role == "teacher" else None
    school = given or own
    if school is None:
        return no.school_missing(workflow)
    if (own is not None and school != own) or not await school_exists(conn, district, school):
        return no.school_unknown(school)
    return school


async def _open(
    conn: AsyncConnection,
    service: Service,
    district: str,
    command: OpenProcess,
    ordered: Ordered,
    actor: Actor,
    step: WorkStep,
    school: str,
) -> ProcessMovedOn | Refused:
    row = _row(district, ordered, school, service.clock.today())
    if not reaches(actor, row):
        return no.school_unknown(school)
    there = await find_process(conn, district, row.workflow, school, row.period)
    if there is not None:
        return no.process_exists(there.id, ordered.workflow, there.label or "")
    refused = await named_projects(
        conn, district, ordered.law, ordered.workflow, command.projects, school=school, process=row.id
    )
    if refused is not None:
        return refused
    await add_process(conn, row)
    await set_projects(conn, district, row.id, command.projects)
    (running,) = await gather(conn, service, district, [row], command.caller, actor)
    if isinstance(running, Refused):
        return running
    given = Given(statements=command.statements, evidence=command.evidence, project_facts=command.project_facts)
    moved = await advance(conn, service, running, step, given)
    if isinstance(moved, Refused):
        return moved
    return await moved_on(conn, service, district, command.caller, moved.id, command.on_behalf_of)


def _row(district: str, ordered: Ordered, school: str, today: date) -> Row:
    process, period, pack = str(uuid_utils.uuid7()), ordered.period, ordered.law.pack
    return Row(
        district=district,
        id=process,
        workflow=ordered.workflow.name,
        carries=ordered.workflow.carries,
        school=school,
        period=period_key(period) or process,
        kind=period.kind if period else None,
        label=period.label if period else None,
        starts_on=period.start if period else None,
        ends_on=period.end if period else None,
        jurisdiction=pack.jurisdiction,
        pack=pack.name,
        pack_version=pack.version,
        law_on=ordered.law_on,
        state=ordered.workflow.start,
        phase="registered",
        ended=False,
        version=0,
        entered=today,
        opened_on=today,
    )


def period_key(period: Period | None) -> str | None:
    """Return the text that a period has in a process's natural key."""
    return f"{period.kind}:{period.label}" if period is not None else None
