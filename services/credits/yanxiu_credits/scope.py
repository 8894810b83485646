"""What a caller may see and do: roles to endpoints, and the part of a district that a role covers. Pure."""

from __future__ import annotations

from typing import Literal

import msgspec
from yanxiu_footing.scope import roles
from yanxiu_wire.caller import Caller

OFFICERS = roles("district-officer", "institute-officer")
SCHOOL_ROLES = roles("school-leader", "school-training-officer")
EVERYWHERE = OFFICERS | roles("supervisor", "auditor")
READERS = EVERYWHERE | SCHOOL_ROLES | roles("teacher")
# Researchers plan visits; a teacher's records are none of their business, the district's projects are.
EVERYONE = READERS | roles("researcher")
REGISTRARS = OFFICERS | SCHOOL_ROLES
VERIFIERS = roles("district-officer", "auditor", "platform-operator")
REBUILDERS = roles("district-officer", "platform-operator")
WATCHERS = EVERYWHERE | roles("platform-operator")
ADOPTERS = roles("district-officer")
STARTERS = OFFICERS | roles("platform-operator")


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """The records a caller may see: the whole district, one school's, one teacher's, or none."""

    kind: Literal["district", "school", "self", "none"]
    id: str = ""

    def covers(self, teacher: str, *schools: str | None) -> bool:
        """Say whether a teacher who is (or was, on the day asked about) at one of `schools` is in the scope."""
        if self.kind == "school":
            return self.id in schools
        return self.kind == "district" or (self.kind == "self" and self.id == teacher)


NOTHING = Scope(kind="none")


def scope_of(caller: Caller) -> Scope:
    """Return the scope of a signed-in caller; a school or self role without its school or teacher sees nothing."""
    if caller.role in EVERYWHERE:
        return Scope(kind="district")
    if caller.role in SCHOOL_ROLES and caller.school:
        return Scope(kind="school", id=caller.school)
    if caller.role == "teacher" and caller.teacher:
        return Scope(kind="self", id=caller.teacher)
    return NOTHING
