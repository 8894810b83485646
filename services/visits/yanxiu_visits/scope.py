"""Who may ask what of the visits service, and the part of a district that a role covers. Pure."""

from __future__ import annotations

from typing import Literal

import msgspec
from yanxiu_footing.scope import roles
from yanxiu_wire.caller import Caller

OFFICERS = roles("district-officer", "institute-officer")
SCHOOL_ROLES = roles("school-leader", "school-training-officer")
EVERYWHERE = OFFICERS | roles("supervisor", "auditor")
# A researcher records his own work; an officer may type for him.
RECORDERS = OFFICERS | roles("researcher")
# A plan is drafted and solved by officers, and from the command line; only an officer adopts it.
PLANNERS = OFFICERS | roles("platform-operator")
PLAN_READERS = EVERYWHERE | roles("platform-operator")
ANSWERERS = SCHOOL_ROLES | roles("teacher")
READERS = EVERYWHERE | SCHOOL_ROLES | roles("researcher")
EVERYONE = READERS | roles("teacher")
REBUILDERS = roles("district-officer", "platform-operator")


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller may see: the whole district, one school's visits, one person's own, or nothing.

    Who `rechecks` also sees the findings that wait for a second person, and those that he has checked.
    """

    kind: Literal["district", "school", "self", "none"]
    id: str = ""
    rechecks: bool = False

    def covers(self, person: str | None, school: str | None) -> bool:
        """Say whether something of this person at this school is in the scope."""
        if self.kind == "school":
            return self.id == school
        return self.kind == "district" or (self.kind == "self" and self.id == person)


NOTHING = Scope(kind="none")


def scope_of(caller: Caller) -> Scope:
    """Return the scope of a signed-in caller; a school or self role without its school or person sees nothing."""
    if caller.role in EVERYWHERE:
        return Scope(kind="district")
    if caller.role in SCHOOL_ROLES and caller.school:
        return Scope(kind="school", id=caller.school)
    if caller.role in ("researcher", "teacher") and caller.teacher:
        return Scope(kind="self", id=caller.teacher, rechecks=caller.role == "researcher")
    return NOTHING
