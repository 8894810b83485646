"""A researcher's term and a school's page of field work: what is done, ahead and missing; and drafts of reports."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import term_work as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.field_record import FieldRecord, list_field_records
from yanxiu_gateway.schema.figure import Figure
from yanxiu_gateway.schema.named_rows import named_school
from yanxiu_gateway.schema.nodes import After, Connection, First, dated, id_of, plain_id
from yanxiu_gateway.schema.researcher import Researcher, plain_researcher
from yanxiu_gateway.schema.residency import Residency, list_residencies
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE
from yanxiu_gateway.schema.visit import Visit, list_visits
from yanxiu_gateway.schema.visit_finding import Overdue, Unsettled, VisitFinding, list_findings

WorkRow = strawberry.Parent[wire.TermWork]
DraftRow = strawberry.Parent[wire.Draft]


@strawberry.type(name="PaperMissing", description="规定应交而未交的材料。A document that the law asks for and lacks.")
class PaperMissing:
    """A missing document."""

    paper: str = strawberry.field(description="名称。Its name.")
    label_en: str = strawberry.field(description="英文名称。Its English name.")
    per: str = strawberry.field(description="每周期、学年或学期一份。One in each cycle, school year or term.")
    clauses: list[str] = strawberry.field(description="条款编号。Ids of the clauses.")


async def _all(load: Callable[[str], Awaitable[Any]], ids: Sequence[str]) -> list[Any]:
    """What the ids name, asked for together."""
    found = await asyncio.gather(*(load(one) for one in ids))
    return [one for one in found if one is not None]


async def researcher_of(root: WorkRow, info: Info) -> Any:
    """Whose term it is."""
    return dated(await info.context.loaders.people.researcher(root.researcher, None), None)


async def residencies_of(root: WorkRow, info: Info, first: First = 50, after: After = None) -> Any:
    """Where he is placed in the days of the term."""
    return await list_residencies(
        info, first, after, person=strawberry.ID(root.researcher), since=root.starts_on, until=root.ends_on
    )


async def ahead_of(root: WorkRow, info: Info) -> Any:
    """The visits to come."""
    return await _all(info.context.loaders.field.visit, root.ahead)


async def unfinished_of(root: WorkRow, info: Info) -> Any:
    """The visits begun and not left, or planned for a day that is past."""
    return await _all(info.context.loaders.field.visit, root.unfinished)


async def unprepared_of(root: WorkRow, info: Info) -> Any:
    """The visits to come whose preparation is not whole."""
    return await _all(info.context.loaders.field.visit, root.unprepared)


async def incomplete_of(root: WorkRow, info: Info) -> Any:
    """The visits of which neither plan nor arrival has come."""
    return await _all(info.context.loaders.field.visit, root.incomplete)


async def findings_of(root: WorkRow, info: Info) -> Any:
    """His open findings."""
    return await _all(info.context.loaders.field.finding, root.findings)


@strawberry.type(
    name="TermWork", description="一位研训员的一个学期：已做的、将做的、尚缺的。A researcher's term as it stands."
)
class TermWork:
    """A term of work."""

    researcher: Researcher | None = strawberry.field(resolver=researcher_of, description="研训员。The researcher.")
    term_id: strawberry.ID = strawberry.field(resolver=id_of("Term", "term"), description="学期。The term.")
    starts_on: date = strawberry.field(description="学期第一天。First day of the term.")
    ends_on: date = strawberry.field(description="学期最后一天。Last day of the term.")
    residencies: Connection[Residency] | None = strawberry.field(
        resolver=residencies_of, description="学期中的蹲点安排。Where he is placed in the days of the term."
    )
    figures: list[Figure] = strawberry.field(description="至今的数据及其出处。The figures so far.")
    ahead: list[Visit] | None = strawberry.field(resolver=ahead_of, description="将要进行的下校。Visits to come.")
    unfinished: list[Visit] | None = strawberry.field(
        resolver=unfinished_of, description="已到校未离校的，或计划之日已过的。Begun and not left, or planned and past."
    )
    unprepared: list[Visit] | None = strawberry.field(
        resolver=unprepared_of, description="将要进行而准备未齐的。Those to come whose preparation is not whole."
    )
    incomplete: list[Visit] | None = strawberry.field(
        resolver=incomplete_of, description="计划与到校都未到达的。Those whose plan and arrival have not come."
    )
    months: list[str] = strawberry.field(
        description="已过去而没有小结的月份。Months that are over and have no summary."
    )
    papers: list[PaperMissing] = strawberry.field(description="应交而未交的材料。Documents not handed in.")
    report: bool = strawberry.field(description="学期报告是否已提交。Whether the term's report is submitted.")
    findings: list[VisitFinding] | None = strawberry.field(
        resolver=findings_of, description="本人发现的、未销号的问题。His findings that are not closed."
    )


@strawberry.type(
    name="Draft",
    description="由记录得出的草稿：每项数据都列明出处。A draft made of the records; each figure names what it counts.",
)
class Draft:
    """A draft."""

    term_id: strawberry.ID = strawberry.field(resolver=id_of("Term", "term"), description="学期。The term.")
    month: str | None = strawberry.field(description="月份；整个学期则为空。The month; null for the whole term.")
    figures: list[Figure] = strawberry.field(
        description="数据及其出处，提交时原样交回。The figures; sent back as they are when it is submitted."
    )
    text_zh: str = strawberry.field(description="中文句子。A sentence in Chinese.")
    text_en: str = strawberry.field(description="英文句子。A sentence in English.")


@dataclass(frozen=True, slots=True)
class SchoolWork:
    """A school's page: what its fields ask for."""

    school: str
    term: str


def page_of(school: str, term: str) -> SchoolWork | None:
    """The page of a school's term; of no school or no term there is none."""
    return SchoolWork(school, term) if school and term else None


PageRow = strawberry.Parent[SchoolWork]


school_of = named_school("school")


async def visits_there(root: PageRow, info: Info, first: First = 50, after: After = None) -> Any:
    """The visits at the school in the term."""
    return await list_visits(info, first, after, school=strawberry.ID(root.school), term=strawberry.ID(root.term))


async def residencies_there(root: PageRow, info: Info, first: First = 50, after: After = None) -> Any:
    """Who is placed at the school in the days of the term: a batch of base schools names no term."""
    term = next((one for one in await info.context.loaders.terms(None) if one.id == root.term), None)
    if term is None:
        return await list_residencies(info, first, after, school=strawberry.ID(root.school), term=root.term)
    return await list_residencies(
        info, first, after, school=strawberry.ID(root.school), since=term.starts_on, until=term.ends_on
    )


async def records_there(root: PageRow, info: Info, first: First = 50, after: After = None) -> Any:
    """The records of work at the school in the term."""
    return await list_field_records(
        info, first, after, school=strawberry.ID(root.school), term=strawberry.ID(root.term)
    )


async def findings_there(
    root: PageRow,
    info: Info,
    first: First = 50,
    after: After = None,
    unsettled: Unsettled = None,
    overdue: Overdue = None,
) -> Any:
    """The findings at the school."""
    return await list_findings(
        info, first, after, school=strawberry.ID(root.school), unsettled=unsettled, overdue=overdue
    )


@strawberry.type(
    name="SchoolFieldWork",
    description="一所学校的下校页：本学期的下校与记录，以及问题。A school's page: visits, records and findings there.",
)
class SchoolFieldWork:
    """A school's page."""

    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    term_id: strawberry.ID = strawberry.field(resolver=id_of("Term", "term"), description="学期。The term.")
    residencies: Connection[Residency] | None = strawberry.field(
        resolver=residencies_there, description="本学期在该校蹲点的人。Who is placed at the school in the term."
    )
    visits: Connection[Visit] | None = strawberry.field(
        resolver=visits_there, description="本学期到该校的下校。Visits to the school in the term."
    )
    records: Connection[FieldRecord] | None = strawberry.field(
        resolver=records_there, description="本学期在该校的工作记录。Records of work at the school in the term."
    )
    findings: Connection[VisitFinding] | None = strawberry.field(
        resolver=findings_there, description="该校的问题，期限早的在前。Its findings, the earliest deadline first."
    )


OfResearcher = Annotated[
    strawberry.ID, strawberry.argument(name="researcher", description="研训员编号。The researcher's id.")
]
OfSchool = Annotated[strawberry.ID, strawberry.argument(name="school", description="学校编号。The school's id.")]
InTerm = Annotated[
    strawberry.ID, strawberry.argument(name="term", description="学期，如 2024-2025-1。The term, such as 2024-2025-1.")
]
InMonth = Annotated[
    str | None, strawberry.argument(name="month", description="月份，如 2024-10；默认整个学期。The month.")
]
AboutSchool = Annotated[
    strawberry.ID | None, strawberry.argument(name="school", description="只要这所学校的。About this school alone.")
]


async def get_term_work(info: Info, researcher: OfResearcher, term: InTerm) -> Any:
    """A researcher's term."""
    return await info.context.loaders.field.term_work(plain_researcher(researcher), plain_id("Term", term))


async def get_draft(
    info: Info, researcher: OfResearcher, term: InTerm, month: InMonth = None, school: AboutSchool = None
) -> Any:
    """A draft of a month or a term."""
    return await info.context.loaders.field.draft(
        researcher=plain_researcher(researcher),
        term=plain_id("Term", term),
        month=month,
        school=None if school is None else plain_id("School", school),
    )


async def get_school_work(info: Info, school: OfSchool, term: InTerm) -> Any:
    """A school's page; its lists show what the caller may see of it."""
    del info
    return page_of(plain_id("School", school), plain_id("Term", term))


@strawberry.type(description="学期工作的查询。What can be asked about terms of work.")
class TermWorkQueries:
    """Root fields."""

    term_work: TermWork | None = strawberry.field(
        resolver=get_term_work, description="一位研训员的一个学期。A researcher's own page of work."
    )
    field_work_draft: Draft | None = strawberry.field(
        resolver=get_draft,
        metadata=NULL_IS_A_HOLE,
        description="月小结或学期报告的草稿。The draft of a month's summary or a term's report.",
    )
    school_field_work: SchoolFieldWork | None = strawberry.field(
        resolver=get_school_work, description="一所学校的下校页。A school's page of field work."
    )
