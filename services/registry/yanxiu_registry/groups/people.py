"""The people that a command about a group names, as the register knows them and the caller sees them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.groups.refusals import member_elsewhere
from yanxiu_registry.history import employed
from yanxiu_registry.refusals import teacher_unknown
from yanxiu_registry.register import TeacherFile
from yanxiu_registry.scope import Scope


class People(msgspec.Struct, frozen=True):
    """Those named whom the register has, and what the caller sees of them."""

    found: Mapping[str, TeacherFile]
    scope: Scope

    def faults(self, field: str, teacher: str, day: date, school: str | None) -> list[RefusalItem]:
        """Why somebody cannot belong to a group from a day on: unknown, or not at work there (None: anywhere)."""
        file = self.found.get(teacher)
        if file is None or not self.scope.sees_teacher(file, day):
            return [teacher_unknown(field, teacher)]
        at_work = employed(file.employments, day)
        if at_work is None or (school is not None and at_work.school != school):
            return [member_elsewhere(field, teacher, day, of_school=school is not None)]
        return []
