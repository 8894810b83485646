"""createSchool: enter a school in the register."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import registry

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import dated, plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Done, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.school import (
    WEAK_DECIDED_BY,
    School,
    SchoolAffiliation,
    SchoolLocation,
    SchoolOwnership,
)
from yanxiu_gateway.schema.stage import Stage
from yanxiu_gateway.schema.words import wire_word


@strawberry.input(name="CreateSchoolInput", description="createSchool 的输入。Input of createSchool.")
class CreateSchoolInput:
    """What to enter."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    code: str = strawberry.field(description="学校代码，区内唯一。School code, unique in the district.")
    name: str = strawberry.field(description="校名。The school's name.")
    stage: Stage = strawberry.field(description="学段。Stage of schooling.")
    location: SchoolLocation = strawberry.field(description="城镇或乡村。In town or in the country.")
    opened_on: date = strawberry.field(description="开办日。The day it opened.")
    ownership: SchoolOwnership = strawberry.field(
        default=SchoolOwnership.PUBLIC, description="公办或民办。Public or private."
    )
    affiliation: SchoolAffiliation = strawberry.field(
        default=SchoolAffiliation.COUNTY_SCHOOL, description="隶属关系。To whom it belongs."
    )
    area_id: strawberry.ID | None = strawberry.field(default=None, description="所属片区的编号。Id of its area.")
    weak_decided_by: str | None = strawberry.field(default=None, description=WEAK_DECIDED_BY)


@strawberry.type(name="CreateSchoolPayload", description="createSchool 的结果。What createSchool came to.")
class CreateSchoolPayload(Payload):
    """The school or errors."""

    school: School | None = strawberry.field(resolver=item_of, description="新登记的学校。The school entered.")


def with_day(done: Done) -> Done:
    """The changed row as of today."""
    return Done(dated(done.item, None), done.errors, done.replayed)


async def create_school(
    info: Info,
    given: Annotated[CreateSchoolInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Enter a school."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = registry.CreateSchool(
        caller=context.caller,
        key=given.idempotency_key,
        code=given.code,
        name=given.name,
        stage=wire_word(given.stage),
        location=wire_word(given.location),
        ownership=wire_word(given.ownership),
        affiliation=wire_word(given.affiliation),
        area=None if given.area_id is None else plain_id("Area", given.area_id),
        weak_decided_by=given.weak_decided_by,
        opened_on=given.opened_on,
    )
    return with_day(settled(await context.backend.create_school(command, deadline=context.deadline)))
