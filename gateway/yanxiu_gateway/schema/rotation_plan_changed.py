"""Subscription rotationPlanChanged: a plan at once, and again whenever it has become another."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import strawberry
from yanxiu_wire.rotation_plan import ROTATION_PLAN_CHANGED, RotationPlanChanged

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.rotation_plan import PlanId, RotationPlan
from yanxiu_gateway.schema.watching import watched


async def rotation_plan_changed(info: Info, plan: PlanId) -> AsyncGenerator[RotationPlan | None, None]:
    """Give the plan as the query gives it, first at once, then each time that it is another than before.

    It ends after null: there is no such plan.
    """
    named = plain_id("RotationPlan", plan)

    def its(body: RotationPlanChanged) -> bool:
        return body.plan == named

    async def look() -> Any:
        return await info.context.loaders.visit_plans.plan(named)

    async for found in watched(info, ROTATION_PLAN_CHANGED, its, look, ends_with_nothing=True):
        yield found


@strawberry.type(description="蹲点方案的订阅。What can be followed of rotation plans.")
class RotationPlanSubscriptions:
    """Root fields."""

    rotation_plan_changed: AsyncGenerator[RotationPlan | None, None] = strawberry.subscription(
        resolver=rotation_plan_changed,
        description="一个蹲点方案：立即给出一次，此后每有变化（含排定进度）再给出；不存在时给出空值后结束。"
        "A rotation plan: at once, then whenever it has changed, its progress too; null when there is none.",
    )
