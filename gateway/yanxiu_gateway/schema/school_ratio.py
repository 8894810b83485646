"""The share of a school's teachers who did not complete a year, and what the law attaches to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from yanxiu_wire import standings as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.explanation import Explanation
from yanxiu_gateway.schema.named_rows import named_school
from yanxiu_gateway.schema.nodes import After, Connection, First, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.school import School

school_of = named_school("school")


@strawberry.type(
    name="SchoolRatio",
    description="一所学校未完成教师的占比及其后果。"
    "The share of a school's teachers who did not complete, and what follows.",
)
class SchoolRatio:
    """A ratio."""

    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    roster: int = strawberry.field(
        description="期末（未结束为今天）在职教师数。Teachers in employ on the last day, or today before it."
    )
    not_completed: int = strawberry.field(description="未完成人数。How many did not complete.")
    share: Decimal | None = strawberry.field(
        description="占比（显示值；判定用精确分数）。The share as shown; the test is on the exact fraction."
    )
    barred: bool = strawberry.field(description="是否因此受限。Whether the school is barred by it.")
    explanation: Explanation = strawberry.field(description="依据。How it came about, and by which clauses.")


OnDay = Annotated[
    date | None,
    strawberry.argument(description="取包含这一天的年度，默认今天。The year of this day; today by default."),
]
OfSchool = Annotated[strawberry.ID, strawberry.argument(description="学校编号。The school's id.")]
Over = Annotated[bool, strawberry.argument(description="只要受限的学校。Only the schools that are barred.")]


async def list_school_ratios(
    info: Info, on: OnDay = None, over: Over = False, first: First = 50, after: After = None
) -> Any:
    """A page of ratios."""
    context = info.context
    query = wire.ListSchoolRatios(caller=context.caller, on=on, over=over, page=asked_page(first, after))
    return page_rows(await context.loaders.school_ratios(query), after)


async def get_school_ratio(info: Info, school: OfSchool, on: OnDay = None) -> Any:
    """One school's ratio; None for a school without teachers, or one out of scope."""
    context = info.context
    query = wire.ListSchoolRatios(caller=context.caller, on=on, schools=(plain_id("School", school),))
    page = await context.loaders.school_ratios(query)
    return page.items[0] if page.items else None


@strawberry.type(description="学校占比的查询。What can be asked about the schools' ratios.")
class SchoolRatioQueries:
    """Root fields."""

    school_ratio: SchoolRatio | None = strawberry.field(
        resolver=get_school_ratio,
        description="一所学校未完成教师的占比；没有在职教师或不在可见范围时为空。"
        "A school's ratio; null without teachers or out of scope.",
    )
    school_ratios: Connection[SchoolRatio] | None = strawberry.field(
        resolver=list_school_ratios, description="各校的占比，按学校编号排列。The schools' ratios, by school id."
    )
