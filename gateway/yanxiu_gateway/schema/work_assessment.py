"""What the yearly assessment of researchers rests on, in the columns that a district chooses for its own sheet."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import work_assessment as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import After, Edge, First, PageInfo, PageRows, asked_page, dated, page_rows
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, carried_out, item_of
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


@strawberry.type(name="SheetColumn", description="考核表的一列。A column of the sheet.")
class SheetColumn:
    """A column."""

    heading: str = strawberry.field(description="表头。Its heading.")
    kind: SheetColumnKind = strawberry.field(
        resolver=lambda root: SheetColumnKind(root.kind), description="内容。What it shows."
    )
    of: str = strawberry.field(description="哪项要求或数据。Of which measure or figure.")
    term: int | None = strawberry.field(description="第几学期；空为全年。Of which term; null for the year.")


@strawberry.type(
    name="AssessmentSheet",
    description="本区县自定考核表的一版，自某日起适用。A version of the district's own sheet, in force from a day on.",
)
class AssessmentSheet:
    """A sheet."""

    version: int = strawberry.field(description="第几版，自1起。Which version, from 1.")
    since: date = strawberry.field(description="自哪天起适用。From which day on.")
    columns: list[SheetColumn] = strawberry.field(description="各列。Its columns.")
    decided_by: str = strawberry.field(description="依据的决定或文号。The decision that it rests on.")
    set_by: str = strawberry.field(description="设定人。Who set it.")
    set_at: datetime = strawberry.field(description="设定时刻。When it was set.")


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
    columns: list[SheetColumn] = strawberry.field(description="所填的各列。The columns that are filled in.")
    sheet_version: int | None = strawberry.field(
        resolver=lambda root: root.sheet,
        description="所用考核表的版本；各列由查询给出或尚未设定的为空。"
        "The version of the district's sheet; null where the query gave the columns, or none is set.",
    )


InYear = Annotated[
    str, strawberry.argument(name="schoolYear", description="学年，如 2024-2025。The school year, such as 2024-2025.")
]
Columns = Annotated[
    list[SheetColumnInput] | None,
    strawberry.argument(
        description="另定的各列；不填用本区县设定的考核表。Columns of the query's own; else the district's sheet."
    ),
]


def wire_columns(given: list[SheetColumnInput]) -> tuple[wire.SheetColumn, ...]:
    """Columns of an input as the wire has them."""
    return tuple(
        wire.SheetColumn(heading=one.heading, kind=wire_word(one.kind), of=one.of, term=one.term) for one in given
    )


async def list_sheets(info: Info) -> Any:
    """The versions of the district's sheet."""
    return await info.context.loaders.minima.sheets()


async def list_assessments(
    info: Info,
    school_year: InYear,
    columns: Columns = None,
    as_of: AsOfDay = None,
    first: First = 50,
    after: After = None,
) -> Any:
    """A page of what assessments rest on."""
    page = await info.context.loaders.minima.assessments(
        school_year=school_year,
        columns=None if columns is None else wire_columns(columns),
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
    assessment_sheets: list[AssessmentSheet] | None = strawberry.field(
        resolver=list_sheets, description="本区县自定考核表的各版，新的在前。The district's own sheet, newest first."
    )


@strawberry.type(name="AssessmentSheetPayload", description="设定考核表的结果。What setting the sheet came to.")
class AssessmentSheetPayload(Payload):
    """The sheet or errors."""

    sheet: AssessmentSheet | None = strawberry.field(resolver=item_of, description="所设的一版。The version set.")


@strawberry.input(name="SetAssessmentSheetInput", description="setAssessmentSheet 的输入。Input of setAssessmentSheet.")
class SetAssessmentSheetInput:
    """A sheet."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    since: date = strawberry.field(description="自哪天起适用。From which day on.")
    columns: list[SheetColumnInput] = strawberry.field(description="各列。Its columns.")
    decided_by: str = strawberry.field(description="依据的决定或文号。The decision that it rests on.")
    expected_version: int = strawberry.field(
        default=0, description="所见最新一版，尚无为 0；已有更新的一版则不予办理。The newest version that was seen."
    )


async def set_sheet(
    info: Info, given: Annotated[SetAssessmentSheetInput, strawberry.argument(name="input", description="输入。Input.")]
) -> Any:
    """Set the sheet."""
    command = wire.SetAssessmentSheet(
        caller=info.context.caller,
        key=given.idempotency_key,
        since=given.since,
        columns=wire_columns(given.columns),
        decided_by=given.decided_by,
        expected_version=given.expected_version,
    )
    return await carried_out(info, info.context.backend.set_assessment_sheet, command)


@strawberry.type(description="考核表的写操作。What can be set of the assessment sheet.")
class WorkAssessmentMutations:
    """Root fields."""

    set_assessment_sheet: AssessmentSheetPayload | None = strawberry.mutation(
        resolver=set_sheet,
        description="设定本区县自定的考核表，自某日起适用（区县教育局）；旧版保留。"
        "Set the district's own sheet from a day on (a district officer); older versions stay.",
    )
