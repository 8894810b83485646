"""Mutations of sessions: announced, corrected, called off, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from yanxiu_wire import attendance as wire_attendance
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_gateway.errors import say
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import FactInput, named
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import (
    IDEMPOTENCY_KEY,
    Payload,
    item_of,
    key_problem,
    settled,
)
from yanxiu_gateway.schema.session import Session

INPUT = "输入。The input."
SESSION_ID = "场次编号。The session's id."
FACTS_OF_EACH = (
    "写入每位出席者记录的事实，按规则的名称。Facts that go into each attender's record, named as the law does."
)


# ---- announce, correct, cancel, close --------------------------------------------------------------------------


@strawberry.input(name="ScheduleSessionInput", description="scheduleSession 的输入。Input of scheduleSession.")
class ScheduleSessionInput:
    """What to announce."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    title: str = strawberry.field(description="名称。Its title.")
    on: date = strawberry.field(description="在哪一天（北京时间）。Its day in China.")
    starts_at: datetime = strawberry.field(description="开始时刻，须带时区。When it starts, with the offset.")
    ends_at: datetime = strawberry.field(description="结束时刻，须带时区，同一天。When it ends, on the same day.")
    hours: Decimal = strawberry.field(description="学时，按本区规定的单位。Its hours, in the unit of the law.")
    project_id: strawberry.ID | None = strawberry.field(default=None, description="所属项目。Its training project.")
    school_id: strawberry.ID | None = strawberry.field(
        default=None, description="举办的学校；学校人员默认本校。The school that holds it; a school's staff: their own."
    )
    facts: list[FactInput] | None = strawberry.field(default=None, description=FACTS_OF_EACH)
    opens_before: int = strawberry.field(
        default=15, description="开始前多少分钟起可签到。Minutes before the start at which check-in opens."
    )
    closes_after: int = strawberry.field(
        default=15, description="开始后多少分钟止签到。Minutes after the start at which check-in closes."
    )


def messages_of(root: strawberry.Parent[RefusalItem], info: Info) -> str:
    """The sentence in the reader's language."""
    return say(root, info.context.language)[0]


@strawberry.type(
    name="Caution", description="已办理，但请留意的事项。Something to look at; the command was done all the same."
)
class Caution:
    """A warning."""

    code: str = strawberry.field(description="稳定的代码。A stable code.")
    message: str = strawberry.field(
        resolver=messages_of, description="按 Accept-Language 的说明。What it is, in the language of Accept-Language."
    )
    message_zh: str = strawberry.field(description="中文说明。What it is, in Chinese.")
    message_en: str = strawberry.field(description="英文说明。What it is, in English.")
    remedy_zh: str = strawberry.field(description="中文办法。What to do, in Chinese.")
    remedy_en: str = strawberry.field(description="英文办法。What to do, in English.")


@dataclass(frozen=True, slots=True)
class Announced:
    """A session with its warnings, or errors."""

    item: Any
    errors: Any
    warnings: Any = ()


def announced(reply: Any) -> Announced:
    """A reply of scheduling or correcting as its payload's content."""
    done = settled(reply)
    if isinstance(reply, Refused):
        return Announced(None, done.errors)
    return Announced(reply.session, (), reply.warnings)


@strawberry.type(name="ScheduleSessionPayload", description="scheduleSession 的结果。What scheduleSession came to.")
class ScheduleSessionPayload(Payload):
    """The session or errors."""

    session: Session | None = strawberry.field(resolver=item_of, description="安排的场次。The session announced.")
    warnings: list[Caution] = strawberry.field(description="请留意的事项。What somebody should look at.")


async def schedule_session(
    info: Info, given: Annotated[ScheduleSessionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Announce a session."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return Announced(None, problem.errors)
    command = wire_attendance.ScheduleSession(
        caller=context.caller,
        key=given.idempotency_key,
        title=given.title,
        on=given.on,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        hours=given.hours,
        project=plain_id("Project", given.project_id) if given.project_id is not None else None,
        school=plain_id("School", given.school_id) if given.school_id is not None else None,
        facts=named(given.facts),
        opens_before=given.opens_before,
        closes_after=given.closes_after,
    )
    return announced(await context.backend.schedule_session(command, deadline=context.deadline))


@strawberry.input(
    name="CorrectSessionInput",
    description="correctSession 的输入；没有写的保持不变。Input of correctSession; what is left out stays as it is.",
)
class CorrectSessionInput:
    """What to change."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    session_id: strawberry.ID = strawberry.field(description=SESSION_ID)
    title: str | None = strawberry.field(default=None, description="名称。Its title.")
    on: date | None = strawberry.field(default=None, description="在哪一天（北京时间）。Its day in China.")
    starts_at: datetime | None = strawberry.field(default=None, description="开始时刻。When it starts.")
    ends_at: datetime | None = strawberry.field(default=None, description="结束时刻。When it ends.")
    hours: Decimal | None = strawberry.field(default=None, description="学时。Its hours.")
    facts: list[FactInput] | None = strawberry.field(default=None, description=FACTS_OF_EACH)
    opens_before: int | None = strawberry.field(
        default=None, description="开始前多少分钟起可签到。Minutes before the start at which check-in opens."
    )
    closes_after: int | None = strawberry.field(
        default=None, description="开始后多少分钟止签到。Minutes after the start at which check-in closes."
    )


@strawberry.type(name="CorrectSessionPayload", description="correctSession 的结果。What correctSession came to.")
class CorrectSessionPayload(Payload):
    """The session or errors."""

    session: Session | None = strawberry.field(resolver=item_of, description="更正后的场次。The session as it is now.")
    warnings: list[Caution] = strawberry.field(description="请留意的事项。What somebody should look at.")


async def correct_session(
    info: Info, given: Annotated[CorrectSessionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Change a session."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return Announced(None, problem.errors)
    command = wire_attendance.CorrectSession(
        caller=context.caller,
        key=given.idempotency_key,
        session=plain_id("Session", given.session_id),
        title=given.title,
        on=given.on,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        hours=given.hours,
        facts=named(given.facts) if given.facts is not None else None,
        opens_before=given.opens_before,
        closes_after=given.closes_after,
    )
    return announced(await context.backend.correct_session(command, deadline=context.deadline))


@strawberry.input(name="CancelSessionInput", description="cancelSession 的输入。Input of cancelSession.")
class CancelSessionInput:
    """What to call off."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    session_id: strawberry.ID = strawberry.field(description=SESSION_ID)
    reason: str = strawberry.field(description="理由。Why.")


@strawberry.type(name="CancelSessionPayload", description="cancelSession 的结果。What cancelSession came to.")
class CancelSessionPayload(Payload):
    """The session or errors."""

    session: Session | None = strawberry.field(resolver=item_of, description="取消的场次。The session called off.")


async def cancel_session(
    info: Info, given: Annotated[CancelSessionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Call a session off."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_attendance.CancelSession(
        caller=context.caller,
        key=given.idempotency_key,
        session=plain_id("Session", given.session_id),
        reason=given.reason,
    )
    return settled(await context.backend.cancel_session(command, deadline=context.deadline))


@strawberry.input(name="CloseSessionInput", description="closeSession 的输入。Input of closeSession.")
class CloseSessionInput:
    """What to close."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    session_id: strawberry.ID = strawberry.field(description=SESSION_ID)


@strawberry.type(name="CloseSessionPayload", description="closeSession 的结果。What closeSession came to.")
class CloseSessionPayload(Payload):
    """The session or errors."""

    session: Session | None = strawberry.field(resolver=item_of, description="结束登记的场次。The session closed.")


async def close_session(
    info: Info, given: Annotated[CloseSessionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Close a session."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_attendance.CloseSession(
        caller=context.caller, key=given.idempotency_key, session=plain_id("Session", given.session_id)
    )
    return settled(await context.backend.close_session(command, deadline=context.deadline))


@strawberry.type(description="场次的办理。What can be done about sessions.")
class SessionMutations:
    """Root fields."""

    schedule_session: ScheduleSessionPayload | None = strawberry.mutation(
        resolver=schedule_session, description="安排一个培训场次。Announce a session of a training."
    )
    correct_session: CorrectSessionPayload | None = strawberry.mutation(
        resolver=correct_session, description="开始前更正一个场次。Change a session before it begins."
    )
    cancel_session: CancelSessionPayload | None = strawberry.mutation(
        resolver=cancel_session, description="开始前取消一个场次。Call a session off before it begins."
    )
    close_session: CloseSessionPayload | None = strawberry.mutation(
        resolver=close_session,
        description="结束一个场次的登记，出勤就此固定。Close a session that is over; its attendance is fixed.",
    )
