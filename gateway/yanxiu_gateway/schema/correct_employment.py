"""correctEmployment: correct one employment of a teacher, or take back one that was entered by mistake."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import teacher as wire_teacher

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.correct_school import EXPECTED_VERSION, changes_of
from yanxiu_gateway.schema.create_school import with_day
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.teacher import Teacher


@strawberry.input(
    name="CorrectEmploymentInput",
    description="correctEmployment 的输入；没有写的字段不变。"
    "Input of correctEmployment; a field not given stays as it is.",
)
class CorrectEmploymentInput:
    """Which employment, and what to change."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    teacher_id: strawberry.ID = strawberry.field(description="教师编号。The teacher's id.")
    begun_on: date = strawberry.field(
        description="要更正的那段任职现登记的起始日。The first day, as now entered, of the employment to correct."
    )
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    since: date | None = strawberry.field(
        default=strawberry.UNSET,
        description="更正后的起始日；紧接的上一段任职随之到前一天为止。"
        "The right first day; an employment that it followed without a break then ends the day before.",
    )
    school_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="更正后的学校编号。Id of the right school."
    )
    post: str | None = strawberry.field(default=strawberry.UNSET, description="更正后的岗位。The right post.")
    take_back: bool = strawberry.field(
        default=False,
        description="撤回误登记的这段任职；紧接的上一段任职继续。"
        "Take back an employment entered by mistake; the one it followed without a break goes on.",
    )


@strawberry.type(
    name="CorrectEmploymentPayload", description="correctEmployment 的结果。What correctEmployment came to."
)
class CorrectEmploymentPayload(Payload):
    """The teacher or errors."""

    teacher: Teacher | None = strawberry.field(resolver=item_of, description="更正后的教师。The teacher as corrected.")


async def correct_employment(
    info: Info,
    given: Annotated[CorrectEmploymentInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Correct an employment."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    changes = changes_of(given, ("since", "post"))
    if given.school_id is not strawberry.UNSET:
        changes["school"] = plain_id("School", given.school_id) if given.school_id else None
    command = wire_teacher.CorrectEmployment(
        caller=context.caller,
        key=given.idempotency_key,
        teacher=plain_id("Teacher", given.teacher_id),
        begun_on=given.begun_on,
        expected_version=given.expected_version,
        changes=changes,
        take_back=given.take_back,
    )
    return with_day(settled(await context.backend.correct_employment(command, deadline=context.deadline)))
