"""Every subscription, gathered from its noun."""

from __future__ import annotations

import strawberry

from yanxiu_gateway.schema.awards_changed import AwardSubscriptions
from yanxiu_gateway.schema.field_work_changed import FieldWorkSubscriptions
from yanxiu_gateway.schema.job_changed import WorkSubscriptions
from yanxiu_gateway.schema.rotation_plan_changed import RotationPlanSubscriptions
from yanxiu_gateway.schema.standing_changed import StandingSubscriptions
from yanxiu_gateway.schema.supervision_changed import SupervisionSubscriptions
from yanxiu_gateway.schema.term_minima import TermMinimaSubscriptions


@strawberry.type(
    name="Subscription",
    description="订阅：graphql-transport-ws（WebSocket）或 SSE，权限与查询相同。"
    "Subscriptions, over graphql-transport-ws or SSE, with the same rights as queries.",
)
class Subscription(
    StandingSubscriptions,
    FieldWorkSubscriptions,
    TermMinimaSubscriptions,
    RotationPlanSubscriptions,
    SupervisionSubscriptions,
    AwardSubscriptions,
    WorkSubscriptions,
):
    """Root fields."""
