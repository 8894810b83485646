"""What somebody can do now: the next steps of processes, and processes that have still to be opened."""

from __future__ import annotations

import operator
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_terms
from yanxiu_footing.laws import Bound
from yanxiu_footing.paging import cursor, key_of
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.workflow import Workflow, WorkStep
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.process import Task
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District
from yanxiu_wire.workflow import ListTasks, Tasks

from yanxiu_credits import refusals
from yanxiu_credits.scope import SCHOOL_ROLES
from yanxiu_credits.service import Service
from yanxiu_credits.workflow.acting import everyone_he_acts_for, reaches
from yanxiu_credits.workflow.advance import as_period
from yanxiu_credits.workflow.assess_step import Actor, Opening
from yanxiu_credits.workflow.open_process import Ordered, ordered_on, period_key
from yanxiu_credits.workflow.running import Running, gather
from yanxiu_credits.workflow.store import Row, keys_there, open_processes, schools_of
from yanxiu_credits.workflow.unsettled import unsettled_periods
from yanxiu_credits.workflow.view import open_step, step_view
from yanxiu_credits.workflow.windows import NONE, TERM, moment_of, opening_of

MOST_TASKS = 500
# Of a task's place in the order, as its cursor has them.
_PARTS = 9
# Processes that are looked through for one answer, and schools that an officer is told have opened none.
MOST_PROCESSES = 2000
MOST_SCHOOLS = 200
# Terms looked at for what is still to be opened: those that began within a year, and the one about to begin.
_BACK, _AHEAD = timedelta(days=366), timedelta(days=62)


async def list_tasks(service: Service, district: str, query: ListTasks, _deadline: Deadline) -> Tasks | Refused:
    """Return what the caller may do today, in his own role and for those who delegated to him, most urgent first.

    A process to be opened is a task from the day on which its first step's window opens (without a window: within its
    period) until it is opened, for this period and those just past. What waits for something stands last, with its
    hindrances. Beside the steps stand the periods that are to be settled since their opening ran out.
    """
    if not 1 <= query.first <= MOST_TASKS:
        return refusals.out_of_bounds("first", query.first, 1, MOST_TASKS)
    after = key_of(query.after, _PARTS) if query.after is not None else None
    if isinstance(after, Refused):
        return after
    found: list[Task] = []
    async with service.databases.read(district) as conn:
        bound = await read_district(conn, district)
        for actor in await everyone_he_acts_for(conn, district, query.caller, service.clock.today()):
            found += await _next_steps(conn, service, bound, district, query, actor)
            found += await _to_open(conn, service, bound, district, actor)
        unsettled = await unsettled_periods(conn, service, district, query.caller)
    keyed = sorted(((_urgency(one), one) for one in found), key=operator.itemgetter(0))
    # What was done or has come since the page before moves nobody: one goes on behind a place, not a number.
    rest = [(key, one) for key, one in keyed if after is None or key > after]
    shown = rest[: query.first]
    return Tasks(
        items=tuple(one for _, one in shown),
        total=len(found),
        unsettled=tuple(unsettled),
        cursors=tuple(cursor(*key) for key, _ in shown),
        has_next=len(rest) > query.first,
    )


def _urgency(task: Task) -> list[str]:
    """The place of a task: what is hindered last, then by deadline; the rest tells tasks of one deadline apart."""
    what = (task.label_zh, task.workflow, task.school, task.process, task.step.name, str(task.on), task.delegation)
    parts = [str(int(bool(task.step.hindrances))), str(task.step.closes or date.max)]
    # A part of a cursor may not be empty, nor hold what divides the parts.
    return parts + [f"={part or ''}".replace("%", "%25").replace("|", "%7C") for part in what]


async def _next_steps(
    conn: AsyncConnection, service: Service, bound: District | None, district: str, query: ListTasks, actor: Actor
) -> list[Task]:
    schools = ["", actor.school or ""] if actor.role in SCHOOL_ROLES or actor.role == "teacher" else None
    there = await open_processes(conn, district, schools, MOST_PROCESSES)
    rows = [row for row in there if reaches(actor, row) and actor.covers(row.workflow)]
    laws = {day: service.laws.bound(bound, day) for day in {row.law_on for row in rows}}
    rows = [row for row in rows if _his_turn(row, laws[row.law_on], actor)]
    loaded = await gather(conn, service, district, rows, query.caller, actor)
    return [
        _next(one, step, actor)
        for one in loaded
        if isinstance(one, Running)
        for step in one.workflow.open_steps(one.row.state)
        if actor.role in step.by
    ]


def _his_turn(row: Row, law: Bound | Refused, actor: Actor) -> bool:
    """Say whether a next step is for the actor's role, before all that it depends on is read."""
    workflow = None if isinstance(law, Refused) else law.pack.workflows.get(row.workflow)
    return workflow is not None and any(actor.role in step.by for step in workflow.open_steps(row.state))


def _next(running: Running, step: WorkStep, actor: Actor) -> Task:
    row = running.row
    return Task(
        workflow=row.workflow,
        label_zh=running.workflow.label,
        label_en=running.workflow.label_en,
        process=row.id,
        version=row.version,
        school=row.school or None,
        period=as_period(row.its_period),
        on=row.starts_on or row.opened_on,
        step=open_step(running, step, [actor]),
        delegation=actor.delegation,
        on_behalf_of=actor.behalf,
    )


# ---- processes to be opened ------------------------------------------------------------------------------------


async def _to_open(
    conn: AsyncConnection, service: Service, bound: District | None, district: str, actor: Actor
) -> list[Task]:
    today = service.clock.today()
    law = service.laws.bound(bound, today)
    found: list[Task] = []
    for workflow in () if isinstance(law, Refused) else law.pack.workflows.values():
        step = next((one for one in workflow.open_steps(workflow.start) if actor.role in one.by), None)
        if step is None or workflow.per == NONE or not actor.covers(workflow.name):
            continue
        for ordered in await _periods(conn, service, bound, district, workflow):
            opening = await _opening(conn, district, ordered, step, today)
            if opening is not None:
                found += await _unopened(conn, district, ordered, step, opening, actor, today)
    return found


async def _periods(
    conn: AsyncConnection, service: Service, bound: District | None, district: str, workflow: Workflow
) -> list[Ordered]:
    """Return this period of a workflow and those just past (of terms: the next one too), newest first."""
    today = service.clock.today()
    this = await ordered_on(conn, service, bound, district, workflow.name, today)
    days: list[date] = []
    if workflow.per == TERM and (isinstance(this, Refused) or (this.period is not None and this.period.kind == TERM)):
        terms = await read_terms(conn, district, today - _BACK, today + _AHEAD)
        days = [term.start for term in reversed(terms)]
    elif isinstance(this, Ordered) and this.period is not None:
        days = [this.period.start, this.period.start - timedelta(days=1)]
    found = [await ordered_on(conn, service, bound, district, workflow.name, day) for day in days]
    return [one for one in found if isinstance(one, Ordered)]


async def _opening(
    conn: AsyncConnection, district: str, ordered: Ordered, step: WorkStep, today: date
) -> Opening | None:
    """Return the window of the first step where it may be taken today, late too; else None."""
    period = ordered.period
    if period is None:
        return None
    opening = opening_of(ordered.law, step, await moment_of(conn, district, period, today), ordered.law_on)
    span = opening.span
    if span.closes is not None and today > span.closes and step.late == "refuse":
        return None
    begun = span.opens <= today if span.opens is not None else period.start <= today
    return opening if begun and (span != Opening().span or today <= period.end) else None


async def _unopened(
    conn: AsyncConnection,
    district: str,
    ordered: Ordered,
    step: WorkStep,
    opening: Opening,
    actor: Actor,
    today: date,
) -> list[Task]:
    workflow, period = ordered.workflow, ordered.period
    key = period_key(period)
    if period is None or key is None:
        return []
    there = await keys_there(conn, district, [key])
    missing = [one for one in await _schools(conn, district, workflow, actor) if (workflow.name, one, key) not in there]
    return [
        Task(
            workflow=workflow.name,
            label_zh=workflow.label,
            label_en=workflow.label_en,
            process=None,
            version=0,
            school=school or None,
            period=as_period(period),
            on=period.start,
            step=step_view(step, opening, today, mine=True),
            delegation=actor.delegation,
            on_behalf_of=actor.behalf,
        )
        for school in missing[:MOST_SCHOOLS]
    ]


async def _schools(conn: AsyncConnection, district: str, workflow: Workflow, actor: Actor) -> list[str]:
    """Return the schools that a process is to be opened for by this actor, the empty one for the whole district."""
    if workflow.scope == "district":
        return [""]
    if actor.role in SCHOOL_ROLES or actor.role == "teacher":
        return [actor.school] if actor.school else []
    return await schools_of(conn, district)
