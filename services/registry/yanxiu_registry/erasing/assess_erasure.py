"""Whether a person may be erased, and that who was erased stays nobody. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.erasing import refusals
from yanxiu_registry.register import TeacherFile


def erased_number(teacher_id: str) -> str:
    """The staff number of one who was erased: the table wants one that no other has."""
    return f"erased-{teacher_id}"


def erased_faults(file: TeacherFile) -> list[RefusalItem]:
    """Why a file takes no change any more: its person was erased, and would be known again by what is entered."""
    return [refusals.teacher_erased(file.id)] if file.staff_number == erased_number(file.id) else []


def obstacles(file: TeacherFile, offices: Collection[tuple[str, str]], today: date) -> list[RefusalItem]:
    """Return why this teacher is not erased today; `offices` are those he holds, in Chinese and English."""
    at_work = [one for one in file.employments if one.until is None or one.until >= today]
    found = [refusals.employed_still(at_work[-1].until)] if at_work else []
    return found + [refusals.serves_still(zh, en) for zh, en in offices]


def unfit_proposal(caller: Caller, teacher: str, retained_until: date, today: date) -> list[RefusalItem]:
    """Return what is wrong with who proposes, and with the day until which the data are kept."""
    found = [refusals.himself()] if caller.teacher == teacher else []
    return found + ([refusals.retention_runs(retained_until)] if retained_until >= today else [])


def unfit_confirmation(caller: Caller, teacher: str, proposed_by: str) -> list[RefusalItem]:
    """Return what is wrong with who confirms."""
    found = [refusals.himself()] if caller.teacher == teacher else []
    return found + ([refusals.same_person()] if caller.subject == proposed_by else [])
