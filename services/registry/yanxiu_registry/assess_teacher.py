"""Pure: whether a teacher may be entered, corrected or moved as asked, and the teacher that comes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.teacher import CorrectTeacher, CreateTeacher, Employment, EmployTeacher

from yanxiu_registry.assess_school import open_faults
from yanxiu_registry.assess_text import period_faults, read_changes, text_fault, text_faults
from yanxiu_registry.erasing.assess_erasure import erased_number
from yanxiu_registry.history import amend, in_force, leave, move, spans
from yanxiu_registry.national_id import fault, normal_form
from yanxiu_registry.refusals import item, national_id_invalid, out_of_order, too_late, value_invalid
from yanxiu_registry.register import SchoolFile, TeacherFacts, TeacherFile

_DATED = {field.name: field.type for field in msgspec.structs.fields(TeacherFacts)}
KINDS: dict[str, Any] = {**_DATED, "staff_number": str, "national_id": str | None}


def national_id_faults(field: str, number: str | None, today: date) -> list[RefusalItem]:
    """Why a number cannot be a teacher's national id; None and a good number give nothing."""
    if number is None:
        return []
    wrong = fault(normal_form(number), today)
    return [national_id_invalid(field, normal_form(number), *wrong)] if wrong else []


def hired_faults(field: str, hired_on: date | None, since: date) -> list[RefusalItem]:
    """A day of hiring after the day the work at a school began."""
    if hired_on is None or hired_on <= since:
        return []
    return [too_late(field, hired_on, since, "到校日", "the day the work at the school began")]


def new_teacher(
    command: CreateTeacher, teacher_id: str, school: SchoolFile, today: date
) -> tuple[TeacherFile, list[RefusalItem]]:
    """The teacher that the command describes, without the national id, and what is wrong with it."""
    facts = TeacherFacts(
        name=command.name,
        gender=command.gender,
        subject=command.subject,
        stage=command.stage,
        title=command.title,
        hired_on=command.hired_on,
    )
    faults = text_faults(
        staff_number=command.staff_number,
        name=command.name,
        subject=command.subject,
        title=command.title,
        post=command.post,
    )
    faults += national_id_faults("national_id", command.national_id, today)
    faults += open_faults("employed_since", command.employed_since, school)
    faults += hired_faults("hired_on", command.hired_on, command.employed_since)
    teacher = TeacherFile(
        id=teacher_id,
        staff_number=command.staff_number,
        facts=spans([(command.employed_since, facts)]),
        employments=(Employment(school=command.school, since=command.employed_since, post=command.post),),
    )
    return teacher, faults


def corrected_teacher(
    teacher: TeacherFile, command: CorrectTeacher, today: date
) -> tuple[TeacherFile, list[RefusalItem]]:
    """The teacher after the correction, the national id left to the caller, and what is wrong with it.

    `status` = left ends the work the day before `since`. Staff number and national id belong to the person as such;
    every other field changes from `since` on.
    """
    values, faults = read_changes(KINDS, command.changes)
    faults += national_id_faults("changes.national_id", values.get("national_id"), today)
    if values.get("staff_number") == erased_number(teacher.id):
        zh, en = "不同于已删除教师的工号", "one that does not say that he was erased"
        faults.append(value_invalid("changes.staff_number", values["staff_number"], zh, en))
    first = teacher.facts[0].since
    if command.since < first:
        faults.append(out_of_order("since", command.since, first, "教师首次入册日", "the teacher's first day on file"))
    if teacher.employments:
        begun = teacher.employments[0].since
        faults += hired_faults("changes.hired_on", values.get("hired_on"), begun)
    faults += period_faults("changes.head_teacher_periods", values.get("head_teacher_periods", ()))
    if faults:
        return teacher, faults
    after = msgspec.structs.replace(teacher, staff_number=values.get("staff_number", teacher.staff_number))
    dated = {name: value for name, value in values.items() if name in _DATED}
    if dated:
        facts = amend(teacher.facts, command.since, lambda value: msgspec.structs.replace(value, **dated))
        after = msgspec.structs.replace(after, facts=facts)
    if values.get("status") == "left":
        after = msgspec.structs.replace(after, employments=leave(after.employments, command.since))
    return after, []


def move_faults(field: str, teacher: TeacherFile, since: date) -> list[RefusalItem]:
    """A move that would begin before the newest stretch of work."""
    if teacher.employments and since < teacher.employments[-1].since:
        zh, en = "最近一段任职的起始日", "the beginning of the newest stretch of work"
        return [out_of_order(field, since, teacher.employments[-1].since, zh, en)]
    return []


def returned(teacher: TeacherFile, since: date) -> TeacherFile:
    """The teacher in active service again from `since` on, when the status that day is `left`."""
    begun = max(since, teacher.facts[0].since)
    facts = in_force(teacher.facts, begun)
    if facts is None or facts.status != "left":
        return teacher
    active = amend(teacher.facts, begun, lambda value: msgspec.structs.replace(value, status="active"))
    return msgspec.structs.replace(teacher, facts=active)


def moved_teacher(
    teacher: TeacherFile, command: EmployTeacher, school: SchoolFile
) -> tuple[TeacherFile, list[RefusalItem]]:
    """The teacher after the move, and what is wrong with it."""
    faults = open_faults("since", command.since, school) + move_faults("since", teacher, command.since)
    if post := text_fault("post", command.post):
        faults.append(post)
    last = teacher.employments[-1] if teacher.employments else None
    if last and last.until is None and (last.school, last.post) == (command.school, command.post):
        faults.append(
            item(
                "EMPLOYMENT_UNCHANGED",
                "school",
                command.school,
                (f"该教师自 {last.since} 起已在此校任此岗位", "如需调动，请另选学校或岗位"),
                (f"the teacher has had this post at this school since {last.since}", "choose another school or post"),
            )
        )
    if faults:
        return teacher, faults
    work = move(teacher.employments, command.school, command.since, command.post)
    return returned(msgspec.structs.replace(teacher, employments=work), command.since), []
