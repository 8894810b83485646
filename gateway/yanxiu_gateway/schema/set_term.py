"""setTerm: enter or correct a term of the district."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import term as wire_term

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.term import Term


@strawberry.input(name="SetTermInput", description="setTerm 的输入。Input of setTerm.")
class SetTermInput:
    """Which term."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    school_year: str = strawberry.field(description="学年，如 2024-2025。The school year, such as 2024-2025.")
    number: int = strawberry.field(description="学年内的第几学期。Its number in the school year.")
    starts_on: date = strawberry.field(description="第一天。First day.")
    ends_on: date = strawberry.field(description="最后一天。Last day.")


@strawberry.type(name="SetTermPayload", description="setTerm 的结果。What setTerm came to.")
class SetTermPayload(Payload):
    """The term or errors."""

    term: Term | None = strawberry.field(resolver=item_of, description="学期。The term.")


async def set_term(
    info: Info,
    given: Annotated[SetTermInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Enter a term."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_term.SetTerm(
        caller=context.caller,
        key=given.idempotency_key,
        school_year=given.school_year,
        number=given.number,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
    )
    return settled(await context.backend.set_term(command, deadline=context.deadline))
