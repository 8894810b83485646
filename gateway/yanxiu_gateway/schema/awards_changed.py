"""Subscriptions awardYearChanged, nominationsChanged and awardObjectionsChanged, each with its query's rights."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import strawberry
from yanxiu_wire.award_endings import (
    AWARD_OBJECTION_CHANGED,
    AWARD_YEAR_CHANGED,
    AwardObjectionChanged,
    AwardYearChanged,
)
from yanxiu_wire.awards import AWARD_CHANGED, AwardChanged

from yanxiu_gateway.schema.award import (
    AwardObjection,
    AwardYear,
    InState,
    Nomination,
    OfCategory,
    StillOpen,
    ThisYear,
    get_year,
    list_nominations,
    list_objections,
)
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import Connection, First
from yanxiu_gateway.schema.watching import watched


async def award_year_changed(info: Info, year: ThisYear) -> AsyncGenerator[AwardYear | None, None]:
    """Give the year as the query gives it, first at once, then each time that it is another than before."""

    def its(body: AwardYearChanged) -> bool:
        return body.year == year

    async def look() -> Any:
        return await get_year(info, year)

    async for found in watched(info, AWARD_YEAR_CHANGED, its, look):
        yield found


async def nominations_changed(
    info: Info, year: ThisYear, first: First = 50, category: OfCategory = None, state: InState = None
) -> AsyncGenerator[Connection[Nomination] | None, None]:
    """Give the page as the query gives it, first at once, then whenever a nomination in it has changed."""

    def of_them(body: AwardChanged) -> bool:
        return body.year == year and category in (None, body.category)

    async def look() -> Any:
        return await list_nominations(info, year, first, None, category, state)

    async for page in watched(info, AWARD_CHANGED, of_them, look):
        yield page


async def award_objections_changed(
    info: Info,
    year: ThisYear,
    first: First = 50,
    category: OfCategory = None,
    open: StillOpen = None,
) -> AsyncGenerator[Connection[AwardObjection] | None, None]:
    """Give the page as the query gives it, first at once, then whenever one was raised or settled."""

    def of_them(body: AwardObjectionChanged) -> bool:
        return body.year == year

    async def look() -> Any:
        return await list_objections(info, year, first, None, category, open)

    async for page in watched(info, AWARD_OBJECTION_CHANGED, of_them, look):
        yield page


@strawberry.type(description="评优的订阅。Subscriptions of awards.")
class AwardSubscriptions:
    """Root fields."""

    award_year_changed: AsyncGenerator[AwardYear | None, None] = strawberry.subscription(
        resolver=award_year_changed,
        description="一年的评优：立即给出一次，此后每有变化再给出。"
        "The awards of a year: at once, then whenever changed.",
    )
    nominations_changed: AsyncGenerator[Connection[Nomination] | None, None] = strawberry.subscription(
        resolver=nominations_changed,
        description="推荐的第一页：立即给出一次，此后每有变化再给出；学校见本校的，公示后人人可见。"
        "The first page of nominations: at once, then whenever one has changed; a school its own, all what is public.",
    )
    award_objections_changed: AsyncGenerator[Connection[AwardObjection] | None, None] = strawberry.subscription(
        resolver=award_objections_changed,
        description="异议的第一页：立即给出一次，此后每有提出或答复再给出。"
        "The first page of objections: at once, then whenever one was raised or settled.",
    )
