"""Findings of visits and supervision: who answers for each, until when, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import findings as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school, named_teacher
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, id_of, page_rows, plain_id
from yanxiu_gateway.schema.researcher import plain_researcher
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.teacher import Teacher
from yanxiu_gateway.schema.visit import AtSchool, Visit
from yanxiu_gateway.schema.words import wire_word

FindingRow = strawberry.Parent[wire.VisitFinding]
value = strawberry.enum_value


@strawberry.enum(name="VisitFindingState", description="问题的状态。Where a finding stands.")
class VisitFindingState(Enum):
    """Incomplete, open, remedied, closed, withdrawn."""

    INCOMPLETE = value("incomplete", description="问题本身尚未到达。The finding itself has not come yet.")
    OPEN = value("open", description="待整改。Open.")
    REMEDIED = value("remedied", description="已报告整改，待复查。A remedy is reported; to be checked again.")
    CLOSED = value("closed", description="已销号。Closed.")
    WITHDRAWN = value("withdrawn", description="已撤回。Withdrawn.")


@strawberry.type(name="Remedy", description="一次整改及其复查。A remedy, and the check of it.")
class Remedy:
    """A remedy."""

    text: str = strawberry.field(description="整改情况。What was done.")
    reported_by: Teacher | None = strawberry.field(
        resolver=named_teacher("by"), description="报告人；不在可见范围时为空。Who reported it; null when out of scope."
    )
    reported_by_id: strawberry.ID = strawberry.field(
        resolver=id_of("Teacher", "by"), description="报告人的编号。Id of who reported it."
    )
    at: datetime = strawberry.field(description="报告时间。When.")
    checked_by: Teacher | None = strawberry.field(
        resolver=named_teacher("checked_by"),
        description="复查人（第二人）；不在可见范围时为空。The second person, who checked it; null when out of scope.",
    )
    checked_by_id: strawberry.ID | None = strawberry.field(
        resolver=id_of("Teacher", "checked_by"), description="复查人的编号。Id of who checked it."
    )
    checked_at: datetime | None = strawberry.field(description="复查时间。When it was checked.")
    passed: bool | None = strawberry.field(description="复查是否通过。Whether it passed.")
    remark: str = strawberry.field(description="复查意见。The checker's remark.")


school_of = named_school("school")


owner_of = named_teacher("owner")


async def visit_of(root: FindingRow, info: Info) -> Any:
    """The visit that it was found on."""
    named = root.source_id if root.source == "visit" else None
    return await info.context.loaders.field.visit(named) if named else None


@strawberry.type(
    name="VisitFinding",
    description="下校或督导发现的问题，直至第二人复查销号。"
    "Something found at a school, until a second person has seen it remedied.",
)
class VisitFinding(Node):
    """A finding."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A finding of the visits service is shown as this type."""
        return isinstance(obj, wire.VisitFinding)

    finder: Teacher | None = strawberry.field(
        resolver=named_teacher("finder"),
        description="发现人；不在可见范围时为空。Who found it; null when out of scope.",
    )
    finder_id: strawberry.ID = strawberry.field(
        resolver=id_of("Teacher", "finder"), description="发现人的编号。Id of who found it."
    )
    state: VisitFindingState = strawberry.field(description="状态。Where it stands.")
    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    visit: Visit | None = strawberry.field(resolver=visit_of, description="发现于哪次下校。The visit it was found on.")
    text: str = strawberry.field(description="问题。What was found.")
    advice: str = strawberry.field(description="建议。The advice given.")
    owner: Teacher | None = strawberry.field(
        resolver=owner_of, description="责任人；不在可见范围时为空。Its owner; null when out of scope."
    )
    owner_id: strawberry.ID | None = strawberry.field(
        resolver=id_of("Teacher", "owner"), description="责任人的编号。The owner's id."
    )
    found_on: date | None = strawberry.field(description="哪天发现。When it was found.")
    due_on: date | None = strawberry.field(description="整改期限。The last day for the remedy.")
    overdue: bool = strawberry.field(description="是否逾期。Whether it is overdue today.")
    remedies: list[Remedy] = strawberry.field(description="历次整改。The remedies, in order.")
    closed_at: datetime | None = strawberry.field(description="销号时间。When it was closed.")
    reason: str | None = strawberry.field(description="撤回的理由。Why it was withdrawn.")
    steps: list[strawberry.ID] = strawberry.field(
        description="已计入的办理记录的幂等键，依次；复查时原样填入 seen。"
        "The keys of the notes that made it so, in order; a re-check sends them back as `seen`."
    )


FindingId = Annotated[strawberry.ID, strawberry.argument(name="id", description="问题编号。The finding's id.")]
ByFinder = Annotated[
    strawberry.ID | None, strawberry.argument(name="finder", description="只要这位研训员发现的。Only this finder's.")
]
OfOwner = Annotated[
    strawberry.ID | None, strawberry.argument(name="owner", description="只要这位责任人的。Only this owner's.")
]
FoundOn = Annotated[
    strawberry.ID | None, strawberry.argument(name="visit", description="只要这次下校发现的。Only of this visit.")
]
InState = Annotated[
    VisitFindingState | None, strawberry.argument(name="state", description="只要这个状态的。Only in this state.")
]
Unsettled = Annotated[
    bool | None, strawberry.argument(name="open", description="true 只要未销号的。True: only those not closed yet.")
]
Overdue = Annotated[
    bool | None, strawberry.argument(name="overdue", description="true 只要逾期的。True: only those overdue.")
]


async def get_finding(info: Info, finding: FindingId) -> Any:
    """One finding; None for one that does not exist here or is out of the caller's scope."""
    return await info.context.loaders.field.finding(plain_id("VisitFinding", finding))


async def list_findings(
    info: Info,
    first: First = 50,
    after: After = None,
    school: AtSchool = None,
    finder: ByFinder = None,
    owner: OfOwner = None,
    visit: FoundOn = None,
    state: InState = None,
    unsettled: Unsettled = None,
    overdue: Overdue = None,
) -> Any:
    """A page of findings in the caller's scope."""
    page = await info.context.loaders.field.findings(
        page=asked_page(first, after),
        school=None if school is None else plain_id("School", school),
        finder=None if finder is None else plain_researcher(finder),
        owner=None if owner is None else plain_id("Teacher", owner),
        source_id=None if visit is None else plain_id("Visit", visit),
        state=wire_word(state),
        open=unsettled,
        overdue=overdue,
    )
    return page_rows(page, after)


@strawberry.type(description="问题的查询。What can be asked about findings.")
class VisitFindingQueries:
    """Root fields."""

    visit_finding: VisitFinding | None = strawberry.field(
        resolver=get_finding, description="按编号取一个问题；不存在时为空。One finding by id."
    )
    visit_findings: Connection[VisitFinding] | None = strawberry.field(
        resolver=list_findings,
        description="可见范围内的问题，期限早的在前。Findings in the caller's scope, the earliest deadline first.",
    )
