"""The roles of the platform, as GraphQL names them."""

from __future__ import annotations

from enum import Enum
from typing import cast

import strawberry
from yanxiu_wire.caller import Role

value = strawberry.enum_value


def wire_role(role: CallerRole) -> Role:
    """The role as the wire names it."""
    return cast("Role", role.value)


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
