"""A researcher's term against the law's minima: what is short, what can still be made good, and who falls short."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import minima as wire
from yanxiu_wire.noting import FIELD_WORK_CHANGED, FieldWorkChanged

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import (
    After,
    Edge,
    First,
    PageInfo,
    PageRows,
    asked_page,
    dated,
    global_id,
    id_of,
    page_rows,
    plain_id,
)
from yanxiu_gateway.schema.nodes import plain_id as plain
from yanxiu_gateway.schema.researcher import Researcher, plain_researcher
from yanxiu_gateway.schema.ruling import Ruling
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.shortfall import label_of
from yanxiu_gateway.schema.term_work import InTerm, OfResearcher, PaperMissing
from yanxiu_gateway.schema.watching import watched
from yanxiu_gateway.schema.words import wire_word

value = strawberry.enum_value
Row = strawberry.Parent[wire.TermMinima]


@strawberry.enum(name="MinimumState", description="一项最低要求的状态。Where a minimum stands.")
class MinimumState(Enum):
    """States; the values are the wire's."""

    MET = value("met", description="已达到。Met.")
    OPEN = value("open", description="尚缺，学期余下的日子还来得及。Short; what is left of the term may still suffice.")
    MISSED = value("missed", description="尚缺，余下的日子已不够。Short, and what is left no longer suffices.")


def ids_of(root: strawberry.Parent[wire.Minimum]) -> list[strawberry.ID]:
    """Global ids of all that the number counts."""
    visits = [global_id("Visit", one) for one in root.visits]
    return visits + [global_id("FieldRecord", one) for one in root.records]


@strawberry.type(
    name="Minimum", description="一项最低要求与实际完成的。A minimum of the law against what was done, in its own unit."
)
class Minimum:
    """A minimum."""

    clause: str = strawberry.field(description="条款编号。Id of the clause.")
    measure: str = strawberry.field(description="衡量的量。What is measured.")
    label: str = strawberry.field(resolver=label_of, description="名称（按 Accept-Language）。Its name.")
    unit: str = strawberry.field(description="单位。The unit.")
    operator: str = strawberry.field(description="比较方式，如 at_least。How it is compared, such as at_least.")
    threshold: Decimal = strawberry.field(description="标准。The threshold.")
    earned: Decimal | None = strawberry.field(description="已完成。What was done.")
    shortfall: Decimal = strawberry.field(description="还差多少。What is missing.")
    state: MinimumState = strawberry.field(
        resolver=lambda root: MinimumState(root.state), description="状态。Where it stands."
    )
    binding: bool = strawberry.field(description="是否影响结论。Whether the state of the term depends on it.")
    best: Decimal | None = strawberry.field(
        description="余下的日子全部用上，学期末最多能达到多少。What could be reached if every day left were used."
    )
    a_week: Decimal | None = strawberry.field(
        description="余下每个教学周须完成多少才来得及。What each teaching week left would have to bring."
    )
    ids: list[strawberry.ID] = strawberry.field(
        resolver=ids_of,
        description="所计的每次下校、每条记录，可用 nodes 取得；名单中为空。"
        "Ids of the visits and records that it counts, for nodes; empty in a list.",
    )


async def researcher_of(root: Row, info: Info) -> Any:
    """Whose term it is."""
    return dated(await info.context.loaders.people.researcher(root.researcher, None), None)


async def schools_of(root: Row, info: Info) -> Any:
    """The schools that count."""
    found = await asyncio.gather(*(info.context.loaders.school(one, None) for one in root.schools))
    return [dated(one, None) for one in found if one is not None]


@strawberry.type(
    name="TermMinima",
    description="一位研训员的学期与各项最低要求：还差什么，还来得及什么。"
    "A researcher's term against the law's minima: what is short, and what can still be made good.",
)
class TermMinima:
    """A term against its minima."""

    researcher: Researcher | None = strawberry.field(resolver=researcher_of, description="研训员。The researcher.")
    researcher_id: strawberry.ID = strawberry.field(
        resolver=lambda root: global_id("Researcher", root.researcher), description="研训员编号。The researcher's id."
    )
    term_id: strawberry.ID = strawberry.field(resolver=id_of("Term", "term"), description="学期。The term.")
    as_of: date = strawberry.field(description="以哪一天为准，不出学期。As of which day of the term.")
    state: MinimumState = strawberry.field(
        resolver=lambda root: MinimumState(root.state),
        description="各项中最差的状态。The worst state of the minima that bind.",
    )
    placed: bool = strawberry.field(
        description="是否有蹲点安排；没有的按其到过的学校计。Whether he is placed; else schools that he visited count."
    )
    away: bool = strawberry.field(
        description="学期过半不在岗或未受聘。Whether he is absent, or no researcher, on more than half of the term."
    )
    schools: list[School] | None = strawberry.field(resolver=schools_of, description="所计的学校。Schools that count.")
    days_left: int = strawberry.field(description="余下的教学日，含当天。Teaching days left, the day itself included.")
    weeks_left: int = strawberry.field(description="尚未结束的教学周。Teaching weeks that are not over.")
    minima: list[Minimum] = strawberry.field(description="各项最低要求。Every minimum.")
    papers: list[PaperMissing] = strawberry.field(description="应交而未交的材料。Documents not handed in.")
    failed: list[str] = strawberry.field(
        description="规定截至当天判定未达到的条款。Clauses that the law answers, as of that day, are not reached."
    )
    warned: list[str] = strawberry.field(description="规定提示的条款。Clauses that the law warns of.")
    rulings: list[Ruling] = strawberry.field(
        description="规定的答复及理由；名单中为空。The law's answers with their reasons; empty in a list."
    )


class MinimaRows:
    """A service's page with what it is as of."""

    def __init__(self, page: wire.TermMinimaPage, rows: PageRows) -> None:
        self.page = page
        self.rows = rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rows if hasattr(self.rows, name) else self.page, name)


@strawberry.type(
    name="TermMinimaConnection", description="各研训员的学期，分页。The terms of the district's researchers, in pages."
)
class TermMinimaConnection:
    """A connection that says as of which day it is."""

    edges: list[Edge[TermMinima]] = strawberry.field(description="本页各位。The rows of this page.")
    page_info: PageInfo = strawberry.field(description="分页信息。Where this page stands.")
    total_count: int = strawberry.field(description="符合条件的人数。How many match in all.")
    researchers: int = strawberry.field(description="本学期的研训员人数。How many researchers the term has.")
    as_of: date = strawberry.field(description="以哪一天为准。As of which day.")


AsOfDay = Annotated[
    date | None,
    strawberry.argument(
        description="以哪一天为准，默认今天：其后的工作不计。As of which day; today by default. Later work is not seen."
    ),
]
OfState = Annotated[MinimumState | None, strawberry.argument(description="只要这种状态的。Only those in this state.")]
Short = Annotated[bool, strawberry.argument(description="只要还差任何一项的。Only those who fall short of anything.")]
OfClause = Annotated[
    str | None, strawberry.argument(description="只要未达到这一条款的。Only those who fall short of this clause.")
]
AtSchool = Annotated[strawberry.ID | None, strawberry.argument(description="只要计这所学校的。Only those of a school.")]


async def get_term_minima(info: Info, researcher: OfResearcher, term: InTerm, as_of: AsOfDay = None) -> Any:
    """A researcher's term."""
    return await info.context.loaders.minima.term(
        researcher=plain_researcher(researcher), term=plain_id("Term", term), as_of=as_of
    )


async def list_term_minima(
    info: Info,
    term: InTerm,
    as_of: AsOfDay = None,
    state: OfState = None,
    short: Short = False,
    clause: OfClause = None,
    school: AtSchool = None,
    first: First = 50,
    after: After = None,
) -> Any:
    """A page of who stands how."""
    page = await info.context.loaders.minima.terms(
        term=plain_id("Term", term),
        page=asked_page(first, after),
        as_of=as_of,
        state=wire_word(state),
        short=short,
        clause=clause,
        school=None if school is None else plain("School", school),
    )
    return MinimaRows(page, page_rows(page, after))


async def term_minima_changed(
    info: Info, researcher: OfResearcher, term: InTerm
) -> AsyncGenerator[TermMinima | None, None]:
    """Give a term as the query gives it, first at once, then each time something of his work has changed."""
    named = plain_researcher(researcher)

    def his(body: FieldWorkChanged) -> bool:
        return body.researcher == named

    async def look() -> Any:
        return await info.context.loaders.minima.term(researcher=named, term=plain_id("Term", term))

    async for found in watched(info, FIELD_WORK_CHANGED, his, look):
        yield found


@strawberry.type(description="学期最低要求的查询。What can be asked about terms and their minima.")
class TermMinimaQueries:
    """Root fields."""

    term_minima: TermMinima | None = strawberry.field(
        resolver=get_term_minima,
        description="一位研训员的学期是否达到各项要求，还差什么，还来得及什么。"
        "A researcher's term against the law's minima, while there is still time to act.",
    )
    term_minima_list: TermMinimaConnection | None = strawberry.field(
        resolver=list_term_minima,
        description="全区研训员的学期：谁还差什么。The terms of the district's researchers: who falls short of what.",
    )


@strawberry.type(description="学期最低要求的订阅。Subscriptions of terms and their minima.")
class TermMinimaSubscriptions:
    """Root fields."""

    term_minima_changed: AsyncGenerator[TermMinima | None, None] = strawberry.subscription(
        resolver=term_minima_changed,
        description="一位研训员的学期：立即给出一次，此后每有变化再给出。"
        "A researcher's term against its minima: at once, then whenever his work has changed.",
    )
