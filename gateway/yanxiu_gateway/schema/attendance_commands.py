"""Mutations of attendance: tokens issued, people checked in and out, attendance settled and made into records."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import attendance as wire_attendance
from yanxiu_wire.refusal import Refused

from yanxiu_gateway.names import NO_NAMES
from yanxiu_gateway.schema.attendance import Attendance
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import FactInput, named
from yanxiu_gateway.schema.named_rows import named_teacher
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import (
    IDEMPOTENCY_KEY,
    Done,
    Payload,
    UserError,
    key_problem,
    refused,
    settled,
)
from yanxiu_gateway.schema.record import Record
from yanxiu_gateway.schema.session import Session
from yanxiu_gateway.schema.session_commands import INPUT, SESSION_ID

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.teacher import Teacher

LazyTeacher = Annotated["Teacher", strawberry.lazy("yanxiu_gateway.schema.teacher")]
REPLAYED = "是否为同一幂等键先前的答复。Whether this repeats the answer to the same key."


# ---- check in, check out ---------------------------------------------------------------------------------------


@strawberry.input(name="IssueCheckInInput", description="issueCheckIn 的输入。Input of issueCheckIn.")
class IssueCheckInInput:
    """For which session, for whom."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    session_id: strawberry.ID = strawberry.field(description=SESSION_ID)
    teacher_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="为哪些教师；教师本人不填。For which teachers; a teacher leaves it out and asks for himself.",
    )


TokenRow = strawberry.Parent[wire_attendance.CheckInToken]


token_teacher_of = named_teacher("teacher")


async def token_session_of(root: TokenRow, info: Info) -> Any:
    """The session."""
    return await info.context.loaders.session(root.session)


@strawberry.type(
    name="CheckInToken",
    description="签到码：一人一场，一次有效，片刻即过期。A check-in token: one person, one session, once, for seconds.",
)
class CheckInToken:
    """A token."""

    teacher: LazyTeacher | None = strawberry.field(resolver=token_teacher_of, description="教师。The teacher.")
    session: Session | None = strawberry.field(resolver=token_session_of, description="场次。The session.")
    token: str = strawberry.field(description="签到码。The token.")
    expires_at: datetime = strawberry.field(description="何时过期。When it expires.")
    opens_at: datetime = strawberry.field(description="该场次何时开始签到。When check-in to the session opens.")


def tokens_of(root: strawberry.Parent[Done]) -> Any:
    """The tokens, none when there are errors."""
    return root.item.tokens if root.item is not None else []


@strawberry.type(name="IssueCheckInPayload", description="issueCheckIn 的结果。What issueCheckIn came to.")
class IssueCheckInPayload(Payload):
    """The tokens or errors."""

    tokens: list[CheckInToken] = strawberry.field(resolver=tokens_of, description="签到码。The tokens.")


async def issue_check_in(
    info: Info, given: Annotated[IssueCheckInInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Ask for tokens."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_attendance.IssueCheckIn(
        caller=context.caller,
        key=given.idempotency_key,
        session=plain_id("Session", given.session_id),
        teachers=tuple(plain_id("Teacher", one) for one in given.teacher_ids or ()),
    )
    return settled(await context.backend.issue_check_in(command, deadline=context.deadline), {"teachers": "teacherIds"})


@strawberry.input(name="CheckInInput", description="checkIn 的输入。Input of checkIn.")
class CheckInInput:
    """With what."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    token: str = strawberry.field(description="签到码。The token.")
    device: str = strawberry.field(
        description="设备标识，只保存其散列。What the front end knows the device by; only a hash is kept."
    )


def attendance_of(root: strawberry.Parent[Done]) -> Any:
    """The attendance, None when there are errors."""
    return root.item.attendance if root.item is not None else None


def replayed_of(root: strawberry.Parent[Done]) -> bool:
    """Whether the same key had been answered before."""
    return root.item is not None and root.item.replayed


@strawberry.type(name="CheckInPayload", description="checkIn 的结果。What checkIn came to.")
class CheckInPayload(Payload):
    """The attendance or errors."""

    attendance: Attendance | None = strawberry.field(resolver=attendance_of, description="出勤。The attendance.")
    replayed: bool = strawberry.field(resolver=replayed_of, description=REPLAYED)


async def check_in(
    info: Info, given: Annotated[CheckInInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Check in."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_attendance.CheckIn(
        caller=context.caller, key=given.idempotency_key, token=given.token, device=given.device
    )
    return settled(await context.backend.check_in(command, deadline=context.deadline))


@strawberry.input(name="CheckOutInput", description="checkOut 的输入。Input of checkOut.")
class CheckOutInput:
    """Of which session."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    session_id: strawberry.ID = strawberry.field(description=SESSION_ID)


@strawberry.type(name="CheckOutPayload", description="checkOut 的结果。What checkOut came to.")
class CheckOutPayload(Payload):
    """The attendance or errors."""

    attendance: Attendance | None = strawberry.field(resolver=attendance_of, description="出勤。The attendance.")


async def check_out(
    info: Info, given: Annotated[CheckOutInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Check out."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_attendance.CheckOut(
        caller=context.caller, key=given.idempotency_key, session=plain_id("Session", given.session_id)
    )
    return settled(await context.backend.check_out(command, deadline=context.deadline))


# ---- settle, register ------------------------------------------------------------------------------------------


@strawberry.input(name="SettleAttendanceInput", description="settleAttendance 的输入。Input of settleAttendance.")
class SettleAttendanceInput:
    """What the school decides."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    session_id: strawberry.ID = strawberry.field(description=SESSION_ID)
    teacher_id: strawberry.ID = strawberry.field(description="教师编号。The teacher's id.")
    present: bool = strawberry.field(description="是否出席。Whether present.")
    hours: Decimal | None = strawberry.field(
        default=None,
        description="计入的学时，默认为场次的全部学时。The hours that count; by default all of the session's.",
    )
    reason: str = strawberry.field(description="理由。Why.")


@strawberry.type(name="SettleAttendancePayload", description="settleAttendance 的结果。What settleAttendance came to.")
class SettleAttendancePayload(Payload):
    """The attendance or errors."""

    attendance: Attendance | None = strawberry.field(resolver=attendance_of, description="出勤。The attendance.")


async def settle_attendance(
    info: Info, given: Annotated[SettleAttendanceInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Settle an attendance."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_attendance.SettleAttendance(
        caller=context.caller,
        key=given.idempotency_key,
        session=plain_id("Session", given.session_id),
        teacher=plain_id("Teacher", given.teacher_id),
        present=given.present,
        hours=given.hours,
        reason=given.reason,
    )
    return settled(await context.backend.settle_attendance(command, deadline=context.deadline))


@strawberry.input(
    name="OwnFactsInput", description="一位教师自己的事实，如成绩。One teacher's own facts, such as a mark."
)
class OwnFactsInput:
    """A teacher's facts."""

    teacher_id: strawberry.ID = strawberry.field(description="教师编号。The teacher's id.")
    facts: list[FactInput] = strawberry.field(description="事实，按规则的名称。Facts, named as the law does.")


@strawberry.input(
    name="RegisterAttendedInput",
    description="registerAttended 的输入；场次与项目只填一个。Input of registerAttended; a session or a project.",
)
class RegisterAttendedInput:
    """What to register."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    session_id: strawberry.ID | None = strawberry.field(default=None, description=SESSION_ID)
    project_id: strawberry.ID | None = strawberry.field(default=None, description="项目编号。The project's id.")
    facts: list[FactInput] | None = strawberry.field(
        default=None, description="写入每条记录的事实。Facts that go into every record."
    )
    own: list[OwnFactsInput] | None = strawberry.field(
        default=None, description="各教师自己的事实。Facts of single teachers."
    )
    teacher_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="只登记这些教师。Only for these teachers."
    )


ResultRow = strawberry.Parent[wire_attendance.AttendedResult]


result_teacher_of = named_teacher("teacher")


async def result_record_of(root: ResultRow, info: Info) -> Any:
    """The record that was made."""
    return await info.context.loaders.record(root.record) if root.record else None


def result_errors_of(root: ResultRow) -> Any:
    """Why none was made."""
    return list(refused(root.errors, NO_NAMES, RegisterAttendedInput.__dataclass_fields__).errors)


@strawberry.type(name="AttendedResult", description="一位出席者的登记结果。What came of one attender.")
class AttendedResult:
    """A result."""

    teacher: LazyTeacher | None = strawberry.field(resolver=result_teacher_of, description="教师。The teacher.")
    record: Record | None = strawberry.field(resolver=result_record_of, description="登记的记录。The record made.")
    replayed: bool = strawberry.field(description=REPLAYED)
    errors: list[UserError] = strawberry.field(
        resolver=result_errors_of, description="未予登记的原因。Why no record was made."
    )


def results_of(root: strawberry.Parent[Done]) -> Any:
    """What came of each, none when there are errors."""
    return root.item.results if root.item is not None else []


@strawberry.type(name="RegisterAttendedPayload", description="registerAttended 的结果。What registerAttended came to.")
class RegisterAttendedPayload(Payload):
    """The results or errors."""

    results: list[AttendedResult] = strawberry.field(resolver=results_of, description="逐人的结果。What came of each.")


async def register_attended(
    info: Info, given: Annotated[RegisterAttendedInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Register who attended."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_attendance.RegisterAttended(
        caller=context.caller,
        key=given.idempotency_key,
        session=plain_id("Session", given.session_id) if given.session_id is not None else None,
        project=plain_id("Project", given.project_id) if given.project_id is not None else None,
        facts=named(given.facts),
        own={plain_id("Teacher", one.teacher_id): named(one.facts) for one in given.own or ()},
        teachers=tuple(plain_id("Teacher", one) for one in given.teacher_ids or ()),
    )
    reply = await context.backend.register_attended(command, deadline=context.deadline)
    return settled(reply) if isinstance(reply, Refused) else Done(reply)


@strawberry.type(description="出勤的办理。What can be done about attendance.")
class AttendanceMutations:
    """Root fields."""

    issue_check_in: IssueCheckInPayload | None = strawberry.mutation(
        resolver=issue_check_in,
        description="获取签到码：教师为本人，学校为所列教师。"
        "Ask for check-in tokens: a teacher his own, a school those of the teachers it names.",
    )
    check_in: CheckInPayload | None = strawberry.mutation(
        resolver=check_in, description="签到（教师本人）。Check in (the teacher himself)."
    )
    check_out: CheckOutPayload | None = strawberry.mutation(
        resolver=check_out, description="签退（教师本人，可不办）。Check out (the teacher himself; not required)."
    )
    settle_attendance: SettleAttendancePayload | None = strawberry.mutation(
        resolver=settle_attendance, description="核定一人的出勤。Settle one attendance."
    )
    register_attended: RegisterAttendedPayload | None = strawberry.mutation(
        resolver=register_attended,
        description="把出勤登记为研修记录，逐人办理。Make training records of attendance, each person on his own.",
    )
