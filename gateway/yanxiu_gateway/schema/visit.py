"""Visits to schools: planned, prepared, as they were."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import visiting as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school
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
from yanxiu_gateway.schema.residency import Residency
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.words import wire_word

VisitRow = strawberry.Parent[wire.Visit]
value = strawberry.enum_value


@strawberry.enum(name="VisitState", description="下校的状态。Where a visit stands.")
class VisitState(Enum):
    """Incomplete, planned, under way, done or cancelled."""

    INCOMPLETE = value("incomplete", description="计划与到校都尚未到达。Neither its plan nor its arrival has come yet.")
    PLANNED = value("planned", description="已计划。Planned.")
    UNDER_WAY = value("under-way", description="已到校，尚未离校。Arrived, not left.")
    DONE = value("done", description="已完成。Done.")
    CANCELLED = value("cancelled", description="已取消，不计入。Called off; counts nowhere.")


@strawberry.enum(name="PreparationPart", description="进校前准备的一项。A part of a visit's preparation.")
class PreparationPart(Enum):
    """Goal, focus, tasks."""

    GOAL = value("goal", description="工作目标。The goal.")
    FOCUS = value("focus", description="工作重点。The focus.")
    TASKS = value("tasks", description="具体任务。The tasks.")


@strawberry.type(name="PlannedDay", description="计划的一天。A planned day.")
class PlannedDay:
    """A planned day."""

    on: date = strawberry.field(description="哪一天。The day.")
    half_days: int = strawberry.field(description="几个半天，1 或 2。How many half days, 1 or 2.")


@strawberry.type(name="DayThere", description="在校的一天。A day as it was.")
class DayThere:
    """A day there."""

    on: date = strawberry.field(description="哪一天（北京时间）。The day in China.")
    arrived_at: datetime | None = strawberry.field(description="首次到校。First arrival.")
    left_at: datetime | None = strawberry.field(description="最后离校。Last leaving.")
    half_days: int = strawberry.field(description="计几个半天；未离校为 0。Half days; 0 until he has left.")


@strawberry.type(
    name="Unprepared",
    description="进校之前缺少的准备，及依据的条款。What was not set down before the visit began, and the clauses.",
)
class Unprepared:
    """A breach of the preparation."""

    missing: list[PreparationPart] = strawberry.field(description="当时缺少的各项。The parts missing then.")
    clauses: list[str] = strawberry.field(description="条款编号。Ids of the clauses.")


school_of = named_school("school")


async def residency_of(root: VisitRow, info: Info) -> Any:
    """The residency that it belongs to."""
    return await info.context.loaders.visit_plans.residency(root.residency) if root.residency else None


async def researcher_of(root: VisitRow, info: Info) -> Any:
    """The visitor."""
    return dated(await info.context.loaders.people.researcher(root.researcher, None), None)


@strawberry.type(
    name="Visit",
    description="一次下校：由其全部记录条得出，与到达先后无关。"
    "A visit to a school, as all its notes together say, whatever order they came in.",
)
class Visit(Node):
    """A visit."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A visit of the visits service is shown as this type."""
        return isinstance(obj, wire.Visit)

    researcher: Researcher | None = strawberry.field(
        resolver=researcher_of, description="下校的研训员。The researcher who visits."
    )
    school: School | None = strawberry.field(
        resolver=school_of, description="所到的学校；计划与到校都未到达时为空。The school; null while nobody knows."
    )
    term_id: strawberry.ID | None = strawberry.field(resolver=id_of("Term", "term"), description="学期。Its term.")
    state: VisitState = strawberry.field(description="状态。Where it stands.")
    phase: str | None = strawberry.field(
        description="所属阶段，按本区规定的名称，如期初。Its phase, by the law's name."
    )
    residency: Residency | None = strawberry.field(
        resolver=residency_of, description="所属的蹲点安排。The residency that it belongs to."
    )
    planned: list[PlannedDay] = strawberry.field(description="计划的日子。The days planned.")
    days: list[DayThere] = strawberry.field(description="实际在校的日子。The days there.")
    half_days: int = strawberry.field(description="合计几个半天。Half days in all.")
    goal: str = strawberry.field(description="工作目标。The goal.")
    focus: str = strawberry.field(description="工作重点。The focus.")
    tasks: list[str] = strawberry.field(description="具体任务。The tasks.")
    missing: list[PreparationPart] = strawberry.field(
        description="尚缺的准备（规定有此要求且尚未进校时）。What the law asks to be set down and is not there yet."
    )
    unprepared: Unprepared | None = strawberry.field(
        description="未经准备即进校：已记录并注明。Begun without its preparation: recorded, and marked."
    )
    prepared_late: bool = strawberry.field(
        description="准备虽注明在进校之前，到达却在其后。The preparation says before, and came after the start."
    )
    reason: str | None = strawberry.field(description="取消的理由。Why it was called off.")


VisitId = Annotated[strawberry.ID, strawberry.argument(name="id", description="下校编号。The visit's id.")]
OfResearcher = Annotated[
    strawberry.ID | None,
    strawberry.argument(name="researcher", description="只要这位研训员的。Only this researcher's."),
]
AtSchool = Annotated[
    strawberry.ID | None, strawberry.argument(name="school", description="只要这所学校的。Only at this school.")
]
InTerm = Annotated[
    strawberry.ID | None,
    strawberry.argument(name="term", description="只要这个学期的，如 2024-2025-1。Only of this term."),
]
InState = Annotated[
    VisitState | None, strawberry.argument(name="state", description="只要这个状态的。Only in this state.")
]
Since = Annotated[date | None, strawberry.argument(name="since", description="自这一天起的。Those from this day on.")]
Until = Annotated[date | None, strawberry.argument(name="until", description="至这一天止的。Those until this day.")]
InPhase = Annotated[str | None, strawberry.argument(name="phase", description="只要这个阶段的。Only of this phase.")]
Breached = Annotated[
    bool | None,
    strawberry.argument(
        name="unprepared",
        description="true 只要未经准备即进校的，false 只要其余的。True: only those begun unprepared.",
    ),
]


async def get_visit(info: Info, visit: VisitId) -> Any:
    """One visit; None for one that does not exist here or is out of the caller's scope."""
    return await info.context.loaders.field.visit(plain_id("Visit", visit))


async def list_visits(
    info: Info,
    first: First = 50,
    after: After = None,
    researcher: OfResearcher = None,
    school: AtSchool = None,
    term: InTerm = None,
    state: InState = None,
    phase: InPhase = None,
    since: Since = None,
    until: Until = None,
    unprepared: Breached = None,
    order: InOrder = Order.OLDEST,
) -> Any:
    """A page of visits in the caller's scope."""
    page = await info.context.loaders.field.visits(
        page=asked_page(first, after),
        researcher=None if researcher is None else plain_researcher(researcher),
        school=None if school is None else plain_id("School", school),
        term=plain_term(term),
        state=wire_word(state),
        phase=phase,
        since=since,
        until=until,
        unprepared=unprepared,
        newest=order is Order.NEWEST,
    )
    return page_rows(page, after)


@strawberry.type(description="下校的查询。What can be asked about visits.")
class VisitQueries:
    """Root fields."""

    visit: Visit | None = strawberry.field(
        resolver=get_visit, description="按编号取一次下校；不存在时为空。One visit by id; null when there is none."
    )
    visits: Connection[Visit] | None = strawberry.field(
        resolver=list_visits,
        description="可见范围内的下校。Visits in the caller's scope.",
    )
