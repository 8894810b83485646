"""Who is asking: what the gateway has verified of the bearer token and passes on with every message."""

from __future__ import annotations

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


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in caller: subject of the token, role, and the scope it holds in.

    `district` is the one district of the grant (`platform` for the operator, who reads no personal data); `school`
    and `teacher` narrow the scope of school and self roles.
    """

    subject: str
    role: Role
    district: str
    school: str | None = None
    teacher: str | None = None
