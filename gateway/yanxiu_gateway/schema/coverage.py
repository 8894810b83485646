"""The map of coverage: schools by terms, who is placed there, who came how often, and which were never reached."""

from __future__ import annotations

import asyncio
from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import coverage as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school, named_teacher, named_teachers
from yanxiu_gateway.schema.nodes import (
    After,
    AsOf,
    Edge,
    First,
    PageInfo,
    PageRows,
    asked_page,
    global_id,
    page_rows,
    plain_id,
)
from yanxiu_gateway.schema.ruling import Ruling
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.teacher import Teacher
from yanxiu_gateway.schema.visit import Visit
from yanxiu_gateway.schema.words import wire_word

value = strawberry.enum_value
SchoolRow = strawberry.Parent[wire.SchoolCoverage]
CellRow = strawberry.Parent[wire.CoverageCell]


@strawberry.enum(name="CoverageState", description="一所学校是否已覆盖。Whether a school was reached.")
class CoverageState(Enum):
    """States; the values are the wire's."""

    VISITED = value("visited", description="已有人到校。Somebody came.")
    ASSIGNED = value(
        "assigned", description="已安排，学期未结束，尚未到校。Somebody is placed there; the term is not over."
    )
    UNVISITED = value(
        "unvisited", description="安排过，学期已过而无人到校。Somebody was placed there, and nobody came."
    )
    UNCOVERED = value("uncovered", description="从未安排，也无人到校。Nobody is placed there, and nobody came.")


@strawberry.enum(name="CoverageAlert", description="覆盖不均的提示。What is out of proportion.")
class CoverageAlert(Enum):
    """Alerts; the values are the wire's."""

    REPEATED = value(
        "repeated",
        description="到校次数远多于其他学校，路途不远，而另有学校无人去过。"
        "Visited far more often than others, and not for its distance, while there are schools that nobody came to.",
    )
    ASSIGNED_AGAIN = value(
        "assigned-again",
        description="多个学期都有安排，而另有学校从未安排。Placed in several terms, while there are schools in none.",
    )


person_of = named_teacher("person")


@strawberry.type(name="Visitor", description="到过该校的人及次数。Who came to a school, and how often.")
class Visitor:
    """A visitor."""

    person: Teacher | None = strawberry.field(resolver=person_of, description="人。Who.")
    visits: int = strawberry.field(description="下校次数。How many visits.")
    half_days: int = strawberry.field(description="半天数。How many half days.")


assigned_to = named_teachers("assigned")


async def visits_of(root: strawberry.Parent[wire.CoverageCell], info: Info) -> Any:
    """The visits of a school in a term."""
    found = await asyncio.gather(*map(info.context.loaders.field.visit, root.visits))
    return [one for one in found if one is not None]


@strawberry.type(name="CoverageCell", description="一所学校的一个学期。A school in a term.")
class CoverageCell:
    """A cell."""

    term: str = strawberry.field(description="学期。The term.")
    assigned: list[Teacher] | None = strawberry.field(
        resolver=assigned_to, description="安排在该校蹲点的人。Who is placed there."
    )
    visitors: list[Visitor] = strawberry.field(description="到过的人及次数。Who came, and how often.")
    visit_ids: list[strawberry.ID] = strawberry.field(
        resolver=lambda root: [global_id("Visit", one) for one in root.visits],
        description="各次下校的编号。Ids of the visits.",
    )
    visits: list[Visit] = strawberry.field(
        resolver=visits_of,
        description="各次下校，可见的；一校一学期十余次。The visits that the caller may see; a dozen.",
    )


school_of = named_school("school")


@strawberry.type(
    name="SchoolCoverage", description="一所学校在各学期的安排与到校。A school over the terms of the window."
)
class SchoolCoverage:
    """A row of the map."""

    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    due: bool = strawberry.field(description="规定是否计入。Whether the law counts it.")
    state: CoverageState = strawberry.field(
        resolver=lambda root: CoverageState(root.state), description="是否已覆盖。Whether it was reached."
    )
    cells: list[CoverageCell] = strawberry.field(description="各学期。The terms of the window, in order.")
    visits: int = strawberry.field(description="下校次数合计。How many visits in all.")
    half_days: int = strawberry.field(description="半天数合计。How many half days in all.")
    travel: int | None = strawberry.field(
        description="方案中最近一人的路途；未登记为空。The least way there by the plan in force; null if unknown."
    )
    near: bool | None = strawberry.field(
        description="是否在较近的一半之中；路途未知为空。Whether it is among the nearer half; null where not known."
    )
    alerts: list[CoverageAlert] = strawberry.field(
        resolver=lambda root: [CoverageAlert(one) for one in root.alerts], description="提示。What to look at."
    )


class CoverageRows:
    """A service's page with its counts."""

    def __init__(self, page: wire.CoveragePage, rows: PageRows) -> None:
        self.page = page
        self.rows = rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rows if hasattr(self.rows, name) else self.page, name)


@strawberry.type(
    name="CoverageConnection",
    description="覆盖图：学校乘学期，分页；各计数为全区应计学校。The map of coverage, in pages.",
)
class CoverageConnection:
    """A connection with the counts of the whole map."""

    edges: list[Edge[SchoolCoverage]] = strawberry.field(description="本页各校。The rows of this page.")
    page_info: PageInfo = strawberry.field(description="分页信息。Where this page stands.")
    total_count: int = strawberry.field(description="符合条件的学校数。How many match in all.")
    terms: list[str] = strawberry.field(description="窗口内的学期。The terms of the window.")
    as_of: date = strawberry.field(description="以哪一天为准。As of which day.")
    schools: int = strawberry.field(description="应计的学校数。How many schools the law counts.")
    placed: int = strawberry.field(description="其中有安排的。How many of them have somebody placed.")
    visited: int = strawberry.field(description="其中有人到过的。How many of them somebody came to.")
    alerts: int = strawberry.field(description="其中有提示的。How many of them have an alert.")
    rulings_placed: list[Ruling] = strawberry.field(
        description="按安排，规定如何答复。What the law answers by who is placed where."
    )
    rulings_visited: list[Ruling] = strawberry.field(
        description="按实际到校，规定如何答复。What the law answers by the visits made."
    )


InTerms = Annotated[
    list[str],
    strawberry.argument(
        description="哪些学期；不填为现行方案或规定窗口的学期。"
        "Which terms; else those of the plan in force, or of the law's window."
    ),
]
OfState = Annotated[CoverageState | None, strawberry.argument(description="只要这种状态的。Only those in this state.")]
OfAlert = Annotated[
    CoverageAlert | None, strawberry.argument(description="只要有这种提示的。Only those with this alert.")
]
Due = Annotated[bool, strawberry.argument(description="只要规定计入的。Only those that the law counts.")]


async def list_coverage(
    info: Info,
    terms: InTerms = [],  # noqa: B006 - GraphQL reads it as the default, nobody writes to it
    as_of: AsOf = None,
    state: OfState = None,
    alert: OfAlert = None,
    due: Due = True,
    first: First = 50,
    after: After = None,
) -> Any:
    """A page of the map."""
    page = await info.context.loaders.minima.coverage(
        terms=tuple(plain_id("Term", one) for one in terms),
        as_of=as_of,
        state=wire_word(state),
        alert=wire_word(alert),
        due=due,
        page=asked_page(first, after),
    )
    return CoverageRows(page, page_rows(page, after))


@strawberry.type(description="覆盖的查询。What can be asked about coverage.")
class CoverageQueries:
    """Root fields."""

    coverage: CoverageConnection | None = strawberry.field(
        resolver=list_coverage,
        description="覆盖图：各校各学期谁蹲点、谁到过、几次，哪些学校尚未覆盖。"
        "The map of coverage: who is placed where in which term, who came how often, and which schools nobody reached.",
    )
