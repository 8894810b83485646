"""What a caller may see and do: roles to endpoints, and the part of a district that a role covers. Pure."""

from __future__ import annotations

from typing import Literal

import msgspec
from yanxiu_wire.caller import PLATFORM, Caller, Role


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


OFFICERS = _roles("district-officer", "institute-officer")
SCHOOL_ROLES = _roles("school-leader", "school-training-officer")
EVERYWHERE = OFFICERS | _roles("supervisor", "auditor")
READERS = EVERYWHERE | SCHOOL_ROLES | _roles("teacher")
# Researchers plan visits; a teacher's records are none of their business, the district's projects are.
EVERYONE = READERS | _roles("researcher")
REGISTRARS = OFFICERS | SCHOOL_ROLES
VERIFIERS = _roles("district-officer", "auditor", "platform-operator")
REBUILDERS = _roles("district-officer", "platform-operator")
WATCHERS = EVERYWHERE | _roles("platform-operator")
ADOPTERS = _roles("district-officer")
STARTERS = OFFICERS | _roles("platform-operator")


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


def at_home(caller: Caller, district: str) -> bool:
    """Say whether the caller belongs to the district of the subject (the platform's operator to every one)."""
    if caller.role == "platform-operator":
        return caller.district == PLATFORM
    return caller.district == district
