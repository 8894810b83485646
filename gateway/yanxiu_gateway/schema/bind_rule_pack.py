"""bindRulePack: from a day on, the district is under a rule pack and its own settings."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import registry

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.create_district import NAMES, other_district
from yanxiu_gateway.schema.district import District
from yanxiu_gateway.schema.facts import FactInput, named
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled


@strawberry.input(name="BindRulePackInput", description="bindRulePack 的输入。Input of bindRulePack.")
class BindRulePackInput:
    """What to bind."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    district: strawberry.ID = strawberry.field(description="区代码。The district's code.")
    pack: str = strawberry.field(
        description="规则包所属的地区代码，如 puer。The jurisdiction of the pack, such as puer."
    )
    since: date = strawberry.field(description="自哪天起适用。The day from which it applies.")
    settings: list[FactInput] | None = strawberry.field(
        default=None, description="本区在规定幅度内的取值。What the district sets within the law's ranges."
    )
    decided_by: str | None = strawberry.field(default=None, description="作此决定的文件。The decision it rests on.")
    version: str | None = strawberry.field(
        default=None,
        description="规则包的版本；不填则为此刻安装的版本。The pack's version; the one installed now unless given.",
    )


@strawberry.type(name="BindRulePackPayload", description="bindRulePack 的结果。What bindRulePack came to.")
class BindRulePackPayload(Payload):
    """The district or errors."""

    district: District | None = strawberry.field(resolver=item_of, description="区县现状。The district as it now is.")


async def bind_rule_pack(
    info: Info,
    given: Annotated[BindRulePackInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Bind a district to a rule pack."""
    context, district = info.context, plain_id("District", given.district)
    if problem := key_problem(given.idempotency_key) or other_district(context.caller, district):
        return problem
    command = registry.BindRulePack(
        caller=context.caller,
        key=given.idempotency_key,
        pack=given.pack,
        since=given.since,
        settings=named(given.settings),
        decided_by=given.decided_by,
        version=given.version,
    )
    return settled(await context.backend.bind_rule_pack(command, deadline=context.deadline, district=district), NAMES)
