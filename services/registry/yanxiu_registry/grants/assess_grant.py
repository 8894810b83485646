"""Who may give and revoke which grant, and what a grant must be. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from yanxiu_wire.caller import Role
from yanxiu_wire.grants import Grant, GrantRole
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.assess_text import text_faults
from yanxiu_registry.grants.refusals import (
    grant_exists,
    not_for_oneself,
    not_to_give,
    school_needed,
    school_out_of_place,
    teacher_needed,
)
from yanxiu_registry.refusals import out_of_order, school_unknown, teacher_unknown

SCHOOL_BOUND: frozenset[Role] = frozenset({"school-leader", "school-training-officer"})
# Nobody gives a role above his own; the operator only sets up who runs a district and who audits it.
MAY_GIVE: Mapping[Role, frozenset[Role]] = {
    "platform-operator": frozenset({"district-officer", "auditor"}),
    "district-officer": frozenset(
        {
            *("district-officer", "institute-officer", "supervisor", "researcher", "auditor", "teacher"),
            *("school-leader", "school-training-officer"),
        }
    ),
    "institute-officer": frozenset({"researcher", "school-training-officer", "teacher"}),
    "school-leader": frozenset({"school-training-officer", "teacher"}),
    "school-training-officer": frozenset({"teacher"}),
}


def grant_faults(
    command: GrantRole, others: Iterable[Grant], teachers_school: str | None, today: date
) -> list[RefusalItem]:
    """What is wrong with a grant; `others` are the subject's that stand, `teachers_school` where the teacher works."""
    caller = command.caller
    if caller.role in SCHOOL_BOUND and command.school not in (None, caller.school):
        return [school_unknown("school", command.school or "")]
    if caller.role in SCHOOL_BOUND and command.teacher is not None and teachers_school != caller.school:
        return [teacher_unknown("teacher", command.teacher)]
    if command.role not in MAY_GIVE.get(caller.role, frozenset()):
        return [not_to_give(caller.role, command.role, MAY_GIVE.get(caller.role, frozenset()))]
    faults = text_faults(subject=command.subject, decision=command.decision)
    if command.subject == caller.subject:
        faults.append(not_for_oneself("subject", command.subject))
    faults += _scope_faults(command)
    if command.until is not None and command.until < max(command.since, today):
        bound = max(command.since, today)
        faults.append(out_of_order("until", command.until, bound, "起始日或今天", "its first day or today"))
    for other in others:
        if _same(other, command) and _meet(other, command):
            faults.append(grant_exists(other.id))
            break
    return faults


def _scope_faults(command: GrantRole) -> list[RefusalItem]:
    faults: list[RefusalItem] = []
    if command.role in SCHOOL_BOUND and command.school is None:
        faults.append(school_needed(command.role))
    if command.role not in SCHOOL_BOUND and command.school is not None:
        # A teacher's school is where the register says that he works.
        faults.append(school_out_of_place(command.role, command.school))
    if command.role == "teacher" and command.teacher is None:
        faults.append(teacher_needed())
    return faults


def _same(other: Grant, command: GrantRole) -> bool:
    theirs = (other.role, other.school, other.teacher)
    return other.revoked is None and theirs == (command.role, command.school, command.teacher)


def _meet(other: Grant, command: GrantRole) -> bool:
    return other.since <= (command.until or date.max) and command.since <= (other.until or date.max)
