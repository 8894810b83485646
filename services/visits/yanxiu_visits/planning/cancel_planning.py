"""Ask the planner to end now."""

from __future__ import annotations

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rotation_plan import CancelPlanning, RotationPlan

from yanxiu_visits.planning import refusals
from yanxiu_visits.planning.plan_store import change_plan, read_plans
from yanxiu_visits.service import Service


async def cancel_planning(
    service: Service, district: str, command: CancelPlanning, deadline: Deadline
) -> RotationPlan | Refused:
    """Note the wish; whoever plans it sees it within a second and keeps the best so far."""

    async def work(conn: AsyncConnection) -> RotationPlan | Refused:
        plan = (await read_plans(conn, district, [command.plan])).get(command.plan)
        if plan is None:
            return refusals.plan_unknown(command.plan)
        if plan.state != "planning":
            return refusals.plan_not_so(plan.id, plan.state, ["planning"])
        wished = replace(plan, cancelling=True)
        await change_plan(conn, district, wished)
        return wished

    answer = await once(service.databases, district, command, RotationPlan, deadline, work)
    service.planning.wake(district)
    return answer
