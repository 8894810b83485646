"""createArea and correctArea."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import area as wire

from yanxiu_gateway.schema.area import Area
from yanxiu_gateway.schema.carry_out import carry_out
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.correct_school import EXPECTED_VERSION, changes_of
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of


@strawberry.input(name="CreateAreaInput", description="createArea 的输入。Input of createArea.")
class CreateAreaInput:
    """What to enter."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    name: str = strawberry.field(
        description="片区名称，同一时期区内唯一。The area's name; no two areas bear it at a time."
    )
    begins_on: date = strawberry.field(description="第一天。First day.")


@strawberry.type(name="CreateAreaPayload", description="createArea 的结果。What createArea came to.")
class CreateAreaPayload(Payload):
    """The area or errors."""

    area: Area | None = strawberry.field(resolver=item_of, description="新登记的片区。The area entered.")


async def create_area(
    info: Info,
    given: Annotated[CreateAreaInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Enter an area."""
    command = wire.CreateArea(
        caller=info.context.caller, key=given.idempotency_key, name=given.name, begins_on=given.begins_on
    )
    return await carry_out(info, info.context.backend.create_area, command)


@strawberry.input(
    name="CorrectAreaInput",
    description="correctArea 的输入；没有写的字段不变。Input of correctArea; a field not given stays as it is.",
)
class CorrectAreaInput:
    """What to change."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    area_id: strawberry.ID = strawberry.field(description="片区编号。The area's id.")
    since: date = strawberry.field(description="名称自哪天起改。The day from which another name holds.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    name: str | None = strawberry.field(default=strawberry.UNSET, description="片区名称。The area's name.")
    begins_on: date | None = strawberry.field(default=strawberry.UNSET, description="第一天。First day.")
    ends_on: date | None = strawberry.field(
        default=strawberry.UNSET, description="最后一天；空为不撤销。Last day; null for none."
    )


@strawberry.type(name="CorrectAreaPayload", description="correctArea 的结果。What correctArea came to.")
class CorrectAreaPayload(Payload):
    """The area or errors."""

    area: Area | None = strawberry.field(resolver=item_of, description="改动后的片区。The area as changed.")


async def correct_area(
    info: Info,
    given: Annotated[CorrectAreaInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Change an area."""
    command = wire.CorrectArea(
        caller=info.context.caller,
        key=given.idempotency_key,
        area=plain_id("Area", given.area_id),
        since=given.since,
        expected_version=given.expected_version,
        changes=changes_of(given, ("name", "begins_on", "ends_on")),
    )
    return await carry_out(info, info.context.backend.correct_area, command)


@strawberry.type(description="片区的写操作。What can be done to areas.")
class AreaMutations:
    """Root fields."""

    create_area: CreateAreaPayload | None = strawberry.mutation(
        resolver=create_area, description="登记一个片区。Enter an area."
    )
    correct_area: CorrectAreaPayload | None = strawberry.mutation(
        resolver=correct_area,
        description="更改片区名称，或其起止日；仍有学校或教研组属于它的日子不能撤销。"
        "Change an area's name, or its first and last day; it does not end under its schools and groups.",
    )
