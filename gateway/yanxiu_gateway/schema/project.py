"""Training projects and whether they are approved."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import credits as wire_credits

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import Fact, fact_rows
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.order import InOrder, Order
from yanxiu_gateway.schema.words import wire_word

if TYPE_CHECKING:
    from yanxiu_gateway.schema.process import Evidence

value = strawberry.enum_value
LazyEvidence = Annotated["Evidence", strawberry.lazy("yanxiu_gateway.schema.process")]


@strawberry.enum(name="ProjectState", description="项目的审批状态。Where a project stands with the department.")
class ProjectState(Enum):
    """Proposed, approved or returned."""

    PROPOSED = value("proposed", description="已申报，待审批。Proposed, not yet decided.")
    APPROVED = value("approved", description="已批准。Approved.")
    RETURNED = value("returned", description="已退回。Returned.")


def facts_of(root: strawberry.Parent[wire_credits.Project]) -> Any:
    """The facts that the project fixes."""
    return fact_rows(root.facts)


@strawberry.type(name="Project", description="一个培训项目。A training project.")
class Project(Node):
    """A project."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A project of the credits service is shown as this type."""
        return isinstance(obj, wire_credits.Project)

    title: str = strawberry.field(description="项目名称。The project's title.")
    organiser: str = strawberry.field(description="主办单位。Who organises it.")
    state: ProjectState = strawberry.field(description="审批状态。Where it stands with the department.")
    facts: list[Fact] = strawberry.field(
        resolver=facts_of,
        description="由项目确定的事实，如模式、级别、系数。"
        "What it fixes for every record under it, such as mode, level, coefficient.",
    )
    starts_on: date | None = strawberry.field(description="第一天。First day.")
    ends_on: date | None = strawberry.field(description="最后一天。Last day.")
    approved_on: date | None = strawberry.field(description="批准之日。The day of approval.")
    approved_by: str | None = strawberry.field(description="由谁批准。Who approved it.")
    approval_document: LazyEvidence | None = strawberry.field(
        description="不经流程、凭文件批准的，所依据的文件。"
        "Approved on paper: the document of an approval outside a process; null for all others."
    )
    return_reason: str | None = strawberry.field(description="退回的理由。Why it was returned.")
    proposed_on: date | None = strawberry.field(description="申报之日。The day it was entered here.")
    published_on: date | None = strawberry.field(description="发布之日。The day it was published.")
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")


ProjectId = Annotated[strawberry.ID, strawberry.argument(name="id", description="项目编号。The project's id.")]
InState = Annotated[
    ProjectState | None, strawberry.argument(description="只要这种状态的项目。Only projects in this state.")
]
ProjectSearch = Annotated[
    str | None, strawberry.argument(description="项目名称中含有的文字。Text that the title contains.")
]


async def get_project(info: Info, project: ProjectId) -> Any:
    """One project; None for one that does not exist here."""
    return await info.context.loaders.project(plain_id("Project", project))


async def list_projects(
    info: Info,
    first: First = 50,
    after: After = None,
    state: InState = None,
    search: ProjectSearch = None,
    order: InOrder = Order.NEWEST,
) -> Any:
    """A page of the district's projects."""
    page, oldest = asked_page(first, after), order is Order.OLDEST
    found = await info.context.loaders.projects(page, wire_word(state), search, oldest_first=oldest)
    return page_rows(found, after)


@strawberry.type(description="培训项目的查询。What can be asked about training projects.")
class ProjectQueries:
    """Root fields."""

    project: Project | None = strawberry.field(
        resolver=get_project, description="按编号取一个项目；不存在时为空。One project by id; null when there is none."
    )
    projects: Connection[Project] | None = strawberry.field(
        resolver=list_projects,
        description="本区的项目，默认从新到旧。The district's projects, newest first by default.",
    )
