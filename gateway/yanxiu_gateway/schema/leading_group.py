"""Leading groups of the district and action groups of its schools, as of a day."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import leading_group as wire

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
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.teacher import Teacher, school_of

value = strawberry.enum_value
LEADING_KIND = "种类，用本区规定的名称，如 行动小组。The kind, by the law's own word, such as 行动小组."
POST = "职务，如 局长、副校长。The post, such as 局长 or 副校长."
REMARK = "情况说明，如不设副校长的缘由。A remark, such as why there is no vice-principal."


@strawberry.enum(name="LeadingPart", description="在小组中的分工。The part somebody has in a leading group.")
class LeadingPart(Enum):
    """Parts; the values are the wire's."""

    HEAD = value("head", description="组长。Head.")
    DEPUTY = value("deputy", description="副组长。Deputy head.")
    IN_CHARGE = value("in-charge", description="负责统筹落实。Sees to it that the work is done.")
    MEMBER = value("member", description="成员。Member.")


async def teacher_of(root: strawberry.Parent[Dated[wire.LeadingMember]], info: Info) -> Any:
    """The person, where he is a teacher that the caller sees."""
    if root.view.teacher is None:
        return None
    return dated(await info.context.loaders.teacher(root.view.teacher, root.as_of), root.as_of)


@strawberry.type(name="LeadingMember", description="小组中的一席。A place in a leading group.")
class LeadingMember:
    """A place."""

    part: LeadingPart = strawberry.field(description="分工。The part.")
    post: str = strawberry.field(description=POST)
    teacher: Teacher | None = strawberry.field(
        resolver=teacher_of,
        description="其教师档案；不是在册教师或不在可见范围时为空。"
        "The teacher; null for one who is none, or out of scope.",
    )


def members_of(root: strawberry.Parent[Dated[wire.LeadingGroup]]) -> Any:
    """The members, who remember the day."""
    return [Dated(one, root.as_of) for one in root.view.members]


@strawberry.type(
    name="LeadingGroup",
    description="区县的领导小组或学校的行动小组在某一天的情况。"
    "A leading group of the district, or an action group of a school, as of a day.",
)
class LeadingGroup(Node):
    """A leading group."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A dated leading group is shown as this type."""
        return isinstance(obj, Dated) and isinstance(obj.view, wire.LeadingGroup)

    kind: str = strawberry.field(description=LEADING_KIND)
    school: School | None = strawberry.field(
        resolver=school_of, description="所属学校；区县一级为空。Its school; null for one of the district."
    )
    members: list[LeadingMember] = strawberry.field(resolver=members_of, description="组成。Its members.")
    remark: str | None = strawberry.field(description=REMARK)
    begins_on: date = strawberry.field(description="成立日。First day.")
    ends_on: date | None = strawberry.field(description="最后一天，未撤销则为空。Last day; null while it goes on.")
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")


GroupId = Annotated[strawberry.ID, strawberry.argument(name="id", description="小组编号。The group's id.")]
OfSchool = Annotated[
    strawberry.ID | None, strawberry.argument(description="只要这所学校的。Only groups of this school.")
]
OfDistrict = Annotated[
    bool | None,
    strawberry.argument(description="只要区县一级的，或（false）学校的。Only those of the district, or of schools."),
]
OfKind = Annotated[str | None, strawberry.argument(description="只要这一种类的。Only groups of this kind.")]


async def get_group(info: Info, group: GroupId, as_of: AsOf = None) -> Any:
    """One leading group; None for one that does not exist here or is out of scope."""
    return dated(await info.context.loaders.people.leading_group(plain_id("LeadingGroup", group), as_of), as_of)


async def list_groups(
    info: Info,
    first: First = 50,
    after: After = None,
    school: OfSchool = None,
    of_district: OfDistrict = None,
    kind: OfKind = None,
    as_of: AsOf = None,
) -> Any:
    """A page of the leading groups in the caller's scope."""
    page = await info.context.loaders.people.leading_groups(
        page=asked_page(first, after),
        as_of=as_of,
        school=None if school is None else plain_id("School", school),
        of_district=of_district,
        kind=kind,
    )
    return page_rows(page, after, as_of)


@strawberry.type(description="领导小组的查询。What can be asked about leading groups.")
class LeadingGroupQueries:
    """Root fields."""

    leading_group: LeadingGroup | None = strawberry.field(
        resolver=get_group,
        description="按编号取一个小组；不存在时为空。One leading group by id; null when there is none.",
    )
    leading_groups: Connection[LeadingGroup] | None = strawberry.field(
        resolver=list_groups,
        description="可见范围内当日的领导小组、行动小组。The leading groups of the day in the caller's scope.",
    )
