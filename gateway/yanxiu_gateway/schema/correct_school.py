"""correctSchool: change named fields of a school from a day on; earlier days keep the earlier values."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import registry

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.create_school import with_day
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.school import (
    WEAK_DECIDED_BY,
    School,
    SchoolAffiliation,
    SchoolLocation,
    SchoolOwnership,
)
from yanxiu_gateway.schema.stage import Stage
from yanxiu_gateway.schema.words import wire_word

SINCE = "自哪天起改。The day from which the change holds."
EXPECTED_VERSION = (
    "你所看到的版本号；已被他人改动则不予办理。The version you saw; refused when somebody has changed it since."
)


@strawberry.input(
    name="CorrectSchoolInput",
    description="correctSchool 的输入；没有写的字段不变。Input of correctSchool; a field not given stays as it is.",
)
class CorrectSchoolInput:
    """What to change."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    school_id: strawberry.ID = strawberry.field(description="学校编号。The school's id.")
    since: date = strawberry.field(description=SINCE)
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    code: str | None = strawberry.field(default=strawberry.UNSET, description="学校代码。School code.")
    name: str | None = strawberry.field(default=strawberry.UNSET, description="校名。The school's name.")
    stage: Stage | None = strawberry.field(default=strawberry.UNSET, description="学段。Stage of schooling.")
    location: SchoolLocation | None = strawberry.field(
        default=strawberry.UNSET, description="城镇或乡村。In town or in the country."
    )
    ownership: SchoolOwnership | None = strawberry.field(
        default=strawberry.UNSET, description="公办或民办。Public or private."
    )
    affiliation: SchoolAffiliation | None = strawberry.field(
        default=strawberry.UNSET, description="隶属关系。To whom it belongs."
    )
    area_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="所属片区的编号，空为不属任何片区。Id of its area; null for none."
    )
    weak_decided_by: str | None = strawberry.field(default=strawberry.UNSET, description=WEAK_DECIDED_BY)
    closed_on: date | None = strawberry.field(default=strawberry.UNSET, description="停办日。The day it closed.")


@strawberry.type(name="CorrectSchoolPayload", description="correctSchool 的结果。What correctSchool came to.")
class CorrectSchoolPayload(Payload):
    """The school or errors."""

    school: School | None = strawberry.field(resolver=item_of, description="改动后的学校。The school as changed.")


def changes_of(given: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields that the client wrote, null included, in the wire's words."""
    changes: dict[str, Any] = {}
    for name in names:
        value = getattr(given, name)
        if value is not strawberry.UNSET:
            changes[name] = wire_word(value) if isinstance(value, Enum) else value
    return changes


CHANGEABLE = ("code", "name", "stage", "location", "ownership", "affiliation", "weak_decided_by", "closed_on")


async def correct_school(
    info: Info,
    given: Annotated[CorrectSchoolInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Change a school."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    changes = changes_of(given, CHANGEABLE)
    if given.area_id is not strawberry.UNSET:
        changes["area"] = None if given.area_id is None else plain_id("Area", given.area_id)
    command = registry.CorrectSchool(
        caller=context.caller,
        key=given.idempotency_key,
        school=plain_id("School", given.school_id),
        since=given.since,
        expected_version=given.expected_version,
        changes=changes,
    )
    return with_day(settled(await context.backend.correct_school(command, deadline=context.deadline)))
