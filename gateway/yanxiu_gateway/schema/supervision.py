"""Supervision: teams of both sides, published draws, inspections with their reports, and a year's standing."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import supervision as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school, named_schools, named_teacher
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, id_of, page_rows, plain_id
from yanxiu_gateway.schema.ruling import Ruling
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE
from yanxiu_gateway.schema.visit_finding import VisitFinding
from yanxiu_gateway.schema.words import wire_word

if TYPE_CHECKING:
    from yanxiu_gateway.schema.teacher import Teacher

value = strawberry.enum_value
Row = strawberry.Parent[Any]
LazyTeacher = Annotated["Teacher", strawberry.lazy("yanxiu_gateway.schema.teacher")]


@strawberry.enum(name="SupervisionSide", description="行政或业务。Administrative or professional.")
class SupervisionSide(Enum):
    """Sides; the values are the wire's."""

    ADMINISTRATIVE = value("administrative", description="行政。Administrative.")
    PROFESSIONAL = value("professional", description="业务。Professional.")


@strawberry.enum(name="InspectionKind", description="定期或随机。Regular or random.")
class InspectionKind(Enum):
    """Kinds; the values are the wire's."""

    REGULAR = value("regular", description="一学年一次的定期督导。The regular one of a school year.")
    RANDOM = value("random", description="抽签产生的随机督导。A random one, by a draw.")


@strawberry.enum(name="InspectionState", description="督导的状态。How an inspection stands.")
class InspectionState(Enum):
    """States; the values are the wire's."""

    SCHEDULED = value("scheduled", description="已安排。Scheduled.")
    REPORTED = value("reported", description="已报告。Reported on.")
    CANCELLED = value("cancelled", description="已取消。Cancelled.")


@strawberry.type(name="Supervisor", description="督导团队成员。A member of a supervision team.")
class Supervisor:
    """A member."""

    person: LazyTeacher | None = strawberry.field(
        resolver=named_teacher("person"), description="其人；不在可见范围时为空。The person; null when out of scope."
    )
    person_id: strawberry.ID = strawberry.field(
        resolver=id_of("Teacher", "person"),
        description="人员编号；行政人员可不在教师登记之内，此时 person 与 node 均为空。"
        "The person's id; of the administrative side perhaps of nobody in the register: person and node are null then.",
    )
    side: SupervisionSide = strawberry.field(
        resolver=lambda root: SupervisionSide(root.side), description="行政或业务。His side."
    )


@strawberry.type(name="SupervisionTeam", description="督导团队。A supervision team.")
class SupervisionTeam(Node):
    """A team."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A team of the visits service is shown as this type."""
        return isinstance(obj, wire.SupervisionTeam)

    name: str = strawberry.field(description="名称。Its name.")
    since: date = strawberry.field(description="自哪天起。From which day.")
    members: list[Supervisor] = strawberry.field(description="成员。Its members.")
    appointed_by: str = strawberry.field(description="由谁任命。Who appointed it.")
    appointed_at: datetime = strawberry.field(description="何时任命。When.")


@strawberry.type(name="ExemptedSchool", description="未列入抽签的学校及理由。A school left out of a draw, and why.")
class ExemptedSchool:
    """A school and a reason."""

    school: School | None = strawberry.field(
        resolver=named_school("school"), description="学校；不在可见范围时为空。The school; null when out of scope."
    )
    school_id: strawberry.ID = strawberry.field(
        resolver=id_of("School", "school"), description="学校编号。The school's id."
    )
    reason: str = strawberry.field(description="理由，随抽签公开。The reason, published with the draw.")


drawn_schools = named_schools("drawn")


@strawberry.type(
    name="SupervisionDraw",
    description="随机督导的抽签：先公布承诺，后揭晓，任何人可重算。"
    "A draw of schools: committed to first, revealed afterwards, repeatable by anyone.",
)
class SupervisionDraw(Node):
    """A draw."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A draw of the visits service is shown as this type."""
        return isinstance(obj, wire.SupervisionDraw)

    school_year: str = strawberry.field(description="学年。The school year.")
    state: str = strawberry.field(description="committed 已承诺，revealed 已揭晓。Committed to, or revealed.")
    algorithm: str = strawberry.field(description="算法名称。Name of the algorithm.")
    roster_on: date = strawberry.field(description="以哪天在办的学校为准。The day of the roster.")
    roster: list[str] = strawberry.field(description="可被抽到的学校编号。Ids of the schools that may be drawn.")
    exempted: list[ExemptedSchool] = strawberry.field(description="未列入的学校。Schools left out, and why.")
    count: int = strawberry.field(description="抽几所。How many are drawn.")
    roster_sha256: str = strawberry.field(description="名单的 SHA-256。SHA-256 of the roster.")
    seed_sha256: str = strawberry.field(description="种子的 SHA-256（承诺）。SHA-256 of the seed: the commitment.")
    committed_by: str = strawberry.field(description="由谁承诺。Who committed to it.")
    committed_at: datetime = strawberry.field(description="何时承诺。When.")
    seed: str | None = strawberry.field(description="种子（十六进制），揭晓前为空。The seed in hex, once revealed.")
    witness: str | None = strawberry.field(description="见证人给出的词。The witness's word, once revealed.")
    drawn: list[School] = strawberry.field(resolver=drawn_schools, description="抽出的学校。The schools drawn.")
    drawn_ids: list[str] = strawberry.field(
        resolver=lambda root: root.drawn, description="抽出的学校编号，按抽出顺序。Their ids, as drawn."
    )
    revealed_by: str | None = strawberry.field(description="由谁揭晓。Who revealed it.")
    revealed_at: datetime | None = strawberry.field(description="何时揭晓。When.")


@strawberry.type(name="InspectionLine", description="督导表的一行。A line of the supervision form.")
class InspectionLine:
    """A line."""

    name: str = strawberry.field(description="项目。The line.")
    remark: str = strawberry.field(description="所见。What was seen.")


school_of = named_school("school")


async def draw_of(root: Row, info: Info) -> Any:
    """The draw that led to it."""
    return None if root.draw is None else await info.context.loaders.supervision.draw(root.draw)


async def findings_of(root: Row, info: Info, first: First = 50, after: After = None) -> Any:
    """What was found, with remedy and re-check."""
    return page_rows(await info.context.loaders.field.findings_of(root.id, asked_page(first, after)), after)


@strawberry.type(name="Inspection", description="一次督导。A supervision of a school.")
class Inspection(Node):
    """An inspection."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """An inspection of the visits service is shown as this type."""
        return isinstance(obj, wire.Inspection)

    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    school_year: str = strawberry.field(description="学年。The school year.")
    kind: InspectionKind = strawberry.field(
        resolver=lambda root: InspectionKind(root.kind), description="定期或随机。Regular or random."
    )
    state: InspectionState = strawberry.field(
        resolver=lambda root: InspectionState(root.state), description="状态。How it stands."
    )
    due_on: date = strawberry.field(description="安排在哪天。The day it is scheduled for.")
    supervisors: list[str] = strawberry.field(description="督导人员编号。Ids of who holds it.")
    form: list[str] = strawberry.field(description="规定的督导表各行。The lines that the law names.")
    draw: SupervisionDraw | None = strawberry.field(resolver=draw_of, description="所依据的抽签。The draw, if random.")
    held_on: date | None = strawberry.field(description="实际哪天。The day it was held.")
    lines: list[InspectionLine] = strawberry.field(description="逐行所见。What was seen, line by line.")
    summary: str = strawberry.field(description="总体意见。The summary.")
    reported_by: str | None = strawberry.field(description="报告人编号。Who reported.")
    reported_at: datetime | None = strawberry.field(description="报告时间。When.")
    reason: str | None = strawberry.field(description="取消的理由。Why it was cancelled.")
    findings: Connection[VisitFinding] | None = strawberry.field(
        resolver=findings_of, description="发现的问题及整改、复查。What was found, its remedy and re-check."
    )


missing_schools = named_schools("missing")


@strawberry.type(
    name="SupervisionStanding", description="一学年督导的完成情况。How a school year's supervisions stand."
)
class SupervisionStanding:
    """A standing."""

    school_year: str = strawberry.field(description="学年。The school year.")
    roster_on: date = strawberry.field(description="以哪天在办的学校为准。The day of the roster.")
    schools: int = strawberry.field(description="应督导的学校数。How many schools are owed one.")
    reported_regular: int = strawberry.field(description="已报告的定期督导次数。Regular ones reported.")
    reported_random: int = strawberry.field(description="已报告的随机督导次数。Random ones reported.")
    missing: list[School] = strawberry.field(
        resolver=missing_schools, description="尚缺定期督导的学校。Schools without the regular one."
    )
    random_missing: list[str] = strawberry.field(
        description="随机督导不足的学校编号。Ids of schools short of random ones."
    )
    drawn_missing: list[str] = strawberry.field(
        description="已抽中而尚未报告的学校编号。Ids of schools that were drawn and are not yet reported on."
    )
    rulings: list[Ruling] = strawberry.field(description="规定的答复。What the law answers.")


DrawId = Annotated[strawberry.ID, strawberry.argument(name="id", description="抽签编号。The draw's id.")]
InspectionId = Annotated[strawberry.ID, strawberry.argument(name="id", description="督导编号。The inspection's id.")]
OfYear = Annotated[
    str | None, strawberry.argument(description="只要这个学年的，如2024-2025。Only of this school year.")
]
ThisYear = Annotated[str, strawberry.argument(description="学年，如2024-2025。The school year.")]
AtSchool = Annotated[strawberry.ID | None, strawberry.argument(description="只要这所学校的。Only of this school.")]
OfKind = Annotated[InspectionKind | None, strawberry.argument(description="只要这一种的。Only of this kind.")]
InState = Annotated[InspectionState | None, strawberry.argument(description="只要这个状态的。Only that stand so.")]


async def list_teams(info: Info, first: First = 50, after: After = None) -> Any:
    """A page of teams."""
    return page_rows(await info.context.loaders.supervision.teams(page=asked_page(first, after)), after)


async def get_draw(info: Info, draw: DrawId) -> Any:
    """One draw."""
    return await info.context.loaders.supervision.draw(plain_id("SupervisionDraw", draw))


async def list_draws(info: Info, first: First = 50, after: After = None, school_year: OfYear = None) -> Any:
    """A page of draws."""
    page = await info.context.loaders.supervision.draws(page=asked_page(first, after), school_year=school_year)
    return page_rows(page, after)


async def get_inspection(info: Info, inspection: InspectionId) -> Any:
    """One inspection."""
    return await info.context.loaders.supervision.inspection(plain_id("Inspection", inspection))


async def list_inspections(
    info: Info,
    first: First = 50,
    after: After = None,
    school: AtSchool = None,
    school_year: OfYear = None,
    kind: OfKind = None,
    state: InState = None,
) -> Any:
    """A page of inspections in the caller's scope."""
    page = await info.context.loaders.supervision.inspections(
        page=asked_page(first, after),
        school=None if school is None else plain_id("School", school),
        school_year=school_year,
        kind=wire_word(kind),
        state=wire_word(state),
    )
    return page_rows(page, after)


async def get_standing(info: Info, school_year: ThisYear) -> Any:
    """A school year's standing."""
    return await info.context.loaders.supervision.standing(school_year)


@strawberry.type(description="督导的查询。What can be asked about supervision.")
class SupervisionQueries:
    """Root fields."""

    supervision_teams: Connection[SupervisionTeam] | None = strawberry.field(
        resolver=list_teams, description="督导团队，新的在前。Supervision teams, newest first."
    )
    supervision_draw: SupervisionDraw | None = strawberry.field(
        resolver=get_draw, description="一次抽签；不存在时为空。One draw; null when there is none."
    )
    supervision_draws: Connection[SupervisionDraw] | None = strawberry.field(
        resolver=list_draws,
        description="抽签，新的在前；对本区各角色公开。Draws, newest first; public in the district.",
    )
    inspection: Inspection | None = strawberry.field(
        resolver=get_inspection, description="一次督导；不存在时为空。One inspection; null when there is none."
    )
    inspections: Connection[Inspection] | None = strawberry.field(
        resolver=list_inspections,
        description="督导，按日期；学校只见本校已报告的。Inspections by day; a school sees its own once reported.",
    )
    supervision_standing: SupervisionStanding | None = strawberry.field(
        resolver=get_standing,
        metadata=NULL_IS_A_HOLE,
        description="一学年的督导还缺谁。Who is still owed a supervision in a school year.",
    )
