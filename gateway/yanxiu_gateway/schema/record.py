"""Training records: what was done, what it earned, and why."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.record_parts import BYTES_OF, CURSORS, TOTALS, RecordPart

from yanxiu_gateway.ahead import Above, Ahead
from yanxiu_gateway.execution.batch import Rows, in_batch
from yanxiu_gateway.execution.reading import reads
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.dated_rows import rows_named, some_of
from yanxiu_gateway.schema.explanation import Explanation
from yanxiu_gateway.schema.facts import Fact, fact_rows
from yanxiu_gateway.schema.nodes import (
    After,
    AsKnownAt,
    Connection,
    Dated,
    First,
    Node,
    asked_page,
    page_rows,
    pages_rows,
    plain_id,
)
from yanxiu_gateway.schema.order import InOrder, Order
from yanxiu_gateway.schema.project import Project
from yanxiu_gateway.schema.reversal import Reversal

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.school import School
    from yanxiu_gateway.schema.teacher import Teacher

RecordRow = strawberry.Parent[wire_credits.Record]
RecordRows = Rows[wire_credits.Record]


@strawberry.enum(name="RecordStatus", description="记录的结论。What a record came to.")
class RecordStatus(Enum):
    """Counted, or valid but worth nothing."""

    COUNTED = strawberry.enum_value("COUNTED", description="计入。It counts.")
    ZERO = strawberry.enum_value(
        "ZERO", description="有效，但按规定不得登记学时学分。Valid, but nothing may be registered."
    )


@strawberry.enum(name="RecordState", description="记录从登记到认定走到了哪一步。How far a record has come.")
class RecordState(Enum):
    """The values are the wire's."""

    REGISTERED = strawberry.enum_value("registered", description="已登记。Registered.")
    REVIEWED = strawberry.enum_value("reviewed", description="学校已审核。Reviewed by the school.")
    IN_PUBLICITY = strawberry.enum_value("in_publicity", description="公示中。In publicity.")
    SUBMITTED = strawberry.enum_value("submitted", description="已上报。Submitted.")
    RECOGNISED = strawberry.enum_value("recognised", description="已认定。Recognised.")
    RETURNED = strawberry.enum_value("returned", description="已退回。Returned with its process.")
    REVOKED = strawberry.enum_value("revoked", description="已撤销：分录已冲销。Revoked: its entry was reversed.")


async def state_of(root: RecordRow, info: Info) -> Any:
    """Where the record stands."""
    return await info.context.loaders.workflow.record_state(root.id)


@in_batch(reads=("teacher",))
async def teacher_of(rows: RecordRows, info: Info) -> Any:
    """The teachers as of today."""
    return await rows_named(info, info.context.loaders.teachers_by_id(None), [row.teacher for row in rows])


@in_batch(reads=("school",))
async def school_of(rows: RecordRows, info: Info) -> Any:
    """The schools as of today, None where a record names none."""
    return await rows_named(info, info.context.loaders.schools_by_id(None), [row.school for row in rows])


@in_batch(reads=("project",))
async def project_of(rows: RecordRows, info: Info) -> Any:
    """The projects that the records were made under."""
    return await some_of(info.context.loaders.projects_by_id().load_all, [row.project for row in rows])


def facts_of(root: RecordRow) -> Any:
    """The record's facts by name."""
    return fact_rows(root.facts)


def attributes_of(root: RecordRow) -> Any:
    """What the law itself said about the record."""
    return fact_rows(root.attributes)


@in_batch
async def explanation_of(rows: RecordRows, info: Info) -> Any:
    """The explanations that came with the records, else a read of those that did not."""
    explained = info.context.loaders.records_by_id(explain=True).load_all
    asked = await some_of(explained, [row.id if row.explanation is None else None for row in rows])
    return [
        found if isinstance(found, Exception) else (found or row).explanation
        for row, found in zip(rows, asked, strict=True)
    ]


@in_batch
async def supersedes_of(rows: RecordRows, info: Info) -> Any:
    """The earlier records of the same activities, which had earned nothing."""
    return await some_of(info.context.loaders.records_by_id().load_all, [row.supersedes for row in rows])


@in_batch
async def superseded_by_of(rows: RecordRows, info: Info) -> Any:
    """The later records that took these ones' places."""
    return await some_of(info.context.loaders.records_by_id().load_all, [row.superseded_by for row in rows])


@strawberry.type(name="Record", description="一条研修记录及其所得。A training record with what it earned.")
class Record(Node):
    """A record."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A record of the credits service is shown as this type."""
        return isinstance(obj, wire_credits.Record | RecordPart)

    teacher: Annotated[Teacher, strawberry.lazy("yanxiu_gateway.schema.teacher")] | None = strawberry.field(
        resolver=teacher_of, description="教师。The teacher."
    )
    school: Annotated[School, strawberry.lazy("yanxiu_gateway.schema.school")] | None = strawberry.field(
        resolver=school_of, description="记录所属的学校。The school the record belongs to."
    )
    project: Project | None = strawberry.field(
        resolver=project_of, description="所属的培训项目。The training project it was made under."
    )
    on: date = strawberry.field(description="完成之日，决定适用哪天的规定。The day of completion, whose law applies.")
    status: RecordStatus = strawberry.field(description="结论。What it came to.")
    hours: Decimal = strawberry.field(description="所得学时。Hours earned.")
    credits: Decimal = strawberry.field(description="所得学分。Credits earned.")
    hours_unit: str = strawberry.field(
        description="学时的单位，如 学时、课时。Unit of the hours, such as 学时 or 课时."
    )
    credits_unit: str = strawberry.field(description="学分的单位。Unit of the credits.")
    facts: list[Fact] = strawberry.field(resolver=facts_of, description="登记的事实。The facts registered.")
    attributes: list[Fact] = strawberry.field(
        resolver=attributes_of,
        description="规则得出的属性，如模式、等次。What the law said of it, such as mode and grade.",
    )
    state: RecordState | None = strawberry.field(
        resolver=state_of,
        description="从登记到认定走到了哪一步。Where it stands between registration and recognition.",
    )
    reasons: list[str] = strawberry.field(
        description="未计入的，依据的条款编号。Clause ids of the reasons why it earned nothing."
    )
    entry: int | None = strawberry.field(description="在台账中的序号。Its place in the ledger.")
    supersedes: Record | None = strawberry.field(
        resolver=supersedes_of,
        description="它所取代的、未计入的前一条记录。The earlier record, worth nothing, whose place it took.",
    )
    superseded_by: Record | None = strawberry.field(
        resolver=superseded_by_of, description="取代它的后一条记录。The later record that took its place."
    )
    reversal: Reversal | None = strawberry.field(
        description="分录已被冲销的，其缘由；为空即仍计入。Why its entry was taken back; null while it stands."
    )
    recorded_at: datetime = strawberry.field(description="登记时刻。When it was registered.")
    explanation: Explanation | None = strawberry.field(
        resolver=explanation_of, description="推算过程与依据。How the number came about, and by which clauses."
    )


_ENDS = frozenset({"start_cursor", "end_cursor"})


def fields_read(info: Info) -> tuple[str, ...]:
    """What is read of a page of records, as the service names it; nothing where whole records are needed."""
    row = reads(info, "edges", "node")
    if row is None or not row <= BYTES_OF.keys():
        return ()
    fields = sorted(row) or ["id"]
    if "cursor" in (reads(info, "edges") or ()) or _ENDS & (reads(info, "pageInfo") or frozenset()):
        fields.append(CURSORS)
    if "total_count" in (reads(info) or ()):
        fields.append(TOTALS)
    return tuple(fields)


RecordId = Annotated[strawberry.ID, strawberry.argument(name="id", description="记录编号。The record's id.")]
OfTeacher = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="只要这位教师的记录。Only records of this teacher."),
]
Since = Annotated[date | None, strawberry.argument(description="自哪天起，含当天。From this day on.")]
Until = Annotated[date | None, strawberry.argument(description="到哪天止，含当天。Up to and including this day.")]


Status = Annotated[
    RecordStatus | None, strawberry.argument(description="只要这种结论的。Only those that came to this.")
]
AtSchool = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="只要当日在这所学校任职者的。Only of those who worked at this school on its day."),
]
OfProject = Annotated[
    strawberry.ID | None, strawberry.argument(description="只要这个项目的。Only records of this project.")
]


def chosen_by(
    order: Order, status: RecordStatus | None, project: str | None, school: str | None = None
) -> dict[str, Any]:
    """What is asked of a list of records beside the days, as the message says it."""
    found = {
        "school": plain_id("School", school) if school is not None else None,
        "project": plain_id("Project", project) if project is not None else None,
        "status": status.value if status is not None else None,
        "newest": order is Order.NEWEST,
    }
    return {name: one for name, one in found.items() if one}


async def get_record(info: Info, record: RecordId, as_known_at: AsKnownAt = None) -> Any:
    """One record; None for one that does not exist here or is out of the caller's scope."""
    return await info.context.loaders.record(plain_id("Record", record), known=as_known_at)


async def list_records(
    info: Info,
    first: First = 50,
    after: After = None,
    teacher: OfTeacher = None,
    since: Since = None,
    until: Until = None,
    as_known_at: AsKnownAt = None,
    order: InOrder = Order.OLDEST,
    status: Status = None,
    project: OfProject = None,
    school: AtSchool = None,
) -> Any:
    """A page of records in the caller's scope."""
    named, page = plain_id("Teacher", teacher) if teacher is not None else None, asked_page(first, after)
    chosen = chosen_by(order, status, project, school)
    return page_rows(await info.context.loaders.records(named, page, since, until, as_known_at, chosen), after)


def records_ahead(
    above: Above,
    info: Info,
    first: int,
    after: str | None,
    since: date | None,
    until: date | None,
    as_known_at: datetime | None,
    **chosen: Any,
) -> Ahead | None:
    """The pages that `list_records_of` asks for."""
    if not above.known:
        return None
    page, fields = asked_page(first, after), fields_read(info)
    known, days = as_known_at, (since, until)
    pages = info.context.loaders.record_pages(page, *days, known, fields=fields, chosen=chosen_by(**chosen))
    return Ahead(pages, "id", rows=first)


@in_batch(reads=("id",), ahead=records_ahead)
async def list_records_of(
    rows: Rows[Dated[wire_teacher.Teacher]],
    info: Info,
    first: First = 50,
    after: After = None,
    since: Since = None,
    until: Until = None,
    as_known_at: AsKnownAt = None,
    order: InOrder = Order.OLDEST,
    status: Status = None,
    project: OfProject = None,
) -> Any:
    """A page of each teacher's records."""
    page, loaders = asked_page(first, after), info.context.loaders
    if refused := loaders.counted(first, len(rows)):
        return [refused] * len(rows)
    chosen = chosen_by(order, status, project)
    pages = loaders.record_pages(page, since, until, as_known_at, fields=fields_read(info), chosen=chosen)
    return pages_rows(await pages.load_all([row.id for row in rows]), after)


@strawberry.type(description="研修记录的查询。What can be asked about training records.")
class RecordQueries:
    """Root fields."""

    record: Record | None = strawberry.field(
        resolver=get_record, description="按编号取一条记录；不存在时为空。One record by id; null when there is none."
    )
    records: Connection[Record] | None = strawberry.field(
        resolver=list_records, description="可见范围内的记录。Records in the caller's scope."
    )
