"""Subscriptions termWorkChanged and schoolFieldWorkChanged: the page at once, and again whenever it has changed."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import strawberry
from yanxiu_wire.noting import FIELD_WORK_CHANGED, FieldWorkChanged

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.researcher import plain_researcher
from yanxiu_gateway.schema.term_work import InTerm, OfResearcher, OfSchool, SchoolFieldWork, TermWork, page_of
from yanxiu_gateway.schema.watching import watched


async def term_work_changed(
    info: Info, researcher: OfResearcher, term: InTerm
) -> AsyncGenerator[TermWork | None, None]:
    """Give a researcher's term as the query gives it, first at once, then each time something of his has changed."""
    named = plain_researcher(researcher)

    def his(body: FieldWorkChanged) -> bool:
        return body.researcher == named

    async def look() -> Any:
        return await info.context.loaders.field.term_work(named, plain_id("Term", term))

    async for page in watched(info, FIELD_WORK_CHANGED, his, look, only_a_name=True):
        yield page


async def school_field_work_changed(
    info: Info, school: OfSchool, term: InTerm
) -> AsyncGenerator[SchoolFieldWork | None, None]:
    """Give a school's page as the query gives it, first at once, then each time something there has changed."""
    named = plain_id("School", school)

    def there(body: FieldWorkChanged) -> bool:
        return body.school == named

    async def look() -> Any:
        return page_of(named, plain_id("Term", term))

    async for page in watched(info, FIELD_WORK_CHANGED, there, look, only_a_name=True):
        yield page  # type: ignore[misc]  # Strawberry reads the row by its fields


@strawberry.type(description="下校的订阅。Subscriptions of field work.")
class FieldWorkSubscriptions:
    """Root fields."""

    term_work_changed: AsyncGenerator[TermWork | None, None] = strawberry.subscription(
        resolver=term_work_changed,
        description="一位研训员的学期：立即给出一次，此后每有变化再给出。"
        "A researcher's term: at once, then whenever something of it has changed.",
    )
    school_field_work_changed: AsyncGenerator[SchoolFieldWork | None, None] = strawberry.subscription(
        resolver=school_field_work_changed,
        description="一所学校的下校页：立即给出一次，此后每有变化再给出。"
        "A school's page: at once, then whenever something there has changed.",
    )
