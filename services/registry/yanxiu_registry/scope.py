"""Who sees and writes what: the part of a district that a caller's grant opens, the same for reads and commands."""

from __future__ import annotations

from datetime import date

import msgspec
from yanxiu_wire.caller import Caller, Role

from yanxiu_registry.history import employed
from yanxiu_registry.register import TeacherFile


def _roles(*names: Role) -> frozenset[Role]:
    return frozenset(names)


OPERATOR = _roles("platform-operator")
OFFICERS = _roles("district-officer", "institute-officer")
DISTRICT_WIDE = OFFICERS | _roles("supervisor", "researcher", "auditor")
SCHOOL_BOUND = _roles("school-leader", "school-training-officer")
READERS = DISTRICT_WIDE | SCHOOL_BOUND | _roles("teacher")
TEACHER_WRITERS = _roles("district-officer", "school-training-officer")
DISTRICT_OFFICER = _roles("district-officer")
GROUP_WRITERS = OFFICERS | _roles("school-leader")
ROSTER_WRITERS = DISTRICT_OFFICER
EVERYONE = READERS | OPERATOR
GRANTERS = OPERATOR | OFFICERS | SCHOOL_BOUND
GRANT_READERS = GRANTERS | _roles("auditor")


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """The whole district, or one school, or (`teacher`) one school's card and one teacher."""

    whole: bool = False
    school: str | None = None
    teacher: str | None = None

    def sees_school(self, school: str) -> bool:
        """Whether the school's card is in scope."""
        return self.whole or (self.school is not None and school == self.school)

    def sees_teacher(self, teacher: TeacherFile, *days: date) -> bool:
        """Whether the teacher is in scope: at the caller's school on one of `days`, or the caller's own record."""
        if self.whole:
            return True
        if self.teacher is not None:
            return teacher.id == self.teacher
        return any(
            at_work is not None and at_work.school == self.school
            for at_work in (employed(teacher.employments, day) for day in days)
        )


def scope_of(caller: Caller) -> Scope:
    """The scope of a caller; a school or self role without its school or teacher sees nothing."""
    if caller.role in DISTRICT_WIDE:
        return Scope(whole=True)
    if caller.role in SCHOOL_BOUND:
        return Scope(school=caller.school)
    if caller.role == "teacher":
        return Scope(school=caller.school, teacher=caller.teacher or "")
    return Scope()
