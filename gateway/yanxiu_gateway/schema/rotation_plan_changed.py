"""Subscription rotationPlanChanged: a plan at once, and again whenever it has become another."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from typing import Any

import strawberry
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable
from yanxiu_wire.rotation_plan import ROTATION_PLAN_CHANGED, RotationPlanChanged

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.rotation_plan import PlanId, RotationPlan
from yanxiu_gateway.schema.standing_changed import wait_for_change

_NOTHING: Any = object()


async def rotation_plan_changed(info: Info, plan: PlanId) -> AsyncGenerator[RotationPlan | None, None]:
    """Give the plan as the query gives it, first at once, then each time that it is another than before.

    It ends with an error when the token runs out, and quietly when the process ends or there is no such plan.
    """
    live = info.context.live
    if live is None:
        raise RuntimeError("a subscription without its means")
    named, ends = plain_id("RotationPlan", plan), time.monotonic() + live.seconds

    def its(body: RotationPlanChanged) -> bool:
        return body.plan == named

    with live.held.subscription(info.context.caller):
        async with live.changes.heard(ROTATION_PLAN_CHANGED, info.context.caller.district, its) as change:
            shown: Any = _NOTHING
            while not live.held.ending.is_set():
                found = await _plan(info, named, first=shown is _NOTHING)
                if found is not _NOTHING and found != shown:
                    shown = found
                    yield found
                    if found is None:
                        return
                await wait_for_change(live, change, ends, retry=found is _NOTHING)


async def _plan(info: Info, plan: str, *, first: bool) -> Any:
    """The plan, or nothing while the service is away; the first question fails as a query would."""
    info.context.renew()
    try:
        return await info.context.loaders.visit_plans.plan(plan)
    except (ServiceUnavailable, DeadlineExceeded):
        if first:
            raise
        return _NOTHING


@strawberry.type(description="蹲点方案的订阅。What can be followed of rotation plans.")
class RotationPlanSubscriptions:
    """Root fields."""

    rotation_plan_changed: AsyncGenerator[RotationPlan | None, None] = strawberry.subscription(
        resolver=rotation_plan_changed,
        description="一个蹲点方案：立即给出一次，此后每有变化（含排定进度）再给出；不存在时给出空值后结束。"
        "A rotation plan: at once, then whenever it has changed, its progress too; null when there is none.",
    )
