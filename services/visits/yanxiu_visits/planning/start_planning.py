"""Start the planner on a plan: the answer is the plan as it begins, the planner works apart."""

from __future__ import annotations

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rotation_plan import PlanContents, RotationPlan, StartPlanning

from yanxiu_visits import refusals as general
from yanxiu_visits.planning import refusals
from yanxiu_visits.planning.ground import problem_of
from yanxiu_visits.planning.plan_store import put_plan, read_contents, read_plans
from yanxiu_visits.planning.problem_text import written
from yanxiu_visits.planning.revise_plan import AT_REST, as_draft
from yanxiu_visits.service import Service

MOST_SECONDS = 300


async def start_planning(
    service: Service, district: str, command: StartPlanning, deadline: Deadline
) -> RotationPlan | Refused:
    """Keep what the planner is asked, from the facts as they are now; whichever process is free takes it up."""
    if not 1 <= command.seconds <= MOST_SECONDS:
        return general.out_of_bounds("seconds", command.seconds, 1, MOST_SECONDS)

    async def work(conn: AsyncConnection) -> RotationPlan | Refused:
        plan = (await read_plans(conn, district, [command.plan])).get(command.plan)
        contents = await read_contents(conn, district, command.plan)
        if plan is None or contents is None:
            return refusals.plan_unknown(command.plan)
        if plan.state not in AT_REST:
            return refusals.plan_not_so(plan.id, plan.state, AT_REST)
        problem = await problem_of(service, conn, district, plan, contents.additions)
        if isinstance(problem, Refused):
            return problem
        started = replace(as_draft(plan), state="planning", started_at=service.clock.now())
        emptied = PlanContents(id=plan.id, additions=contents.additions)
        await put_plan(conn, district, started, emptied, problem=written(problem), seconds=command.seconds)
        return started

    answer = await once(service.databases, district, command, RotationPlan, deadline, work)
    service.planning.wake(district)
    return answer
