"""Adopt a plan: it is frozen, residencies are made of it, and the plan that it replaces is replaced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import uuid_utils
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce
from yanxiu_durable.once import once
from yanxiu_footing.calendar import read_every_term
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.residency import RESIDENCIES_CHANGED, ResidenciesChanged, Residency
from yanxiu_wire.rotation_plan import AdoptRotationPlan, PlanContents, PlanEntry, RotationPlan

from yanxiu_visits.planning import refusals
from yanxiu_visits.planning.ground import problem_of
from yanxiu_visits.planning.plan_store import adopted_between, change_plan, read_contents, read_plans
from yanxiu_visits.planning.residency_store import add_residencies, end_on, live_of_plan, withdraw
from yanxiu_visits.planning.solver.check_plan import breaches
from yanxiu_visits.planning.solver.problem import Assignment
from yanxiu_visits.planning.solver.say_breach import say_breach
from yanxiu_visits.service import Service

DAY = timedelta(days=1)


async def adopt_plan(
    service: Service, district: str, command: AdoptRotationPlan, deadline: Deadline
) -> RotationPlan | Refused:
    """Adopt; refuses with PLAN_OUTDATED where the facts have changed so that the plan does not keep to them."""

    async def work(conn: AsyncConnection) -> RotationPlan | Refused:
        plan = (await read_plans(conn, district, [command.plan])).get(command.plan)
        contents = await read_contents(conn, district, command.plan)
        if plan is None or contents is None:
            return refusals.plan_unknown(command.plan)
        refused = await _refusal(service, conn, district, plan, contents)
        if refused is not None:
            return refused
        await _make_residencies(service, conn, district, plan, contents)
        adopted = replace(
            plan, state="adopted", adopted_by=command.caller.subject, adopted_at=service.clock.now(), progress=None
        )
        await change_plan(conn, district, adopted)
        if plan.replaces is not None:
            old = (await read_plans(conn, district, [plan.replaces]))[plan.replaces]
            await change_plan(conn, district, replace(old, state="replaced"))
        return adopted

    return await once(service.databases, district, command, RotationPlan, deadline, work)


async def _refusal(
    service: Service, conn: AsyncConnection, district: str, plan: RotationPlan, contents: PlanContents
) -> Refused | None:
    if plan.state != "planned":
        return refusals.plan_not_so(plan.id, plan.state, ["planned"])
    if plan.replaces is not None:
        old = (await read_plans(conn, district, [plan.replaces]))[plan.replaces]
        if old.state != "adopted":
            return refusals.plan_not_so(old.id, old.state, ["adopted"])
    over = await _over(service, conn, district, plan)
    if over is not None:
        return refusals.plan_over(over)
    other = await adopted_between(conn, district, plan)
    if other is not None:
        return refusals.plan_overlaps(other.id, other.starts_on, other.ends_on)
    problem = await problem_of(service, conn, district, plan, contents.additions)
    if isinstance(problem, Refused):
        return problem
    placed = [Assignment(term=p.term, person=p.person, school=p.school, role=p.role) for p in contents.placed]
    wrong = next(breaches(problem, sorted(placed)), None)
    return None if wrong is None else refusals.plan_outdated(say_breach(problem, wrong))


async def _over(service: Service, conn: AsyncConnection, district: str, plan: RotationPlan) -> str | None:
    """Return a period that the plan would place people in though it is over, None where there is none."""
    today = service.clock.today()
    if plan.kind == "batch" or plan.ends_on < today:
        return plan.terms[-1] if plan.ends_on < today else None
    if plan.replaces is None:
        return None
    ends = {one.id: one.ends_on for one in await read_every_term(conn, district)}
    return next((term for term in plan.terms[plan.open_from :] if term in ends and ends[term] < today), None)


async def _make_residencies(
    service: Service, conn: AsyncConnection, district: str, plan: RotationPlan, contents: PlanContents
) -> None:
    """Keep the residencies that stay as they are, take the others away, and make the new ones.

    Of a plan that replaces another only days from today on: a residency that ended is the past, and neither changes
    nor stands for one that a plan wants again.
    """
    today = service.clock.today()
    since = plan.starts_on if plan.replaces is None else max(plan.starts_on, today)
    spans = {one.id: (one.starts_on, one.ends_on) for one in await read_every_term(conn, district)}
    if plan.kind == "batch":
        spans = {plan.terms[0]: (plan.starts_on, plan.ends_on)}
    there = await live_of_plan(conn, district, since, plan.ends_on) if plan.replaces is not None else []
    wanted = {_key(one, plan): one for one in contents.placed if spans[one.term][1] >= since}
    known = {(one.person, one.school, one.role, one.term) for one in there}
    gone = [one for one in there if (one.person, one.school, one.role, one.term) not in wanted]
    made = [_residency(plan, one, spans, since) for key, one in wanted.items() if key not in known]
    await withdraw(conn, district, [one.id for one in gone if one.starts_on >= today])
    await end_on(conn, district, [one.id for one in gone if one.starts_on < today], today - DAY)
    await add_residencies(conn, district, made)
    body = ResidenciesChanged(plan=plan.id, made=tuple(one.id for one in made), withdrawn=tuple(one.id for one in gone))
    await announce(conn, RESIDENCIES_CHANGED, district, body)


def _key(one: PlanEntry, plan: RotationPlan) -> tuple[str, str, str, str | None]:
    return one.person, one.school, one.role, one.term if plan.kind == "terms" else None


def _residency(plan: RotationPlan, one: PlanEntry, spans: Mapping[str, tuple[date, date]], since: date) -> Residency:
    first, last = spans[one.term]
    return Residency(
        id=str(uuid_utils.uuid7()),
        plan=plan.id,
        person=one.person,
        school=one.school,
        role=one.role,
        term=one.term if plan.kind == "terms" else None,
        starts_on=max(first, since),
        ends_on=last,
    )
