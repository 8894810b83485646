"""What the yearly assessment of researchers rests on, in the columns that a district chooses for its own sheet."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import work_assessment as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import After, Edge, First, PageInfo, PageRows, asked_page, dated, page_rows
from yanxiu_gateway.schema.researcher import Researcher
from yanxiu_gateway.schema.ruling import Ruling
from yanxiu_gateway.schema.term_minima import AsOfDay, TermMinima
from yanxiu_gateway.schema.words import wire_word

value = strawberry.enum_value


@strawberry.enum(name="SheetColumnKind", description="考核表一列的内容。What a column of the sheet shows.")
class SheetColumnKind(Enum):
    """Kinds; the values are the wire's."""

    EARNED = value("earned", description="某项最低要求已完成的数。What was done of a minimum.")
    SHORTFALL = value("shortfall", description="某项最低要求还差的数。What is missing of a minimum.")
    FIGURE = value("figure", description="记录得出的一项数据。A figure of the records.")
    FAILED = value("failed", description="未达到的条款。The clauses that are not reached.")
    MISSED = value("missed", description="已不及的项数。How many minima were missed.")


@strawberry.input(
    name="SheetColumnInput",
    description="考核表的一列；官方表样未公布，由区县自定。A column; the district sets its own.",
)
class SheetColumnInput:
    """A column."""

    heading: str = strawberry.field(description="表头。Its heading.")
    kind: SheetColumnKind = strawberry.field(description="内容。What it shows.")
    of: str = strawberry.field(
        default="", description="哪项要求或数据，如 visit_days。Of which measure or figure, such as visit_days."
    )
    term: int | None = strawberry.field(default=None, description="第几学期；不填为全年。Of which term; else the year.")


async def researcher_of(root: strawberry.Parent[wire.WorkAssessment], info: Info) -> Any:
    """Whose year it is."""
    return dated(await info.context.loaders.people.researcher(root.researcher, None), None)


@strawberry.type(
    name="WorkAssessment", description="一位研训员的学年考核依据。What a researcher's assessment of a year rests on."
)
class WorkAssessment:
    """A row."""

    researcher: Researcher | None = strawberry.field(resolver=researcher_of, description="研训员。The researcher.")
    values: list[str] = strawberry.field(
        description="各列的值，与所给各列一一对应。Values, in the order of the columns."
    )
    terms: list[TermMinima] = strawberry.field(description="各学期。His terms.")
    rulings: list[Ruling] = strawberry.field(
        description="规定对学年的答复；等次由研训院评定，不在此列。What the law answers; the grade is the institute's."
    )


class AssessmentRows:
    """A service's page with what columns can be made of."""

    def __init__(self, page: wire.WorkAssessmentPage, rows: PageRows) -> None:
        self.page = page
        self.rows = rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rows if hasattr(self.rows, name) else self.page, name)


@strawberry.type(name="WorkAssessmentConnection", description="学年考核依据，分页。The assessments' ground, in pages.")
class WorkAssessmentConnection:
    """A connection that says what columns can be made of."""

    edges: list[Edge[WorkAssessment]] = strawberry.field(description="本页各位。The rows of this page.")
    page_info: PageInfo = strawberry.field(description="分页信息。Where this page stands.")
    total_count: int = strawberry.field(description="共有多少位。How many there are in all.")
    terms: list[str] = strawberry.field(description="已开始的学期。The terms that have begun.")
    measures: list[str] = strawberry.field(description="可作列的各项要求。Measures that columns can be made of.")
    figures: list[str] = strawberry.field(description="可作列的各项数据。Figures that columns can be made of.")


InYear = Annotated[
    str, strawberry.argument(name="schoolYear", description="学年，如 2024-2025。The school year, such as 2024-2025.")
]
Columns = Annotated[
    list[SheetColumnInput], strawberry.argument(description="本区县考核表的各列。The columns of the district's sheet.")
]


async def list_assessments(
    info: Info,
    school_year: InYear,
    columns: Columns = [],  # noqa: B006 - GraphQL reads it as the default, nobody writes to it
    as_of: AsOfDay = None,
    first: First = 50,
    after: After = None,
) -> Any:
    """A page of what assessments rest on."""
    page = await info.context.loaders.minima.assessments(
        school_year=school_year,
        columns=tuple(
            wire.SheetColumn(heading=one.heading, kind=wire_word(one.kind), of=one.of, term=one.term) for one in columns
        ),
        as_of=as_of,
        page=asked_page(first, after),
    )
    return AssessmentRows(page, page_rows(page, after))


@strawberry.type(description="学年考核依据的查询。What can be asked about assessments.")
class WorkAssessmentQueries:
    """Root fields."""

    work_assessments: WorkAssessmentConnection | None = strawberry.field(
        resolver=list_assessments,
        description="研训员学年考核的依据：由各学期得出；列由区县自定。"
        "What the yearly assessments rest on, from the terms; the columns are the district's own.",
    )
