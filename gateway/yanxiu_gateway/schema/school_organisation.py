"""How schools are organised for research: groups filed with the district or not, leading groups, by the law."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import organisation as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school
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
)
from yanxiu_gateway.schema.ruling import Ruling
from yanxiu_gateway.schema.school import School

Row = strawberry.Parent[wire.SchoolOrganisation]


school_of = named_school("school")


def groups_of(root: Row) -> list[strawberry.ID]:
    """Global ids of its groups."""
    return [global_id("ResearchGroup", one) for one in root.groups]


def unfiled_of(root: Row) -> list[strawberry.ID]:
    """Global ids of those not filed."""
    return [global_id("ResearchGroup", one) for one in root.unfiled]


def outside_of(root: Row) -> list[strawberry.ID]:
    """Global ids of the teachers."""
    return [global_id("Teacher", one) for one in root.outside]


@strawberry.type(
    name="SchoolOrganisation",
    description="一所学校的教研组报备与行动小组。A school's research groups, their filing, and its leading group.",
)
class SchoolOrganisation:
    """A row."""

    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    group_ids: list[strawberry.ID] = strawberry.field(resolver=groups_of, description="教研组。Its research groups.")
    unfiled_ids: list[strawberry.ID] = strawberry.field(
        resolver=unfiled_of, description="现状尚未报备的教研组。Those that are not filed as they stand."
    )
    outside_ids: list[strawberry.ID] = strawberry.field(
        resolver=outside_of,
        description="不在片区教研组的小学科教师。Its teachers of minor subjects who are in no group of an area.",
    )
    led: bool = strawberry.field(description="是否有领导（行动）小组。Whether it has a leading group.")
    failed: list[str] = strawberry.field(description="违反的条款。Clauses breached.")
    warned: list[str] = strawberry.field(description="提示的条款。Clauses warned of.")
    rulings: list[Ruling] = strawberry.field(description="规定的答复及理由。What the law answers, and why.")


class OrganisationRows:
    """A service's page with what it says of the district."""

    def __init__(self, page: wire.SchoolOrganisationPage, rows: PageRows) -> None:
        self.page = page
        self.rows = rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rows if hasattr(self.rows, name) else self.page, name)


@strawberry.type(name="SchoolOrganisationConnection", description="各校的组织情况，分页。How schools are organised.")
class SchoolOrganisationConnection:
    """A connection that says how the district stands too."""

    edges: list[Edge[SchoolOrganisation]] = strawberry.field(description="本页各校。The rows of this page.")
    page_info: PageInfo = strawberry.field(description="分页信息。Where this page stands.")
    total_count: int = strawberry.field(description="符合条件的学校数。How many match in all.")
    as_of: date = strawberry.field(description="以哪一天为准。As of which day.")
    filing_days: int | None = strawberry.field(
        description="须在几天内报备；规定没有的为空。Within how many days a group is filed; null where no law says."
    )
    district: list[Ruling] = strawberry.field(
        description="对本区县领导小组（未登记不答）、片区教研组和片区划分的答复。"
        "What the law answers about the district's leading group, if on file, its areas' groups, and its areas."
    )
    area_group_ids: list[strawberry.ID] = strawberry.field(
        resolver=lambda root: [global_id("ResearchGroup", one) for one in root.area_groups],
        description="片区教研组。The groups of areas.",
    )
    area_unfiled_ids: list[strawberry.ID] = strawberry.field(
        resolver=lambda root: [global_id("ResearchGroup", one) for one in root.area_unfiled],
        description="现状尚未报备的片区教研组。Those of them that are not filed as they stand.",
    )


Failing = Annotated[bool, strawberry.argument(description="只要有违反的。Only those with a clause breached.")]


async def list_organisations(
    info: Info, as_of: AsOf = None, failing: Failing = False, first: First = 50, after: After = None
) -> Any:
    """A page of schools."""
    page = await info.context.loaders.minima.organisations(as_of=as_of, failing=failing, page=asked_page(first, after))
    return OrganisationRows(page, page_rows(page, after))


@strawberry.type(description="学校组织情况的查询。What can be asked about how schools are organised.")
class SchoolOrganisationQueries:
    """Root fields."""

    school_organisations: SchoolOrganisationConnection | None = strawberry.field(
        resolver=list_organisations,
        description="各校教研组是否建立并报备，领导（行动）小组是否合规；学校见本校的。"
        "Whether schools have their groups, filed, and their leading groups as the law wants; a school sees its own.",
    )
