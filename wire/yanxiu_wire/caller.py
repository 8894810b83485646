"""Who is asking: what the gateway has verified of the bearer token and passes on with every message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

Role = Literal[
    "platform-operator",
    "district-officer",
    "institute-officer",
    "supervisor",
    "researcher",
    "school-leader",
    "school-training-officer",
    "teacher",
    "auditor",
]

PLATFORM = "platform"

ROLES_ZH: Mapping[str, str] = {
    "platform-operator": "平台运维",
    "district-officer": "区县教育局",
    "institute-officer": "师训专管员",
    "supervisor": "督导",
    "researcher": "研训员",
    "school-leader": "校长",
    "school-training-officer": "学校师训管理员",
    "teacher": "教师",
    "auditor": "审计",
}


def roles_zh(roles: Iterable[str]) -> str:
    """Roles as a Chinese sentence names them: 区县教育局 district-officer、师训专管员 institute-officer."""
    return "、".join(f"{ROLES_ZH[role]} {role}" for role in sorted(roles))


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in caller: subject of the token, role, and the scope it holds in.

    `district` is the one district of the grant (`platform` for the operator, who reads no personal data); `school`
    and `teacher` narrow the scope of school and self roles. `app` is the front end that the token was issued to,
    `grant` the grant that the caller acts by, where there is one. For the trail of who did what: `operation` and
    `document` are the operation's name and the digest of the document that the request came by, `permitted_by` the
    policies by which the service let it in; the service sets them for its own processes and believes nobody else.
    """

    subject: str
    role: Role
    district: str
    school: str | None = None
    teacher: str | None = None
    app: str | None = None
    grant: str | None = None
    operation: str | None = None
    document: str | None = None
    permitted_by: tuple[str, ...] = ()
