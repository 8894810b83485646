"""Subscriptions inspectionsChanged and supervisionDrawsChanged: the page at once, and whenever it is another."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import strawberry
from yanxiu_wire.supervision import DRAW_PUBLISHED, INSPECTION_CHANGED, DrawPublished, InspectionChanged

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import Connection, First, plain_id
from yanxiu_gateway.schema.supervision import (
    AtSchool,
    Inspection,
    InState,
    OfKind,
    OfYear,
    SupervisionDraw,
    list_draws,
    list_inspections,
)
from yanxiu_gateway.schema.watching import watched


async def inspections_changed(
    info: Info,
    first: First = 50,
    school: AtSchool = None,
    school_year: OfYear = None,
    kind: OfKind = None,
    state: InState = None,
) -> AsyncGenerator[Connection[Inspection] | None, None]:
    """Give the page as the query gives it, first at once, then whenever an inspection in it has changed."""
    named = None if school is None else plain_id("School", school)

    def there(body: InspectionChanged) -> bool:
        return named is None or body.school == named

    async def look() -> Any:
        return await list_inspections(info, first, None, school, school_year, kind, state)

    async for page in watched(info, INSPECTION_CHANGED, there, look):
        yield page


async def supervision_draws_changed(
    info: Info, first: First = 50, school_year: OfYear = None
) -> AsyncGenerator[Connection[SupervisionDraw] | None, None]:
    """Give the page as the query gives it, first at once, then whenever a draw was committed to or revealed."""

    def any_of_them(_body: DrawPublished) -> bool:
        return True

    async def look() -> Any:
        return await list_draws(info, first, None, school_year)

    async for page in watched(info, DRAW_PUBLISHED, any_of_them, look):
        yield page


@strawberry.type(description="督导的订阅。Subscriptions of supervision.")
class SupervisionSubscriptions:
    """Root fields."""

    inspections_changed: AsyncGenerator[Connection[Inspection] | None, None] = strawberry.subscription(
        resolver=inspections_changed,
        description="督导的第一页：立即给出一次，此后每有变化再给出；可见范围与查询相同。"
        "The first page of inspections: at once, then whenever one of it has changed; with the query's rights.",
    )
    supervision_draws_changed: AsyncGenerator[Connection[SupervisionDraw] | None, None] = strawberry.subscription(
        resolver=supervision_draws_changed,
        description="抽签的第一页：立即给出一次，此后每有承诺或揭晓再给出。"
        "The first page of draws: at once, then whenever one was committed to or revealed.",
    )
