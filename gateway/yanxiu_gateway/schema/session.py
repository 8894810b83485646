"""Sessions of a training: when they are, what they are worth, and who attended."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import attendance as wire_attendance

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import Fact, fact_rows
from yanxiu_gateway.schema.named_rows import named_school
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.order import InOrder, Order
from yanxiu_gateway.schema.project import Project
from yanxiu_gateway.schema.words import wire_word

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.attendance import Attendance
    from yanxiu_gateway.schema.school import School

SessionRow = strawberry.Parent[wire_attendance.Session]
value = strawberry.enum_value


@strawberry.enum(name="SessionState", description="场次的状态。Where a session stands.")
class SessionState(Enum):
    """Scheduled, cancelled or closed."""

    SCHEDULED = value("scheduled", description="已安排。Announced.")
    CANCELLED = value("cancelled", description="已取消。Called off.")
    CLOSED = value("closed", description="已结束登记，出勤已固定。Closed: its attendance is fixed.")


async def project_of(root: SessionRow, info: Info) -> Any:
    """The project that the session belongs to."""
    return await info.context.loaders.project(root.project) if root.project else None


school_of = named_school("school")


def facts_of(root: SessionRow) -> Any:
    """The facts that go into each attender's record."""
    return fact_rows(root.facts)


InDoubt = Annotated[
    bool | None,
    strawberry.argument(
        name="open",
        description="true 只要存疑未核定的，false 只要无疑的。True: only what is in doubt; false: only what is not.",
    ),
]


async def attendance_of(
    root: SessionRow, info: Info, first: First = 50, after: After = None, in_doubt: InDoubt = None
) -> Any:
    """A page of the session's attendance."""
    page = await info.context.loaders.attendance(root.id, asked_page(first, after), in_doubt)
    return page_rows(page, after)


@strawberry.type(name="Session", description="一个培训场次。A session of a training.")
class Session(Node):
    """A session."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A session of the credits service is shown as this type."""
        return isinstance(obj, wire_attendance.Session)

    project: Project | None = strawberry.field(
        resolver=project_of, description="所属的培训项目。The training project it belongs to."
    )
    school: Annotated[School, strawberry.lazy("yanxiu_gateway.schema.school")] | None = strawberry.field(
        resolver=school_of,
        description="举办的学校；区级场次为空。The school that holds it; null for a session of the district.",
    )
    title: str = strawberry.field(description="名称。Its title.")
    on: date = strawberry.field(description="在哪一天（北京时间）。Its day in China.")
    starts_at: datetime = strawberry.field(description="开始时刻。When it starts.")
    ends_at: datetime = strawberry.field(description="结束时刻。When it ends.")
    hours: Decimal = strawberry.field(description="学时，按本区规定的单位。Its hours, in the unit of the law.")
    facts: list[Fact] = strawberry.field(
        resolver=facts_of,
        description="写入每位出席者记录的事实。The facts that go into each attender's record.",
    )
    check_in_from: datetime = strawberry.field(description="自何时可签到。From when on people check in.")
    check_in_until: datetime = strawberry.field(description="至何时可签到。Until when people check in.")
    state: SessionState = strawberry.field(description="状态。Where it stands.")
    cancel_reason: str | None = strawberry.field(description="取消的理由。Why it was called off.")
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")
    attendance: Connection[Annotated[Attendance, strawberry.lazy("yanxiu_gateway.schema.attendance")]] | None = (
        strawberry.field(
            resolver=attendance_of,
            description="出勤，按教师编号排列；教师只见本人。Attendance by teacher; a teacher sees his own alone.",
        )
    )


SessionId = Annotated[strawberry.ID, strawberry.argument(name="id", description="场次编号。The session's id.")]
OfProject = Annotated[
    strawberry.ID | None, strawberry.argument(description="只要这个项目的场次。Only sessions of this project.")
]
OfSchool = Annotated[
    strawberry.ID | None, strawberry.argument(description="只要这所学校的场次。Only sessions of this school.")
]
OfTeacher = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="只要这位教师出席或经核定的场次。Only sessions that this teacher attended."),
]
Since = Annotated[
    datetime | None, strawberry.argument(description="在这一时刻之后结束的。Those that end after this moment.")
]
Until = Annotated[
    datetime | None, strawberry.argument(description="在这一时刻之前开始的。Those that start before this moment.")
]


InState = Annotated[SessionState | None, strawberry.argument(description="只要这个状态的。Only those that stand so.")]


async def get_session(info: Info, session: SessionId) -> Any:
    """One session; None for one that does not exist here or is out of the caller's scope."""
    return await info.context.loaders.session(plain_id("Session", session))


async def list_sessions(
    info: Info,
    first: First = 50,
    after: After = None,
    project: OfProject = None,
    school: OfSchool = None,
    teacher: OfTeacher = None,
    since: Since = None,
    until: Until = None,
    state: InState = None,
    order: InOrder = Order.OLDEST,
) -> Any:
    """A page of sessions in the caller's scope."""
    query = wire_attendance.ListSessions(
        caller=info.context.caller,
        page=asked_page(first, after),
        project=plain_id("Project", project) if project is not None else None,
        school=plain_id("School", school) if school is not None else None,
        teacher=plain_id("Teacher", teacher) if teacher is not None else None,
        since=since,
        until=until,
        state=wire_word(state),  # type: ignore[arg-type]  # the enum's values are the wire's
        newest=order is Order.NEWEST,
    )
    return page_rows(await info.context.loaders.sessions(query), after)


@strawberry.type(description="场次的查询。What can be asked about sessions.")
class SessionQueries:
    """Root fields."""

    session: Session | None = strawberry.field(
        resolver=get_session, description="按编号取一个场次；不存在时为空。One session by id; null when there is none."
    )
    sessions: Connection[Session] | None = strawberry.field(
        resolver=list_sessions,
        description="可见范围内的场次。Sessions in the caller's scope.",
    )
