"""cancelRulePackBinding: before its day, a binding to a rule pack is taken back."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import registry

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.create_district import NAMES, other_district
from yanxiu_gateway.schema.district import District
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled


@strawberry.input(
    name="CancelRulePackBindingInput", description="cancelRulePackBinding 的输入。Input of cancelRulePackBinding."
)
class CancelRulePackBindingInput:
    """What to take back, and why."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    district: strawberry.ID = strawberry.field(description="区代码。The district's code.")
    since: date = strawberry.field(
        description="原定自哪天起适用；这一天必须尚未到来。The day from which it was to apply; it must not have come."
    )
    reason: str = strawberry.field(description="撤销的原因，留存备查。Why it is taken back; it is kept.")


@strawberry.type(
    name="CancelRulePackBindingPayload",
    description="cancelRulePackBinding 的结果。What cancelRulePackBinding came to.",
)
class CancelRulePackBindingPayload(Payload):
    """The district or errors."""

    district: District | None = strawberry.field(resolver=item_of, description="区县现状。The district as it now is.")


async def cancel_rule_pack_binding(
    info: Info,
    given: Annotated[CancelRulePackBindingInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Take back a binding that has not begun."""
    context, district = info.context, plain_id("District", given.district)
    if problem := key_problem(given.idempotency_key) or other_district(context.caller, district):
        return problem
    command = registry.CancelRulePackBinding(
        caller=context.caller, key=given.idempotency_key, since=given.since, reason=given.reason
    )
    ask = context.backend.cancel_rule_pack_binding
    return settled(await ask(command, deadline=context.deadline, district=district), NAMES)


@strawberry.type
class RulePackBindingMutations:
    """What can be done about bindings beside making one."""

    cancel_rule_pack_binding: CancelRulePackBindingPayload | None = strawberry.mutation(
        resolver=cancel_rule_pack_binding,
        description="在开始适用之前撤销一次规则包绑定。Take back a binding to a rule pack before its day.",
    )
