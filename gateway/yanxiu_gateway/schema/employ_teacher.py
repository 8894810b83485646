"""employTeacher: move a teacher to a school from a day on."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import teacher as wire_teacher

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.create_school import with_day
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.teacher import Teacher


@strawberry.input(name="EmployTeacherInput", description="employTeacher 的输入。Input of employTeacher.")
class EmployTeacherInput:
    """Who goes where."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    teacher_id: strawberry.ID = strawberry.field(description="教师编号。The teacher's id.")
    school_id: strawberry.ID = strawberry.field(description="新任职学校的编号。Id of the new school.")
    since: date = strawberry.field(
        description="自哪天起；原任职到前一天为止。First day there; the running employment ends the day before."
    )
    post: str = strawberry.field(default="teacher", description="岗位。The post held.")


@strawberry.type(name="EmployTeacherPayload", description="employTeacher 的结果。What employTeacher came to.")
class EmployTeacherPayload(Payload):
    """The teacher or errors."""

    teacher: Teacher | None = strawberry.field(resolver=item_of, description="调动后的教师。The teacher as moved.")


async def employ_teacher(
    info: Info,
    given: Annotated[EmployTeacherInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Move a teacher."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_teacher.EmployTeacher(
        caller=context.caller,
        key=given.idempotency_key,
        teacher=plain_id("Teacher", given.teacher_id),
        school=plain_id("School", given.school_id),
        since=given.since,
        post=given.post,
    )
    return with_day(settled(await context.backend.employ_teacher(command, deadline=context.deadline)))
