"""Grants: who holds which role in the district, as its officers see them, and as their subject does."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from yanxiu_wire import grants as wire
from yanxiu_wire.caller import PLATFORM, Caller

from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, dated, page_rows, plain_id
from yanxiu_gateway.schema.role import CallerRole, wire_role
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.teacher import Teacher

GrantRow = strawberry.Parent[wire.Grant]


@strawberry.type(name="GrantRevocation", description="授权的撤销。How a grant was revoked.")
class GrantRevocation:
    """By whom, when and why."""

    at: datetime = strawberry.field(description="时间。When.")
    by: str = strawberry.field(description="由谁撤销（主体）。By whom (subject).")
    why: str = strawberry.field(description="原因。Why.")


def role_of(root: GrantRow) -> Any:
    """The role."""
    return CallerRole(root.role)


async def school_of(root: GrantRow, info: Info) -> Any:
    """The school that the grant holds in."""
    return dated(await info.context.loaders.school(root.school, None), None) if root.school else None


async def teacher_of(root: GrantRow, info: Info) -> Any:
    """The teacher whose own record it opens."""
    return dated(await info.context.loaders.teacher(root.teacher, None), None) if root.teacher else None


@strawberry.type(
    name="Grant",
    description="授权：某一主体在某一范围、某一期间的角色；每次请求只按其中一项办理，权限不叠加。"
    "A grant: a role of a subject in a scope for a period; a request acts by one of them, they never add up.",
)
class Grant(Node):
    """A grant."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A grant of the wire is shown as this type."""
        return isinstance(obj, wire.Grant)

    subject: str = strawberry.field(description="签发者的主体（sub）。The issuer's subject (sub).")
    role: CallerRole = strawberry.field(resolver=role_of, description="角色。The role.")
    school: School | None = strawberry.field(
        resolver=school_of, description="限定的学校；全区的角色为空。Its school; null for the whole district."
    )
    teacher: Teacher | None = strawberry.field(
        resolver=teacher_of, description="本人的教师档案。The teacher that the subject is."
    )
    since: date = strawberry.field(description="第一天。First day.")
    until: date | None = strawberry.field(description="最后一天；空为不限。Last day; null for none.")
    decision: str = strawberry.field(description="授权依据的文件。The decision by which it was given.")
    granted_by: str = strawberry.field(description="由谁授予（主体）。Who gave it (subject).")
    granted_at: datetime = strawberry.field(description="授予时间。When it was given.")
    revoked: GrantRevocation | None = strawberry.field(
        description="撤销情况；未撤销为空。How it was revoked, if it was."
    )


OfSubject = Annotated[str | None, strawberry.argument(description="只要此主体的。Only this subject's.")]
OfRole = Annotated[CallerRole | None, strawberry.argument(description="只要此角色的。Only of this role.")]
OfSchool = Annotated[strawberry.ID | None, strawberry.argument(description="只要此学校的。Only of this school.")]
Holding = Annotated[
    bool | None,
    strawberry.argument(description="只要现在有效的，或（false）无效的。Only those that hold now, or do not."),
]
OfDistrict = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="区代码；仅平台运维须写。The district's code; the platform operator alone gives it."
    ),
]


async def list_grants(
    info: Info,
    first: First = 50,
    after: After = None,
    subject: OfSubject = None,
    role: OfRole = None,
    school: OfSchool = None,
    holding: Holding = None,
    district: OfDistrict = None,
) -> Any:
    """A page of the grants that the caller sees, newest first."""
    context = info.context
    query = wire.ListGrants(
        caller=context.caller,
        page=asked_page(first, after),
        subject=subject,
        role=None if role is None else wire_role(role),
        school=None if school is None else plain_id("School", school),
        holding=holding,
    )
    context.loaders.count(first)
    page = granted(
        await context.backend.list_grants(
            query, deadline=context.deadline, district=district_named(context.caller, district)
        )
    )
    return page_rows(page, after)


def district_named(caller: Caller, district: str | None) -> str | None:
    """The district that a platform operator names; everybody else asks in his own."""
    return plain_id("District", district) if district and caller.district == PLATFORM else None


async def own_grants(info: Info) -> Any:
    """The grants that the caller's subject holds now; a platform operator's stand in no district."""
    context = info.context
    if context.caller.district == PLATFORM:
        return []
    query = wire.GetOwnGrants(caller=context.caller)
    return granted(await context.backend.get_own_grants(query, deadline=context.deadline)).items


@strawberry.type(description="授权的查询。What can be asked about grants.")
class GrantQueries:
    """Root fields."""

    grants: Connection[Grant] | None = strawberry.field(
        resolver=list_grants,
        description="授权，从新到旧，含已撤销的；学校只见本校的。"
        "Grants, newest first, those revoked too; a school sees its own.",
    )
