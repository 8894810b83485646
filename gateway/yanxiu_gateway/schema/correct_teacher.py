"""correctTeacher: change named fields of a teacher from a day on."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import teacher as wire_teacher

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.correct_school import EXPECTED_VERSION, SINCE, changes_of
from yanxiu_gateway.schema.create_school import with_day
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.stage import Stage, TeacherStatus
from yanxiu_gateway.schema.teacher import Gender, Teacher


@strawberry.input(name="PeriodInput", description="一段日子，首尾两天都算在内。A stretch of days; both included.")
class PeriodInput:
    """A period."""

    since: date = strawberry.field(description="自哪天起。First day.")
    until: date | None = strawberry.field(
        default=None, description="至哪天止，未结束则不写。Last day; left out while it goes on."
    )


@strawberry.input(
    name="CorrectTeacherInput",
    description="correctTeacher 的输入；没有写的字段不变。Input of correctTeacher; a field not given stays as it is.",
)
class CorrectTeacherInput:
    """What to change."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    teacher_id: strawberry.ID = strawberry.field(description="教师编号。The teacher's id.")
    since: date = strawberry.field(description=SINCE)
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    staff_number: str | None = strawberry.field(default=strawberry.UNSET, description="工号。Staff number.")
    name: str | None = strawberry.field(default=strawberry.UNSET, description="姓名。Name.")
    national_id: str | None = strawberry.field(default=strawberry.UNSET, description="身份证号。National id.")
    gender: Gender | None = strawberry.field(default=strawberry.UNSET, description="性别。Gender.")
    subject: str | None = strawberry.field(default=strawberry.UNSET, description="任教学科。Subject taught.")
    stage: Stage | None = strawberry.field(default=strawberry.UNSET, description="任教学段。Stage taught.")
    title: str | None = strawberry.field(default=strawberry.UNSET, description="职称。Professional title.")
    hired_on: date | None = strawberry.field(default=strawberry.UNSET, description="入职日。The day of hiring.")
    status: TeacherStatus | None = strawberry.field(default=strawberry.UNSET, description="在岗情况。Whether at work.")
    head_teacher_periods: list[PeriodInput] | None = strawberry.field(
        default=strawberry.UNSET, description="担任班主任的全部时段。All the times the teacher led a class."
    )


@strawberry.type(name="CorrectTeacherPayload", description="correctTeacher 的结果。What correctTeacher came to.")
class CorrectTeacherPayload(Payload):
    """The teacher or errors."""

    teacher: Teacher | None = strawberry.field(resolver=item_of, description="改动后的教师。The teacher as changed.")


CHANGEABLE = ("staff_number", "name", "national_id", "gender", "subject", "stage", "title", "hired_on", "status")


async def correct_teacher(
    info: Info,
    given: Annotated[CorrectTeacherInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Change a teacher."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    changes = changes_of(given, CHANGEABLE)
    if given.head_teacher_periods is not strawberry.UNSET:
        changes["head_teacher_periods"] = [(part.since, part.until) for part in given.head_teacher_periods or ()]
    command = wire_teacher.CorrectTeacher(
        caller=context.caller,
        key=given.idempotency_key,
        teacher=plain_id("Teacher", given.teacher_id),
        since=given.since,
        expected_version=given.expected_version,
        changes=changes,
    )
    return with_day(settled(await context.backend.correct_teacher(command, deadline=context.deadline)))
