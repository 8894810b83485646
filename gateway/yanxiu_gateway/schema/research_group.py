"""Research groups as of a day, with their filing."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import research_group as wire

from yanxiu_gateway.schema.area import Area
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import (
    After,
    AsOf,
    Connection,
    Dated,
    First,
    Node,
    asked_page,
    dated,
    page_rows,
    plain_id,
)
from yanxiu_gateway.schema.school import School, area_of
from yanxiu_gateway.schema.teacher import Teacher, school_of

GroupRow = strawberry.Parent[Dated[wire.ResearchGroup]]
LEADER_BACKBONE = "组长是否为骨干教师，未填则为空。Whether the leader is a backbone teacher; null when not stated."
LEADER_GROUNDS = (
    "组长的选聘依据，或另选他人的理由。The paper by which the leader was chosen, or the reason for another choice."
)
APPOINTED_BY = "由谁任命，如 城西片区。Who appointed the leader, such as an area."
GROUP_KIND = "种类，用本区规定的名称，如 学科教研组。The kind, by the law's own word, such as 学科教研组."


async def leader_of(root: GroupRow, info: Info) -> Any:
    """The leader, as far as the caller sees him."""
    return dated(await info.context.loaders.teacher(root.view.leader, root.as_of), root.as_of)


async def members_of(root: GroupRow, info: Info) -> Any:
    """The members that the caller sees; all groups of a request together ask once."""
    loaders = info.context.loaders
    loaders.people.count(len(root.view.members))
    found = await asyncio.gather(*(loaders.teacher(one, root.as_of) for one in root.view.members))
    return [dated(one, root.as_of) for one in found if one is not None]


@strawberry.type(name="ResearchGroup", description="一个教研组在某一天的情况。A research group (教研组) as of a day.")
class ResearchGroup(Node):
    """A research group."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A dated research group is shown as this type."""
        return isinstance(obj, Dated) and isinstance(obj.view, wire.ResearchGroup)

    kind: str = strawberry.field(description=GROUP_KIND)
    name: str = strawberry.field(description="名称。Its name.")
    subject: str | None = strawberry.field(description="学科。Its subject.")
    school: School | None = strawberry.field(
        resolver=school_of, description="所属学校；片区教研组为空。Its school; null for a group of an area."
    )
    area: Area | None = strawberry.field(
        resolver=area_of, description="所属片区；学校教研组为空。Its area; null for a group of a school."
    )
    leader: Teacher | None = strawberry.field(
        resolver=leader_of, description="组长；不在可见范围时为空。The leader; null when out of scope."
    )
    members: list[Teacher] | None = strawberry.field(
        resolver=members_of, description="其他成员中可见的。The other members, those in the caller's scope."
    )
    member_count: int = strawberry.field(
        resolver=lambda root: len(root.view.members), description="其他成员人数。How many other members there are."
    )
    leader_backbone: bool | None = strawberry.field(description=LEADER_BACKBONE)
    leader_grounds: str | None = strawberry.field(description=LEADER_GROUNDS)
    appointed_by: str | None = strawberry.field(description=APPOINTED_BY)
    filed_on: date | None = strawberry.field(
        description="按现有组成报备的日期；未报备或改动后未重新报备则为空。"
        "The day it was filed as it stands; null when it was not, or was changed since."
    )
    archived_on: date | None = strawberry.field(
        description="该次报备存档的日期。The day on which that filing was archived."
    )
    formed_on: date = strawberry.field(description="组建日。The day it was formed.")
    dissolved_on: date | None = strawberry.field(description="最后一天，未撤销则为空。Last day; null while it goes on.")
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")


GroupId = Annotated[strawberry.ID, strawberry.argument(name="id", description="教研组编号。The group's id.")]
OfSchool = Annotated[
    strawberry.ID | None, strawberry.argument(description="只要这所学校的。Only groups of this school.")
]
OfArea = Annotated[strawberry.ID | None, strawberry.argument(description="只要这个片区的。Only groups of this area.")]
OfKind = Annotated[str | None, strawberry.argument(description="只要这一种类的。Only groups of this kind.")]
OfSubject = Annotated[str | None, strawberry.argument(description="只要这个学科的。Only groups of this subject.")]
WithMember = Annotated[
    strawberry.ID | None, strawberry.argument(description="只要这位教师任组长或成员的。Only groups of this teacher.")
]
Filed = Annotated[
    bool | None,
    strawberry.argument(
        description="只要已按现有组成报备的，或（false）尚待报备的。Only those filed as they stand, or not."
    ),
]


async def get_group(info: Info, group: GroupId, as_of: AsOf = None) -> Any:
    """One research group; None for one that does not exist here or is out of scope."""
    return dated(await info.context.loaders.people.research_group(plain_id("ResearchGroup", group), as_of), as_of)


async def list_groups(
    info: Info,
    first: First = 50,
    after: After = None,
    school: OfSchool = None,
    area: OfArea = None,
    kind: OfKind = None,
    subject: OfSubject = None,
    member: WithMember = None,
    filed: Filed = None,
    as_of: AsOf = None,
) -> Any:
    """A page of the research groups in the caller's scope."""
    page = await info.context.loaders.people.research_groups(
        page=asked_page(first, after),
        as_of=as_of,
        school=None if school is None else plain_id("School", school),
        area=None if area is None else plain_id("Area", area),
        kind=kind,
        subject=subject,
        member=None if member is None else plain_id("Teacher", member),
        filed=filed,
    )
    return page_rows(page, after, as_of)


@strawberry.type(description="教研组的查询。What can be asked about research groups.")
class ResearchGroupQueries:
    """Root fields."""

    research_group: ResearchGroup | None = strawberry.field(
        resolver=get_group,
        description="按编号取一个教研组；不存在时为空。One research group by id; null when there is none.",
    )
    research_groups: Connection[ResearchGroup] | None = strawberry.field(
        resolver=list_groups,
        description="可见范围内当日的教研组；片区教研组人人可见。"
        "The research groups of the day in the caller's scope; those of areas are everybody's to see.",
    )
