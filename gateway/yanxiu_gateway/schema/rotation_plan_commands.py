"""draftRotationPlan, reviseRotationPlan, redraftRotationPlan, startPlanning, cancelPlanning, adoptRotationPlan."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import rotation_plan as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, carried_out, item_of
from yanxiu_gateway.schema.rotation_plan import RotationPlan
from yanxiu_gateway.schema.rotation_plan_input import PlanAdditionsInput, additions_of

PLAN_ID = "方案编号。The plan's id."
ADDITIONS = "本区在规定之外的要求。What the district adds to the law."
_NAMES = {
    "plan": "planId",
    "additions.candidates": "candidateIds",
    "additions.helpers.person": "personId",
    "additions.needs.school": "schoolId",
    **{
        f"additions.{listed}.{named}": f"{named}Id"
        for listed in ("travel", "fixed", "forbidden", "excepted")
        for named in ("person", "school")
    },
}


@strawberry.type(name="RotationPlanPayload", description="蹲点方案写操作的结果。What a change of a plan came to.")
class RotationPlanPayload(Payload):
    """The plan or errors."""

    plan: RotationPlan | None = strawberry.field(resolver=item_of, description="方案。The plan as it now stands.")


@strawberry.input(name="DraftRotationPlanInput", description="draftRotationPlan 的输入。Input of draftRotationPlan.")
class DraftRotationPlanInput:
    """What to draft."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    name: str = strawberry.field(description="名称。Its name.")
    first_term: str | None = strawberry.field(default=None, description="首个学期的编号。Id of the first term.")
    starts_on: date | None = strawberry.field(default=None, description="批次的首日。First day of a batch.")
    additions: PlanAdditionsInput | None = strawberry.field(default=None, description=ADDITIONS)


@strawberry.input(name="ReviseRotationPlanInput", description="reviseRotationPlan 的输入。Input of reviseRotationPlan.")
class ReviseRotationPlanInput:
    """What to put in place."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    plan_id: strawberry.ID = strawberry.field(description=PLAN_ID)
    name: str | None = strawberry.field(default=None, description="新的名称。Another name.")
    additions: PlanAdditionsInput | None = strawberry.field(default=None, description=ADDITIONS)


@strawberry.input(name="RedraftRotationPlanInput", description="redraftRotationPlan 的输入。Its input.")
class RedraftRotationPlanInput:
    """What to plan anew."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    plan_id: strawberry.ID = strawberry.field(description="已采用的方案的编号。Id of the adopted plan.")
    reason: str = strawberry.field(description="缘由，如缺勤、新办学校。Why, such as an absence or a new school.")
    from_term: str | None = strawberry.field(
        default=None,
        description="从哪个学期起调整，默认首个未开始的学期。From which term on; the first to come by default.",
    )
    additions: PlanAdditionsInput | None = strawberry.field(
        default=None, description="新的要求；不写则沿用。Other additions; those of the adopted plan by default."
    )


@strawberry.input(name="StartPlanningInput", description="startPlanning 的输入。Input of startPlanning.")
class StartPlanningInput:
    """What to start."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    plan_id: strawberry.ID = strawberry.field(description=PLAN_ID)
    seconds: int = strawberry.field(
        default=30, description="限时，1 到 300 秒。Seconds it may take, between 1 and 300."
    )


@strawberry.input(name="CancelPlanningInput", description="cancelPlanning 的输入。Input of cancelPlanning.")
class CancelPlanningInput:
    """What to end."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    plan_id: strawberry.ID = strawberry.field(description=PLAN_ID)


@strawberry.input(name="AdoptRotationPlanInput", description="adoptRotationPlan 的输入。Input of adoptRotationPlan.")
class AdoptRotationPlanInput:
    """What to adopt."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    plan_id: strawberry.ID = strawberry.field(description=PLAN_ID)


async def draft_rotation_plan(
    info: Info,
    given: Annotated[DraftRotationPlanInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Draft a plan."""
    command = wire.DraftRotationPlan(
        caller=info.context.caller,
        key=given.idempotency_key,
        name=given.name,
        first_term=given.first_term,
        starts_on=given.starts_on,
        additions=additions_of(given.additions),
    )
    return await carried_out(info, info.context.backend.draft_rotation_plan, command, _NAMES)


async def revise_rotation_plan(
    info: Info,
    given: Annotated[ReviseRotationPlanInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Revise a plan."""
    command = wire.ReviseRotationPlan(
        caller=info.context.caller,
        key=given.idempotency_key,
        plan=plain_id("RotationPlan", given.plan_id),
        name=given.name,
        additions=None if given.additions is None else additions_of(given.additions),
    )
    return await carried_out(info, info.context.backend.revise_rotation_plan, command, _NAMES)


async def redraft_rotation_plan(
    info: Info,
    given: Annotated[RedraftRotationPlanInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Draft the plan that replaces an adopted one."""
    command = wire.RedraftRotationPlan(
        caller=info.context.caller,
        key=given.idempotency_key,
        plan=plain_id("RotationPlan", given.plan_id),
        reason=given.reason,
        from_term=given.from_term,
        additions=None if given.additions is None else additions_of(given.additions),
    )
    return await carried_out(info, info.context.backend.redraft_rotation_plan, command, _NAMES)


async def start_planning(
    info: Info,
    given: Annotated[StartPlanningInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Start the planner."""
    command = wire.StartPlanning(
        caller=info.context.caller,
        key=given.idempotency_key,
        plan=plain_id("RotationPlan", given.plan_id),
        seconds=given.seconds,
    )
    return await carried_out(info, info.context.backend.start_planning, command, _NAMES)


async def cancel_planning(
    info: Info,
    given: Annotated[CancelPlanningInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Ask the planner to end."""
    plan = plain_id("RotationPlan", given.plan_id)
    command = wire.CancelPlanning(caller=info.context.caller, key=given.idempotency_key, plan=plan)
    return await carried_out(info, info.context.backend.cancel_planning, command, _NAMES)


async def adopt_rotation_plan(
    info: Info,
    given: Annotated[AdoptRotationPlanInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Adopt a plan."""
    plan = plain_id("RotationPlan", given.plan_id)
    command = wire.AdoptRotationPlan(caller=info.context.caller, key=given.idempotency_key, plan=plan)
    return await carried_out(info, info.context.backend.adopt_rotation_plan, command, _NAMES)


@strawberry.type(description="蹲点方案的写操作。What can be done about rotation plans.")
class RotationPlanMutations:
    """Root fields."""

    draft_rotation_plan: RotationPlanPayload | None = strawberry.mutation(
        resolver=draft_rotation_plan, description="起草一个蹲点方案。Draft a rotation plan."
    )
    revise_rotation_plan: RotationPlanPayload | None = strawberry.mutation(
        resolver=revise_rotation_plan, description="修改未采用的方案，退回草案。Revise a plan that was not adopted."
    )
    redraft_rotation_plan: RotationPlanPayload | None = strawberry.mutation(
        resolver=redraft_rotation_plan,
        description="从已采用的方案重新起草，排定时改动最少。Draft the plan that is to replace an adopted one.",
    )
    start_planning: RotationPlanPayload | None = strawberry.mutation(
        resolver=start_planning,
        description="开始排定，立即答复；进度见方案与订阅。Start the planner; it answers at once and works apart.",
    )
    cancel_planning: RotationPlanPayload | None = strawberry.mutation(
        resolver=cancel_planning, description="中止排定，保留目前最好的方案。End the planner; its best so far stays."
    )
    adopt_rotation_plan: RotationPlanPayload | None = strawberry.mutation(
        resolver=adopt_rotation_plan,
        description="采用方案：不再改动，生成蹲点安排。Adopt a plan: it is frozen, residencies are made of it.",
    )
