"""The caller himself: what the token says, and what it stands for in the register."""

from __future__ import annotations

from typing import Any

import strawberry
from yanxiu_wire.caller import PLATFORM, Caller

from yanxiu_gateway.schema.audit_trail import SeenBy, seen_by
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.district import District, own_district
from yanxiu_gateway.schema.grant import Grant, own_grants
from yanxiu_gateway.schema.nodes import Connection, dated
from yanxiu_gateway.schema.role import CallerRole
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.semantic_null import NULL_IS_AN_ANSWER
from yanxiu_gateway.schema.task import Notice, notices_of
from yanxiu_gateway.schema.teacher import Teacher

CallerRow = strawberry.Parent[Caller]


async def district_of(root: CallerRow, info: Info) -> Any:
    """The caller's district; the platform operator has none."""
    return None if root.district == PLATFORM else await own_district(info)


async def school_of(root: CallerRow, info: Info) -> Any:
    """The school that the token narrows to."""
    return dated(await info.context.loaders.school(root.school, None), None) if root.school else None


async def teacher_of(root: CallerRow, info: Info) -> Any:
    """The teacher that the token stands for."""
    return dated(await info.context.loaders.teacher(root.teacher, None), None) if root.teacher else None


@strawberry.type(name="Me", description="令牌所代表的调用者。The caller that the token stands for.")
class Me:
    """The caller."""

    subject: str = strawberry.field(description="令牌的主体。The token's subject.")
    role: CallerRole = strawberry.field(description="角色。The role.")
    district: District | None = strawberry.field(resolver=district_of, description="所在区县。The district.")
    school: School | None = strawberry.field(
        resolver=school_of, description="限定的学校。The school that the role is limited to."
    )
    teacher: Teacher | None = strawberry.field(
        resolver=teacher_of, description="本人的教师档案。The caller's own entry as a teacher."
    )
    grants: list[Grant] | None = strawberry.field(
        resolver=own_grants,
        description="本人在本区现有的授权；开发用令牌自带角色，平台运维不属区县，均可为空列表。"
        "The grants that the subject holds in this district now; empty where the token itself states the role.",
    )
    seen_by: Connection[SeenBy] | None = strawberry.field(
        resolver=seen_by,
        metadata=NULL_IS_AN_ANSWER,
        description="谁看过或改过本人的数据，从新到旧，不含本人所为；非教师为空。"
        "Who saw or changed the caller's own data, newest first, himself aside; null for one who is no teacher.",
    )
    notices: Connection[Notice] | None = strawberry.field(
        resolver=notices_of,
        metadata=NULL_IS_AN_ANSWER,
        description="向本人反馈的认定结果，从新到旧；非教师为空。"
        "Recognised results that the caller was told, newest first; null for one who is no teacher.",
    )


def get_me(info: Info) -> Any:
    """Who is asking."""
    return info.context.caller


@strawberry.type(description="调用者的查询。What a caller can ask about himself.")
class MeQueries:
    """Root fields."""

    me: Me = strawberry.field(resolver=get_me, description="我是谁。Who am I.")
