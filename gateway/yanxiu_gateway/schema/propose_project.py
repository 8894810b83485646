"""proposeProject: enter a training project with the facts that it fixes for its records."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from yanxiu_wire import credits as wire_credits

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import FactInput, named
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.project import Project
from yanxiu_gateway.schema.standard_facts import FACTS, written_facts


@strawberry.input(name="ProposeProjectInput", description="proposeProject 的输入。Input of proposeProject.")
class ProposeProjectInput:
    """What to propose."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    title: str = strawberry.field(description="项目名称。The project's title.")
    organiser: str = strawberry.field(description="主办单位。Who organises it.")
    starts_on: date | None = strawberry.field(default=None, description="第一天。First day.")
    ends_on: date | None = strawberry.field(default=None, description="最后一天。Last day.")
    kind: str | None = strawberry.field(default=None, description=FACTS["kind"])
    mode: str | None = strawberry.field(default=None, description=FACTS["mode"])
    level: str | None = strawberry.field(default=None, description=FACTS["level"])
    module: str | None = strawberry.field(default=None, description=FACTS["module"])
    project_credit: Decimal | None = strawberry.field(default=None, description=FACTS["project_credit"])
    self_chosen: bool | None = strawberry.field(default=None, description=FACTS["self_chosen"])
    hours_planned: Decimal | None = strawberry.field(default=None, description=FACTS["hours_planned"])
    days_planned: Decimal | None = strawberry.field(default=None, description=FACTS["days_planned"])
    facts: list[FactInput] | None = strawberry.field(default=None, description=FACTS["facts"])


@strawberry.type(name="ProposeProjectPayload", description="proposeProject 的结果。What proposeProject came to.")
class ProposeProjectPayload(Payload):
    """The project or errors."""

    project: Project | None = strawberry.field(resolver=item_of, description="申报的项目。The project proposed.")


async def propose_project(
    info: Info,
    given: Annotated[ProposeProjectInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Propose a project."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_credits.ProposeProject(
        caller=context.caller,
        key=given.idempotency_key,
        title=given.title,
        organiser=given.organiser,
        facts={**named(given.facts), **written_facts(given)},
        starts_on=given.starts_on,
        ends_on=given.ends_on,
    )
    reply = await context.backend.propose_project(command, deadline=context.deadline)
    return settled(reply, own=ProposeProjectInput.__dataclass_fields__)
