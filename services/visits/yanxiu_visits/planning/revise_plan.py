"""Put other additions, or another name, into a plan that was not adopted."""

from __future__ import annotations

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rotation_plan import PlanContents, PlanState, ReviseRotationPlan, RotationPlan

from yanxiu_visits import refusals as general
from yanxiu_visits.planning import refusals
from yanxiu_visits.planning.draft_plan import LONGEST_NAME
from yanxiu_visits.planning.ground import problem_of
from yanxiu_visits.planning.plan_store import put_plan, read_contents, read_plans
from yanxiu_visits.service import Service

AT_REST: tuple[PlanState, ...] = ("draft", "planned", "impossible", "undecided", "cancelled", "failed")


async def revise_plan(
    service: Service, district: str, command: ReviseRotationPlan, deadline: Deadline
) -> RotationPlan | Refused:
    """Make it a draft again: what the planner said of the former additions is dropped."""
    if command.name is not None and not 0 < len(command.name.strip()) <= LONGEST_NAME:
        return general.text_malformed("name", command.name, LONGEST_NAME)

    async def work(conn: AsyncConnection) -> RotationPlan | Refused:
        plan = (await read_plans(conn, district, [command.plan])).get(command.plan)
        contents = await read_contents(conn, district, command.plan)
        if plan is None or contents is None:
            return refusals.plan_unknown(command.plan)
        if plan.state not in AT_REST:
            return refusals.plan_not_so(plan.id, plan.state, AT_REST)
        additions = command.additions or contents.additions
        problem = await problem_of(service, conn, district, plan, additions)
        if isinstance(problem, Refused):
            return problem
        name = plan.name if command.name is None else command.name.strip()
        draft = as_draft(replace(plan, name=name))
        await put_plan(conn, district, draft, PlanContents(id=plan.id, additions=additions), problem=None, seconds=0)
        return draft

    return await once(service.databases, district, command, RotationPlan, deadline, work)


def as_draft(plan: RotationPlan) -> RotationPlan:
    """Return a plan without anything that the planner said."""
    return RotationPlan(
        id=plan.id,
        name=plan.name,
        kind=plan.kind,
        state="draft",
        terms=plan.terms,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        open_from=plan.open_from,
        replaces=plan.replaces,
        reason=plan.reason,
        drafted_by=plan.drafted_by,
        drafted_at=plan.drafted_at,
    )
