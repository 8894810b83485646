"""Previews of a draft law: who would gain, who would lose, by how much, and by which parameter or clause."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import policy as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import Fact, fact_rows
from yanxiu_gateway.schema.job import Job
from yanxiu_gateway.schema.named_rows import named_school, named_teacher
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.semantic_null import NULL_IS_AN_ANSWER
from yanxiu_gateway.schema.words import wire_word

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.record import Record
    from yanxiu_gateway.schema.school import School
    from yanxiu_gateway.schema.teacher import Teacher

value = strawberry.enum_value


@strawberry.enum(name="PolicyEffect", description="草案对一位教师的影响。What a draft means to a teacher.")
class PolicyEffect(Enum):
    """Effects; the values are the wire's."""

    GAINS = value("gains", description="得益。Gains.")
    LOSES = value("loses", description="受损。Loses.")
    MIXED = value("mixed", description="有得有失。Gains some and loses some.")
    SAME = value("same", description="不变。Stays the same.")


@strawberry.enum(name="PreviewState", description="预览的状态。How a preview stands.")
class PreviewState(Enum):
    """States; the values are the wire's."""

    RUNNING = value("running", description="计算中。It is computed.")
    READY = value("ready", description="已得出结果。It has its result.")
    FAILED = value("failed", description="未能完成，见作业。It failed; its job says why.")
    ADOPTING = value("adopting", description="正在采纳。It is adopted now.")
    ADOPTED = value("adopted", description="已采纳，与预览逐行相符。Adopted; every line came out as previewed.")


@strawberry.type(
    name="PolicyCause", description="变化的原因：读到不同的参数，或条款得出不同的数。Why something changes."
)
class PolicyCause:
    """A cause."""

    clause: str = strawberry.field(description="条款编号。Id of the clause.")
    label: str = strawberry.field(description="参数或步骤的名称。Name of the parameter or step.")
    parameter: str | None = strawberry.field(description="参数，若由参数引起。The parameter, where one is the reason.")
    key: str | None = strawberry.field(description="参数表中的行。Its row, where it is a table.")
    before: str = strawberry.field(description="现行的值。Under the present law.")
    after: str = strawberry.field(description="草案的值。Under the draft.")
    unit: str = strawberry.field(description="单位。The unit.")


@strawberry.type(name="StandingFigures", description="一种规则下的达标情况。A period under one law.")
class StandingFigures:
    """Figures of a standing."""

    verdict: str = strawberry.field(description="结论：PASS、FAIL、EXEMPT。The verdict.")
    hours: Decimal = strawberry.field(description="登记学时。Hours registered.")
    credits: Decimal = strawberry.field(description="登记学分。Credits registered.")
    recognised_hours: Decimal = strawberry.field(description="认定学时。Hours recognised.")
    recognised_credits: Decimal = strawberry.field(description="认定学分。Credits recognised.")


teacher_of = named_teacher("teacher")


school_of = named_school("school")


async def record_of(root: strawberry.Parent[wire.PreviewedRecord], info: Info) -> Any:
    """The record."""
    return await info.context.loaders.record(root.record)


TeacherField = Annotated["Teacher", strawberry.lazy("yanxiu_gateway.schema.teacher")]
SchoolField = Annotated["School", strawberry.lazy("yanxiu_gateway.schema.school")]
RecordField = Annotated["Record", strawberry.lazy("yanxiu_gateway.schema.record")]
LOCKED = "所在的封账时段；采纳时不动。The locked period it lies in; an adoption leaves it alone."
MATCHED = "采纳结果是否与预览相符；未采纳时为空。Whether the adoption came to exactly this; null before one."


@strawberry.type(name="PreviewLine", description="一位教师在现行规则与草案下的情况。A teacher under both laws.")
class PreviewLine:
    """A line."""

    teacher: TeacherField | None = strawberry.field(resolver=teacher_of, description="教师。The teacher.")
    school: SchoolField | None = strawberry.field(resolver=school_of, description="学校。The school.")
    effect: PolicyEffect = strawberry.field(
        resolver=lambda root: PolicyEffect(root.effect), description="影响。What it means to the teacher."
    )
    records: int = strawberry.field(description="所得改变的记录数。How many records change their worth.")
    before: StandingFigures = strawberry.field(description="现行规则下。Under the present law.")
    after: StandingFigures = strawberry.field(description="草案下。Under the draft.")
    causes: list[PolicyCause] = strawberry.field(description="原因。Why.")
    locked: str | None = strawberry.field(description=LOCKED)
    matched: bool | None = strawberry.field(description=MATCHED)


@strawberry.type(name="RecordWorth", description="一条记录在一种规则下所得。What a record is worth under one law.")
class RecordWorth:
    """Worth of a record."""

    status: str = strawberry.field(
        description="COUNTED 计入、ZERO 计零、REJECTED 该规则不予登记。Counted, zero, or refused by that law."
    )
    hours: Decimal = strawberry.field(description="学时。Hours.")
    credits: Decimal = strawberry.field(description="学分。Credits.")


@strawberry.type(
    name="PreviewedRecord", description="所得将改变的一条记录。A record that would be worth another amount."
)
class PreviewedRecord:
    """A record's change."""

    record: RecordField | None = strawberry.field(resolver=record_of, description="记录。The record.")
    teacher: TeacherField | None = strawberry.field(resolver=teacher_of, description="教师。The teacher.")
    on: date = strawberry.field(description="研修之日。The day of the training.")
    before: RecordWorth = strawberry.field(description="现在。Now.")
    after: RecordWorth = strawberry.field(description="草案下。Under the draft.")
    causes: list[PolicyCause] = strawberry.field(description="原因。Why.")
    locked: str | None = strawberry.field(description=LOCKED)
    matched: bool | None = strawberry.field(description=MATCHED)


@strawberry.type(name="PreviewSchool", description="预览按学校的汇总。A preview summed up for one school.")
class PreviewSchool:
    """Sums of a school."""

    school: SchoolField | None = strawberry.field(
        resolver=school_of, description="学校；总计或不在任何学校的为空。The school; null for the total, or for none."
    )
    teachers: int = strawberry.field(description="教师数。Teachers.")
    gains: int = strawberry.field(description="得益人数。Who gain.")
    loses: int = strawberry.field(description="受损人数。Who lose.")
    mixed: int = strawberry.field(description="有得有失人数。Who gain some and lose some.")
    same: int = strawberry.field(description="不变人数。Who stay the same.")
    now_pass: int = strawberry.field(description="由未达标变为达标的人数。Who would pass and did not.")
    now_fail: int = strawberry.field(description="由达标变为未达标的人数。Who would fail and passed.")
    recognised_hours: Decimal = strawberry.field(description="认定学时的增减。Recognised hours moved.")
    recognised_credits: Decimal = strawberry.field(description="认定学分的增减。Recognised credits moved.")


PreviewRow = strawberry.Parent[wire.Preview]
Effects = Annotated[
    list[PolicyEffect] | None, strawberry.argument(description="只要这些影响。Only lines with these effects.")
]
InSchool = Annotated[strawberry.ID | None, strawberry.argument(description="只要这所学校。Only this school.")]
OfTeacher = Annotated[strawberry.ID | None, strawberry.argument(description="只要这位教师。Only this teacher.")]


def draft_of(root: PreviewRow) -> Any:
    """The draft as it was asked for."""
    return fact_rows(root.draft)


def binding_of(root: PreviewRow) -> Any:
    """What must be bound first."""
    return fact_rows(root.binding) if root.binding is not None else None


async def job_of(root: PreviewRow, info: Info) -> Any:
    """The job that computes it."""
    return await _job(info, root.job)


async def adoption_of(root: PreviewRow, info: Info) -> Any:
    """The job that adopts it."""
    return await _job(info, root.adoption) if root.adoption else None


async def _job(info: Info, job: str) -> Any:
    return await info.context.loaders.workflow.job(job)


async def lines_of(
    root: PreviewRow,
    info: Info,
    first: First = 50,
    after: After = None,
    effects: Effects = None,
    school: InSchool = None,
) -> Any:
    """A page of its teachers."""
    wanted = tuple(wire_word(one) for one in effects or ())
    named = plain_id("School", school) if school is not None else None
    page = await info.context.loaders.policy.lines(root.id, asked_page(first, after), wanted, named)
    return page_rows(page, after)


async def records_of(
    root: PreviewRow, info: Info, first: First = 50, after: After = None, teacher: OfTeacher = None
) -> Any:
    """A page of the records that change."""
    named = plain_id("Teacher", teacher) if teacher is not None else None
    return page_rows(await info.context.loaders.policy.records(root.id, asked_page(first, after), named), after)


async def schools_of(root: PreviewRow, info: Info) -> Any:
    """The sums by school."""
    return await info.context.loaders.policy.schools(root.id)


@strawberry.type(
    name="PolicyPreview",
    description="规则草案在本区真实数据上的预览；台账不因预览而动。"
    "A draft law tried on the district's real data; the ledger is not touched by it.",
)
class PolicyPreview(Node):
    """A preview."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A preview of the credits service is shown as this type."""
        return isinstance(obj, wire.Preview)

    state: PreviewState = strawberry.field(
        resolver=lambda root: PreviewState(root.state), description="状态。How it stands."
    )
    job: Job | None = strawberry.field(resolver=job_of, description="计算它的作业。The job that computes it.")
    adoption: Job | None = strawberry.field(resolver=adoption_of, description="采纳它的作业。The job that adopts it.")
    draft: list[Fact] = strawberry.field(resolver=draft_of, description="草案。The draft, as it was asked for.")
    binding: list[Fact] | None = strawberry.field(
        resolver=binding_of,
        metadata=NULL_IS_AN_ANSWER,
        description="采纳前须在登记中绑定的内容；草案须先发布规则包时为空。"
        "What must be bound before it is adopted; null where a pack must be released first.",
    )
    since: date = strawberry.field(description="草案自哪天起适用。The day from which the draft applies.")
    kind: str = strawberry.field(
        description="周期的种类，如 year、cycle、school_year、term。"
        "The kind of period, such as year, cycle, school_year or term."
    )
    label: str = strawberry.field(description="周期的名称。The period's name.")
    starts_on: date = strawberry.field(description="周期第一天。First day of the period.")
    ends_on: date = strawberry.field(description="周期最后一天。Last day of the period.")
    hours_unit: str = strawberry.field(description="学时的单位。Unit of the hours.")
    credits_unit: str = strawberry.field(description="学分的单位。Unit of the credits.")
    head_seq: int = strawberry.field(description="预览时台账的行数。The ledger's length that it saw.")
    head_hash: str = strawberry.field(description="预览时台账的最新散列。The ledger's head that it saw.")
    asked_by: str = strawberry.field(description="由谁发起。Who asked for it.")
    created_at: datetime = strawberry.field(description="发起的时刻。When it was asked for.")
    records: int | None = strawberry.field(description="所得将改变的记录数。Records that would change.")
    locked_records: int | None = strawberry.field(description="因封账而不动的记录数。Records that stay: locked.")
    locks: list[str] = strawberry.field(description="封账的时段。The locked periods.")
    total: PreviewSchool | None = strawberry.field(description="总计；计算中为空。All schools; null before.")
    schools: list[PreviewSchool] | None = strawberry.field(resolver=schools_of, description="按学校。By school.")
    lines: Connection[PreviewLine] | None = strawberry.field(
        resolver=lines_of, description="逐位教师，按学校排列。Teacher by teacher, by school."
    )
    changed_records: Connection[PreviewedRecord] | None = strawberry.field(
        resolver=records_of, description="所得将改变的记录。The records that would change."
    )


PreviewId = Annotated[strawberry.ID, strawberry.argument(name="id", description="预览编号。The preview's id.")]


async def get_preview(info: Info, preview: PreviewId) -> Any:
    """One preview; None for one that does not exist here."""
    return await info.context.loaders.policy.preview(plain_id("PolicyPreview", preview))


async def list_previews(info: Info, first: First = 50, after: After = None) -> Any:
    """A page of the district's previews."""
    return page_rows(await info.context.loaders.policy.previews(asked_page(first, after)), after)


@strawberry.type(description="规则预览的查询。What can be asked about previews.")
class PolicyQueries:
    """Root fields."""

    policy_preview: PolicyPreview | None = strawberry.field(
        resolver=get_preview, description="一个规则预览；不存在时为空。One preview; null when there is none."
    )
    policy_previews: Connection[PolicyPreview] | None = strawberry.field(
        resolver=list_previews, description="本区的规则预览，新的在前。The district's previews, newest first."
    )
