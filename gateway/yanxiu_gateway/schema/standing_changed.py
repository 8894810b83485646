"""Subscription standingChanged: a teacher's standing at once, and again whenever it has become another."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import strawberry
from yanxiu_wire.credits import CREDIT_RECOGNISED, CreditRecognised

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.standing import Kind, OfTeacher, On, Standing
from yanxiu_gateway.schema.watching import watched


async def standing_changed(
    info: Info, teacher: OfTeacher, kind: Kind, on: On = None
) -> AsyncGenerator[Standing | None, None]:
    """Give the standing as the query gives it, first at once, then each time that it is another than before.

    It ends after null: there is nothing to see.
    """
    named = plain_id("Teacher", teacher)

    def his(body: CreditRecognised) -> bool:
        return body.entry.teacher == named

    async def look() -> Any:
        return await info.context.loaders.standing(named, kind, on)

    async for found in watched(info, CREDIT_RECOGNISED, his, look, ends_with_nothing=True):
        yield found


@strawberry.type(description="达标情况的订阅。Subscriptions of standings.")
class StandingSubscriptions:
    """Root fields."""

    standing_changed: AsyncGenerator[Standing | None, None] = strawberry.subscription(
        resolver=standing_changed,
        description="一位教师在某类周期中的达标情况：立即给出一次，此后每有变化再给出；不在可见范围时给出空值后结束。"
        "A teacher's standing: at once, then whenever it has changed; null and the end when out of scope.",
    )
