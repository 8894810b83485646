"""Who falls short: teachers of a school or the district with what each misses, and the counts by school."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import standings as wire

from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school, named_teacher
from yanxiu_gateway.schema.nodes import After, Edge, First, PageInfo, PageRows, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE
from yanxiu_gateway.schema.standing import Kind, On, Verdict
from yanxiu_gateway.schema.teacher import Teacher
from yanxiu_gateway.schema.words import wire_word

value = strawberry.enum_value


@strawberry.enum(name="ShortfallOrder", description="名单的次序。The order of the list.")
class ShortfallOrder(Enum):
    """Orders; the values are the wire's."""

    SCHOOL = value("school", description="按学校，再按教师编号。By school, then by teacher.")
    TEACHER = value("teacher", description="按教师编号。By teacher.")
    GAP = value("gap", description="差得最多的在前（按占标准的比例）。The largest gap in proportion first.")


def label_of(root: strawberry.Parent[Any], info: Info) -> str:
    """The requirement's name in the reader's language."""
    return root.label_en if info.context.language == "en" else root.label_zh


@strawberry.type(name="UnmetRequirement", description="一项未满足的要求。A requirement that is not met.")
class UnmetRequirement:
    """An unmet requirement."""

    clause: str = strawberry.field(description="条款编号。Id of the clause.")
    measure: str = strawberry.field(description="衡量的量。What is measured.")
    label: str = strawberry.field(resolver=label_of, description="名称（按 Accept-Language）。Its name.")
    unit: str = strawberry.field(description="单位。The unit.")
    operator: str = strawberry.field(description="比较方式。How it is compared.")
    threshold: Decimal = strawberry.field(description="标准。The threshold.")
    earned: Decimal | None = strawberry.field(
        description="已得；无从计算时为空。What was earned; null without a whole."
    )
    shortfall: Decimal = strawberry.field(description="还差多少。What is missing.")
    binding: bool = strawberry.field(description="是否影响结论。Whether the verdict depends on it.")


teacher_of = named_teacher("teacher")


school_of = named_school("school")


@strawberry.type(
    name="Shortfall",
    description="名单中的一位教师：结论、合计与未满足的各项。A teacher of the list: verdict, sums, what is not met.",
)
class Shortfall:
    """A row."""

    teacher: Teacher | None = strawberry.field(resolver=teacher_of, description="教师。The teacher.")
    school: School | None = strawberry.field(
        resolver=school_of,
        description="期末（未结束为今天）任职的学校。The school on the period's last day, or today before it.",
    )
    verdict: Verdict = strawberry.field(description="结论。The verdict.")
    hours: Decimal = strawberry.field(description="登记的学时。Hours registered.")
    credits: Decimal = strawberry.field(description="登记的学分。Credits registered.")
    recognised_hours: Decimal = strawberry.field(description="认定的学时。Hours recognised.")
    recognised_credits: Decimal = strawberry.field(description="认定的学分。Credits recognised.")
    short: list[UnmetRequirement] = strawberry.field(description="未满足的各项。The requirements that are not met.")


class ShortfallRows:
    """A service's page with what it is as of."""

    def __init__(self, page: wire.ShortfallPage, rows: PageRows) -> None:
        self.page = page
        self.rows = rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rows if hasattr(self.rows, name) else self.page, name)


@strawberry.type(
    name="ShortfallConnection",
    description="未达标名单，分页；与第 asOfSeq 号分录完全一致。The list in pages; it agrees with entry asOfSeq.",
)
class ShortfallConnection:
    """A connection that says as of which entry it is."""

    edges: list[Edge[Shortfall]] = strawberry.field(description="本页各位。The rows of this page.")
    page_info: PageInfo = strawberry.field(description="分页信息。Where this page stands.")
    total_count: int = strawberry.field(description="共有多少位。How many there are in all.")
    as_of_seq: int = strawberry.field(description="算到台账的第几号分录。Up to which ledger entry it is computed.")
    label: str = strawberry.field(description="周期的名称。The period's name.")
    starts_on: date = strawberry.field(description="周期的第一天。First day of the period.")
    ends_on: date = strawberry.field(description="周期的最后一天。Last day of the period.")
    hours_unit: str = strawberry.field(description="学时的单位。Unit of the hours.")
    credits_unit: str = strawberry.field(description="学分的单位。Unit of the credits.")


@strawberry.type(name="Duty", description="一项要求，作为表的一列。A requirement, as the column of a table.")
class Duty:
    """A duty."""

    clause: str = strawberry.field(description="条款编号。Id of the clause.")
    measure: str = strawberry.field(description="衡量的量。What is measured.")
    label: str = strawberry.field(resolver=label_of, description="名称（按 Accept-Language）。Its name.")
    unit: str = strawberry.field(description="单位。The unit.")


@strawberry.type(name="SchoolShortfalls", description="一所学校（或合计）的人数。The counts of a school, or in all.")
class SchoolShortfalls:
    """The counts."""

    school: School | None = strawberry.field(resolver=school_of, description="学校；合计为空。The school; null in all.")
    teachers: int = strawberry.field(description="在职教师数。Teachers in employ.")
    passed: int = strawberry.field(description="达标人数。How many pass.")
    failed: int = strawberry.field(description="未达标人数。How many fail.")
    exempt: int = strawberry.field(description="免于考核人数。How many are exempt.")
    short: list[int] = strawberry.field(
        description="各项要求未满足的人数（不含免考），与 duties 一一对应。"
        "How many miss each requirement, the exempt left out, in the order of duties."
    )


@strawberry.type(name="ShortfallSummary", description="各校达标情况汇总。The counts by school, and in all.")
class ShortfallSummary:
    """A summary."""

    duties: list[Duty] = strawberry.field(description="各项要求。The requirements.")
    schools: list[SchoolShortfalls] = strawberry.field(description="各校。The schools.")
    total: SchoolShortfalls = strawberry.field(description="合计。In all.")
    as_of_seq: int = strawberry.field(description="算到台账的第几号分录。Up to which ledger entry it is computed.")
    label: str = strawberry.field(description="周期的名称。The period's name.")
    starts_on: date = strawberry.field(description="周期的第一天。First day of the period.")
    ends_on: date = strawberry.field(description="周期的最后一天。Last day of the period.")


OfSchool = Annotated[
    strawberry.ID | None, strawberry.argument(description="只要这所学校的教师。Only teachers of this school.")
]
OfClause = Annotated[
    str | None, strawberry.argument(description="只要未满足这一条款的。Only those who do not meet this clause.")
]
OfVerdict = Annotated[
    Verdict | None,
    strawberry.argument(
        description="只要这种结论的；不填即凡有未满足之项、又非免考的。"
        "Only this verdict; else whoever misses a requirement and is not exempt."
    ),
]
Order = Annotated[ShortfallOrder, strawberry.argument(description="次序。The order.")]


async def list_shortfalls(
    info: Info,
    kind: Kind,
    on: On = None,
    school: OfSchool = None,
    clause: OfClause = None,
    verdict: OfVerdict = None,
    order: Order = ShortfallOrder.SCHOOL,
    first: First = 50,
    after: After = None,
) -> Any:
    """A page of those who fall short."""
    context = info.context
    query = wire.ListShortfalls(
        caller=context.caller,
        kind=kind,
        on=on,
        school=plain_id("School", school) if school is not None else None,
        clause=clause,
        verdict=wire_word(verdict),
        sort=wire_word(order),
        page=asked_page(first, after),
    )
    page = await context.loaders.shortfalls(query)
    return ShortfallRows(page, page_rows(page, after))


async def summarise_shortfalls(info: Info, kind: Kind, on: On = None, school: OfSchool = None) -> Any:
    """The counts by school."""
    context = info.context
    named = plain_id("School", school) if school is not None else None
    query = wire.SummariseShortfalls(caller=context.caller, kind=kind, on=on, school=named)
    return granted(await context.backend.summarise_shortfalls(query, deadline=context.deadline))


@strawberry.type(description="未达标情况的查询。What can be asked about who falls short.")
class ShortfallQueries:
    """Root fields."""

    shortfalls: ShortfallConnection | None = strawberry.field(
        resolver=list_shortfalls,
        description="谁还差多少：本校（学校角色）或全区（区级角色）。"
        "Who falls short, and by how much: of the school for its roles, of the district for its officers.",
    )
    shortfall_summary: ShortfallSummary | None = strawberry.field(
        resolver=summarise_shortfalls,
        metadata=NULL_IS_A_HOLE,
        description="各校达标、未达标、免考人数与各项未满足人数。"
        "How many pass, fail or are exempt in each school, and how many miss each requirement.",
    )
