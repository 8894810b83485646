"""Records of a researcher's work: lessons observed, gatherings, tasks, papers, monthly summaries, term reports."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import field_records as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import Fact, fact_rows
from yanxiu_gateway.schema.figure import Figure, FigureNow
from yanxiu_gateway.schema.form import Form
from yanxiu_gateway.schema.named_rows import named_school, named_teacher
from yanxiu_gateway.schema.nodes import (
    After,
    Connection,
    First,
    Node,
    asked_page,
    dated,
    id_of,
    page_rows,
    plain_id,
    plain_term,
)
from yanxiu_gateway.schema.order import InOrder, Order
from yanxiu_gateway.schema.researcher import Researcher, plain_researcher
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.teacher import Teacher
from yanxiu_gateway.schema.visit import AtSchool, InTerm, OfResearcher, Since, Until, Visit
from yanxiu_gateway.schema.words import wire_word

RecordRow = strawberry.Parent[wire.FieldRecord]
value = strawberry.enum_value


@strawberry.enum(name="FieldRecordKind", description="工作记录的种类。The kind of a record of work.")
class FieldRecordKind(Enum):
    """What a record is of."""

    OBSERVATION = value("observation", description="听课、听评课。A lesson observed.")
    GATHERING = value("gathering", description="教研活动。A gathering.")
    TASK = value("task", description="任务记录。An entry of one of the law's tasks.")
    PAPER = value("paper", description="材料。A document handed in.")
    SUMMARY = value("summary", description="月小结。The summary of a month.")
    REPORT = value("report", description="学期报告。The report of a term.")


@strawberry.enum(name="FieldRecordState", description="工作记录的状态。Where a record stands.")
class FieldRecordState(Enum):
    """Incomplete, recorded, withdrawn."""

    INCOMPLETE = value("incomplete", description="记录本身尚未到达。The record itself has not come yet.")
    RECORDED = value("recorded", description="已记录。Recorded.")
    WITHDRAWN = value("withdrawn", description="已撤回，不计入。Withdrawn; counts nowhere.")


@strawberry.enum(name="GatheringKind", description="教研活动的种类。The kind of a gathering.")
class GatheringKind(Enum):
    """What a gathering is."""

    PREPARATION = value("preparation", description="集体备课。Collective preparation.")
    THEME = value("theme", description="主题教研。A themed activity.")
    SEMINAR = value("seminar", description="主题研讨。A seminar.")
    EXCHANGE = value("exchange", description="经验交流会。An exchange of experience.")
    OTHER = value("other", description="其他。Another.")


@strawberry.enum(name="Reach", description="面向的范围。How far a gathering reaches.")
class Reach(Enum):
    """How far."""

    SCHOOL = value("school", description="校内。Inside one school.")
    SCHOOLS = value("schools", description="几所学校。Some schools.")
    AREA = value("area", description="片区。An area.")
    DISTRICT = value("district", description="全区（全市）。The whole district.")
    ABOVE = value("above", description="以上。Above the district.")


taught_by = named_teacher("teacher")


async def form_of(root: strawberry.Parent[wire.Observation], info: Info) -> Any:
    """The version of the form that was filled in."""
    return await info.context.loaders.field.form(root.form) if root.form else None


def answers_of(root: strawberry.Parent[wire.Observation]) -> Any:
    """The answers by name."""
    return fact_rows(root.answers)


@strawberry.type(name="Observation", description="一节课的听课记录；有评语的为听评课。A lesson observed.")
class Observation:
    """An observed lesson."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A record's content is shown as this type."""
        return isinstance(obj, wire.Observation)

    teacher: Teacher | None = strawberry.field(
        resolver=taught_by, description="授课教师；不在可见范围时为空。Who taught; null when out of scope."
    )
    subject: str = strawberry.field(description="学科。The subject.")
    title: str = strawberry.field(description="课题。The lesson's title.")
    grade: str = strawberry.field(description="年级、班级。Grade and class.")
    form: Form | None = strawberry.field(
        resolver=form_of, description="所用听评课表的版本。The version of the form that was filled in."
    )
    answers: list[Fact] = strawberry.field(resolver=answers_of, description="各项填写。The answers.")
    comment: str = strawberry.field(description="评语；为空即只听未评。The comment; empty: observed only.")


@strawberry.type(name="Gathering", description="一次教研活动。A gathering.")
class Gathering:
    """A gathering."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A record's content is shown as this type."""
        return isinstance(obj, wire.Gathering)

    kind: GatheringKind = strawberry.field(description="种类。Its kind.")
    reach: Reach = strawberry.field(description="面向的范围。How far it reaches.")
    title: str = strawberry.field(description="主题。Its title.")
    subject: str | None = strawberry.field(description="学科。Its subject.")
    organised: bool = strawberry.field(description="是否由本人组织。Whether he organised it.")


@strawberry.type(name="TaskDone", description="一条任务记录。An entry of a task.")
class TaskDone:
    """An entry."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A record's content is shown as this type."""
        return isinstance(obj, wire.TaskDone)

    task: str = strawberry.field(description="任务，按规定的名称。The task, by the law's name.")
    text: str = strawberry.field(description="所做的工作。What was done.")


@strawberry.type(name="Paper", description="一份提交的材料；文件不存于本平台。A document; its file stays outside.")
class Paper:
    """A document."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A record's content is shown as this type."""
        return isinstance(obj, wire.Paper)

    paper: str = strawberry.field(description="种类，按规定的名称。Its name in the law.")
    title: str = strawberry.field(description="标题。Its title.")
    digest: str = strawberry.field(description="文件的 SHA-256。The SHA-256 of its file.")


@strawberry.type(name="Summary", description="月小结。The summary of a month.")
class Summary:
    """A summary."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A record's content is shown as this type."""
        return isinstance(obj, wire.Summary)

    month: str = strawberry.field(description="月份，如 2024-10。The month.")
    text: str = strawberry.field(description="正文。Its text.")
    figures: list[Figure] = strawberry.field(description="提交时的数据及其出处。The figures as submitted.")


@strawberry.type(name="Report", description="学期报告。The report of a term.")
class Report:
    """A report."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A record's content is shown as this type."""
        return isinstance(obj, wire.Report)

    paper: str | None = strawberry.field(
        description="作为规定的哪一种材料，计为已交。The document of the law that it is; it counts as handed in."
    )
    title: str = strawberry.field(description="标题。Its title.")
    text: str = strawberry.field(description="正文。Its text.")
    figures: list[Figure] = strawberry.field(description="提交时的数据及其出处。The figures as submitted.")


FieldContent = Annotated[
    Observation | Gathering | TaskDone | Paper | Summary | Report,
    strawberry.union(name="FieldContent", description="工作记录的内容。What a record is of."),
]


school_of = named_school("school")


async def researcher_of(root: RecordRow, info: Info) -> Any:
    """Whose work it is."""
    return dated(await info.context.loaders.people.researcher(root.researcher, None), None)


async def visit_of(root: RecordRow, info: Info) -> Any:
    """The visit that it belongs to."""
    return await info.context.loaders.field.visit(root.visit) if root.visit else None


async def differences_of(root: RecordRow, info: Info) -> Any:
    """What a submitted summary or report would say otherwise now."""
    if not isinstance(root.content, wire.Summary | wire.Report):
        return []
    found = await info.context.loaders.field.differences(root.id)
    return found.figures if found is not None else []


@strawberry.type(
    name="FieldRecord",
    description="一条工作记录：由其全部记录条得出，与到达先后无关。A record of work, as all its notes together say.",
)
class FieldRecord(Node):
    """A record."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A record of the visits service is shown as this type."""
        return isinstance(obj, wire.FieldRecord)

    researcher: Researcher | None = strawberry.field(resolver=researcher_of, description="记录人。Whose work it is.")
    state: FieldRecordState = strawberry.field(description="状态。Where it stands.")
    kind: FieldRecordKind | None = strawberry.field(description="种类。Its kind.")
    on: date | None = strawberry.field(description="哪一天（北京时间）。Its day in China.")
    term_id: strawberry.ID | None = strawberry.field(resolver=id_of("Term", "term"), description="学期。Its term.")
    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    visit: Visit | None = strawberry.field(
        resolver=visit_of, description="所属的下校；尚未到达时为空。The visit; null while it has not arrived."
    )
    visit_known: bool = strawberry.field(description="所指的下校是否已到达。Whether the visit named has arrived.")
    content: FieldContent | None = strawberry.field(description="内容。What it is of.")
    reason: str | None = strawberry.field(description="撤回的理由。Why it was withdrawn.")
    differences: list[FigureNow] | None = strawberry.field(
        resolver=differences_of,
        description="提交的数据中，如今已有不同的；月小结与学期报告才有。"
        "Submitted figures that are other now; of summaries and reports.",
    )


RecordId = Annotated[strawberry.ID, strawberry.argument(name="id", description="记录编号。The record's id.")]
OfVisit = Annotated[
    strawberry.ID | None, strawberry.argument(name="visit", description="只要这次下校的。Only of this visit.")
]
OfKind = Annotated[
    FieldRecordKind | None, strawberry.argument(name="kind", description="只要这一种的。Only of this kind.")
]
Withdrawn = Annotated[bool, strawberry.argument(name="withdrawn", description="是否包括已撤回的。Withdrawn ones too.")]


async def get_field_record(info: Info, record: RecordId) -> Any:
    """One record; None for one that does not exist here or is out of the caller's scope."""
    return await info.context.loaders.field.record(plain_id("FieldRecord", record))


async def list_field_records(
    info: Info,
    first: First = 50,
    after: After = None,
    researcher: OfResearcher = None,
    school: AtSchool = None,
    term: InTerm = None,
    visit: OfVisit = None,
    kind: OfKind = None,
    since: Since = None,
    until: Until = None,
    withdrawn: Withdrawn = False,
    order: InOrder = Order.OLDEST,
) -> Any:
    """A page of records in the caller's scope."""
    page = await info.context.loaders.field.records(
        page=asked_page(first, after),
        researcher=None if researcher is None else plain_researcher(researcher),
        school=None if school is None else plain_id("School", school),
        term=plain_term(term),
        visit=None if visit is None else plain_id("Visit", visit),
        kind=wire_word(kind),
        since=since,
        until=until,
        withdrawn=withdrawn,
        newest=order is Order.NEWEST,
    )
    return page_rows(page, after)


@strawberry.type(description="工作记录的查询。What can be asked about records of work.")
class FieldRecordQueries:
    """Root fields."""

    field_record: FieldRecord | None = strawberry.field(
        resolver=get_field_record, description="按编号取一条工作记录；不存在时为空。One record of work by id."
    )
    field_records: Connection[FieldRecord] | None = strawberry.field(
        resolver=list_field_records,
        description="可见范围内的工作记录。Records of work in the caller's scope.",
    )
