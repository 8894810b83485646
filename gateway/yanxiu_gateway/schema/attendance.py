"""Attendance: who was there, what is in doubt about it, and what the school decided."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import attendance as wire_attendance

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_teacher
from yanxiu_gateway.schema.record import Record
from yanxiu_gateway.schema.session import Session

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.teacher import Teacher

value = strawberry.enum_value
AttendanceRow = strawberry.Parent[wire_attendance.Attendance]
FlagRow = strawberry.Parent[wire_attendance.AttendanceFlag]
LazyTeacher = Annotated["Teacher", strawberry.lazy("yanxiu_gateway.schema.teacher")]


@strawberry.enum(name="AttendanceState", description="出勤的结论。What an attendance comes to.")
class AttendanceState(Enum):
    """Present, absent, or to be settled."""

    PRESENT = value("present", description="出席。Present.")
    ABSENT = value("absent", description="缺席。Absent.")
    UNSETTLED = value("unsettled", description="存疑，待学校核定。In doubt, until the school settles it.")


@strawberry.enum(name="AttendanceFlagKind", description="存疑的原因。Why an attendance is in doubt.")
class AttendanceFlagKind(Enum):
    """What was seen."""

    SHARED_DEVICE = value("shared-device", description="两人同一设备签到。Two people checked in on one device.")
    OVERLAP = value("overlap", description="同一时间在另一场次。In another session at the same time.")
    LEFT_EARLY = value("left-early", description="提前签退。Left before the end.")


other_teacher_of = named_teacher("other_teacher")


async def other_session_of(root: FlagRow, info: Info) -> Any:
    """The session at the same time."""
    return await info.context.loaders.session(root.other_session) if root.other_session else None


@strawberry.type(name="AttendanceFlag", description="出勤的一处存疑。A doubt about an attendance.")
class AttendanceFlag:
    """A flag."""

    kind: AttendanceFlagKind = strawberry.field(description="原因。Why.")
    other_teacher: LazyTeacher | None = strawberry.field(
        resolver=other_teacher_of, description="同一设备上的另一位教师。The other teacher on the device."
    )
    other_session: Session | None = strawberry.field(
        resolver=other_session_of, description="同一时间的另一场次。The other session at the same time."
    )
    open: bool = strawberry.field(description="是否尚待核定。Whether it still has to be settled.")
    raised_at: datetime = strawberry.field(description="何时发现。When it was seen.")


@strawberry.type(
    name="Settlement",
    description="学校对一人出勤的核定，只增不改。The school's decision on an attendance; none is changed.",
)
class Settlement:
    """A settlement."""

    number: int = strawberry.field(description="第几次核定。Which one it is.")
    present: bool = strawberry.field(description="是否出席。Whether present.")
    hours: Decimal = strawberry.field(description="核定的学时。The hours settled.")
    reason: str = strawberry.field(description="理由。Why.")
    by: str = strawberry.field(description="由谁核定。Who settled it.")
    recorded_at: datetime = strawberry.field(description="何时核定。When it was settled.")
    after_closing: bool = strawberry.field(description="是否在结束登记之后更正。Whether made after closing.")


teacher_of = named_teacher("teacher")


async def session_of(root: AttendanceRow, info: Info) -> Any:
    """The session."""
    return await info.context.loaders.session(root.session)


async def record_of(root: AttendanceRow, info: Info) -> Any:
    """The record made of it."""
    return await info.context.loaders.record(root.record) if root.record else None


@strawberry.type(name="Attendance", description="一位教师在一个场次的出勤。One teacher's attendance of one session.")
class Attendance:
    """An attendance."""

    teacher: LazyTeacher | None = strawberry.field(resolver=teacher_of, description="教师。The teacher.")
    session: Session | None = strawberry.field(resolver=session_of, description="场次。The session.")
    state: AttendanceState = strawberry.field(description="结论。What it comes to.")
    hours: Decimal = strawberry.field(description="计入的学时。The hours that count.")
    checked_in_at: datetime | None = strawberry.field(description="签到时刻。When he checked in.")
    checked_out_at: datetime | None = strawberry.field(description="签退时刻。When he checked out.")
    flags: list[AttendanceFlag] = strawberry.field(description="存疑之处。What is or was in doubt.")
    settlements: list[Settlement] = strawberry.field(description="历次核定。What the school decided, in order.")
    record: Record | None = strawberry.field(
        resolver=record_of, description="据此登记的研修记录。The training record made of it."
    )
