"""createTeacher: enter a teacher with a first employment."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import teacher as wire_teacher

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.create_school import with_day
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.stage import Stage
from yanxiu_gateway.schema.teacher import Gender, Teacher
from yanxiu_gateway.schema.words import wire_word


@strawberry.input(name="CreateTeacherInput", description="createTeacher 的输入。Input of createTeacher.")
class CreateTeacherInput:
    """Whom to enter."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    staff_number: str = strawberry.field(description="工号，区内唯一。Staff number, unique in the district.")
    name: str = strawberry.field(description="姓名。Name.")
    school_id: strawberry.ID = strawberry.field(description="任职学校的编号。Id of the school.")
    employed_since: date = strawberry.field(description="到校日。First day at the school.")
    national_id: str | None = strawberry.field(
        default=None, description="身份证号，加密保存，区内唯一。National id; kept encrypted, unique in the district."
    )
    gender: Gender = strawberry.field(default=Gender.UNSTATED, description="性别。Gender.")
    subject: str | None = strawberry.field(default=None, description="任教学科。Subject taught.")
    stage: Stage | None = strawberry.field(default=None, description="任教学段。Stage taught.")
    title: str | None = strawberry.field(default=None, description="职称。Professional title.")
    hired_on: date | None = strawberry.field(default=None, description="入职日。The day of hiring.")
    post: str = strawberry.field(default="teacher", description="岗位。The post held.")


@strawberry.type(name="CreateTeacherPayload", description="createTeacher 的结果。What createTeacher came to.")
class CreateTeacherPayload(Payload):
    """The teacher or errors."""

    teacher: Teacher | None = strawberry.field(resolver=item_of, description="新登记的教师。The teacher entered.")


async def create_teacher(
    info: Info,
    given: Annotated[CreateTeacherInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Enter a teacher."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_teacher.CreateTeacher(
        caller=context.caller,
        key=given.idempotency_key,
        staff_number=given.staff_number,
        name=given.name,
        school=plain_id("School", given.school_id),
        employed_since=given.employed_since,
        national_id=given.national_id,
        gender=wire_word(given.gender),
        subject=given.subject,
        stage=wire_word(given.stage),
        title=given.title,
        hired_on=given.hired_on,
        post=given.post,
    )
    return with_day(settled(await context.backend.create_teacher(command, deadline=context.deadline)))
