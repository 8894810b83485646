"""Teachers as of a day, with what they have earned and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import teacher as wire_teacher

from yanxiu_gateway.ahead import Above, Ahead, ahead_of, begin_known, follow_ups_of, followed_by
from yanxiu_gateway.execution.batch import Rows, by_itself, in_batch
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.dated_rows import named_schools
from yanxiu_gateway.schema.nodes import AsOf, Connection, Dated, Node, dated, plain_id
from yanxiu_gateway.schema.record import Record, list_records_of
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.stage import Stage, TeacherStatus
from yanxiu_gateway.schema.standing import Standing, Total, standing_of, standings_of, total_of
from yanxiu_gateway.schema.teacher_lists import list_teachers

value = strawberry.enum_value


@strawberry.enum(name="Gender", description="性别。Gender.")
class Gender(Enum):
    """As registered."""

    FEMALE = value("female", description="女。Female.")
    MALE = value("male", description="男。Male.")
    UNSTATED = value("unstated", description="未登记。Not stated.")


def school_ahead(above: Above, info: Info) -> Ahead:
    """The schools that `school_of` asks for."""
    reads = info.context.loaders.schools_by_id(above.day)
    return Ahead(reads, "school", followed_by(reads, (None,), info, Above(above.day, above.rows)))


@in_batch(ahead=school_ahead)
async def school_of(rows: Rows[Dated[Any]], info: Info) -> Any:
    """The schools that teachers or employments name, as of the same day."""
    return await named_schools(rows, info)


@strawberry.type(
    name="Employment",
    description="在一所学校的一段任职，首尾两天都算在内。A stretch of work at a school; both days included.",
)
class Employment:
    """An employment."""

    school: School | None = strawberry.field(resolver=school_of, description="任职学校。The school.")
    since: date = strawberry.field(description="自哪天起。First day.")
    until: date | None = strawberry.field(description="至哪天止，仍在任则为空。Last day; null while it goes on.")
    post: str = strawberry.field(description="岗位。The post held.")


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A stretch of days."""

    since: date
    until: date | None


@strawberry.type(name="Period", description="一段日子，首尾两天都算在内。A stretch of days; both included.")
class Period:
    """A period."""

    since: date = strawberry.field(description="自哪天起。First day.")
    until: date | None = strawberry.field(description="至哪天止，未结束则为空。Last day; null while it goes on.")


TeacherRow = strawberry.Parent[Dated[wire_teacher.Teacher]]


def employments_of(root: TeacherRow) -> Any:
    """Employments that remember the day the teacher was asked for."""
    return [Dated(employment, root.as_of) for employment in root.view.employments]


def head_teacher_periods_of(root: TeacherRow) -> Any:
    """When the teacher led a class."""
    return [PeriodRow(since, until) for since, until in root.view.head_teacher_periods]


Reveal = Annotated[
    bool,
    strawberry.argument(
        description="要完整号码；须有权限，每次都会记入审计。"
        "Ask for the whole number; needs the right role, and is audited."
    ),
]


Reason = Annotated[
    str | None,
    strawberry.argument(description="为何要看完整号码，记入审计。Why the whole number is needed; kept in the audit."),
]


@by_itself
async def national_id_of(root: TeacherRow, info: Info, reveal: Reveal = False, reason: Reason = None) -> str | None:
    """The masked national id, or the plain one when the registry grants it to this caller."""
    if not reveal:
        return root.view.national_id
    teacher = await info.context.loaders.revealed(root.id, root.as_of, reason or "")
    return teacher.national_id if teacher else None


@strawberry.type(name="Teacher", description="一位教师在某一天的情况。A teacher as of a day.")
class Teacher(Node):
    """A teacher."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A dated registry teacher is shown as this type."""
        return isinstance(obj, Dated) and isinstance(obj.view, wire_teacher.Teacher | wire_teacher.TeacherRow)

    staff_number: str = strawberry.field(description="工号，区内唯一。Staff number, unique in the district.")
    name: str = strawberry.field(description="姓名。Name.")
    national_id: str | None = strawberry.field(
        resolver=national_id_of, description="身份证号，默认遮盖。National id, masked unless revealed."
    )
    gender: Gender = strawberry.field(description="性别。Gender.")
    subject: str | None = strawberry.field(description="任教学科。Subject taught.")
    stage: Stage | None = strawberry.field(description="任教学段。Stage taught.")
    title: str | None = strawberry.field(description="职称。Professional title.")
    hired_on: date | None = strawberry.field(description="入职日。The day of hiring.")
    status: TeacherStatus = strawberry.field(description="在岗情况。Whether at work.")
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")
    school: School | None = strawberry.field(
        resolver=school_of, description="当日任职的学校。The school employed at on that day."
    )
    employments: list[Employment] = strawberry.field(resolver=employments_of, description="历次任职。All employments.")
    head_teacher_periods: list[Period] = strawberry.field(
        resolver=head_teacher_periods_of, description="担任班主任的时段。When the teacher led a class."
    )
    records: Connection[Record] | None = strawberry.field(
        resolver=list_records_of, description="研修记录。Training records."
    )
    total: Total | None = strawberry.field(
        resolver=total_of,
        description="台账合计；不在可见范围时为空。The sum of the ledger; null when out of scope.",
    )
    standing: Standing | None = strawberry.field(
        resolver=standing_of,
        description="在某类周期中的达标情况；不在可见范围时为空。"
        "The standing in a period of a kind; null when out of scope.",
    )
    standings: list[Standing] | None = strawberry.field(
        resolver=standings_of, description="几类周期中的达标情况。The standings in periods of several kinds."
    )


TeacherId = Annotated[strawberry.ID, strawberry.argument(name="id", description="教师编号。The teacher's id.")]


async def get_teacher(info: Info, teacher: TeacherId, as_of: AsOf = None) -> Any:
    """One teacher; None for one who does not exist here or is out of the caller's scope.

    What other services know of the id is asked beside it, and left where there is no such teacher.
    """
    plain, reads = plain_id("Teacher", teacher), info.context.loaders.teachers_by_id(as_of)
    ahead = ahead_of(info, Above(as_of, known=True))
    then = follow_ups_of(reads, info, ahead)
    begin_known(info, ahead, {"id": plain}, but=then)
    return dated(await reads.load(plain, then), as_of)


@strawberry.type(description="教师的查询。What can be asked about teachers.")
class TeacherQueries:
    """Root fields."""

    teacher: Teacher | None = strawberry.field(
        resolver=get_teacher, description="按编号取一位教师；不存在时为空。One teacher by id; null when there is none."
    )
    teachers: Connection[Teacher] | None = strawberry.field(
        resolver=list_teachers,
        description="可见范围内的教师，按工号排列。Teachers in the caller's scope, in staff-number order.",
    )
