"""The caller himself: what the token says, and what it stands for in the register."""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry
from yanxiu_wire.caller import PLATFORM, Caller

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.district import District
from yanxiu_gateway.schema.nodes import dated
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.teacher import Teacher

value = strawberry.enum_value
CallerRow = strawberry.Parent[Caller]


@strawberry.enum(name="Role", description="角色。A role.")
class CallerRole(Enum):
    """Roles; the values are the wire's."""

    PLATFORM_OPERATOR = value("platform-operator", description="平台运维。Platform operator.")
    DISTRICT_OFFICER = value("district-officer", description="教育行政部门人员。District officer.")
    INSTITUTE_OFFICER = value("institute-officer", description="培训机构的师训专管员。Training institute's officer.")
    SUPERVISOR = value("supervisor", description="督导人员。Supervisor.")
    RESEARCHER = value("researcher", description="研训员。Researcher.")
    SCHOOL_LEADER = value("school-leader", description="学校领导。School leader.")
    SCHOOL_TRAINING_OFFICER = value("school-training-officer", description="学校师训管理员。School's training officer.")
    TEACHER = value("teacher", description="教师。Teacher.")
    AUDITOR = value("auditor", description="审计人员。Auditor.")


async def district_of(root: CallerRow, info: Info) -> Any:
    """The caller's district; the platform operator has none."""
    return None if root.district == PLATFORM else await info.context.loaders.district()


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


def get_me(info: Info) -> Any:
    """Who is asking."""
    return info.context.caller


@strawberry.type(description="调用者的查询。What a caller can ask about himself.")
class MeQueries:
    """Root fields."""

    me: Me = strawberry.field(resolver=get_me, description="我是谁。Who am I.")
