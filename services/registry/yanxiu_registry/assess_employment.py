"""Pure: whether a stretch of work may be corrected or taken back as asked, and the teacher that comes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.teacher import CorrectEmployment, Employment

from yanxiu_registry.assess_school import open_faults
from yanxiu_registry.assess_teacher import returned
from yanxiu_registry.assess_text import read_changes
from yanxiu_registry.history import ONE_DAY, amend, begin_on, in_force, joined, redate, without
from yanxiu_registry.refusals import item, out_of_order, school_unknown, too_late, value_invalid
from yanxiu_registry.register import SchoolFile, TeacherFile

KINDS: dict[str, Any] = {"since": date, "school": str, "post": str}


def place_of(teacher: TeacherFile, since: date) -> int | None:
    """Which stretch of work began on the day."""
    return next((place for place, one in enumerate(teacher.employments) if one.since == since), None)


def employment_unknown(teacher: TeacherFile, since: date) -> RefusalItem:
    """No stretch of the teacher's work began on the day."""
    days = [str(one.since) for one in teacher.employments]
    return item(
        "EMPLOYMENT_UNKNOWN",
        "begun_on",
        since,
        (f"该教师没有自 {since} 起的任职", f"请填写某段任职的起始日：{'、'.join(days) or '无'}"),
        (f"no employment of the teacher began on {since}", f"give the day one began: {', '.join(days) or 'none'}"),
    )


def without_employment(teacher: TeacherFile, place: int) -> tuple[TeacherFile, list[RefusalItem]]:
    """The teacher as if the stretch had never been entered; refused for the only one."""
    gone = teacher.employments[place]
    if len(teacher.employments) == 1:
        zh = (
            "这是该教师唯一的一段任职，不能撤回",
            "请更正其起始日、学校或岗位；已离开的，请更正在岗情况（LEFT）",
        )
        en = (
            "it is the teacher's only employment and cannot be taken back",
            "correct its first day, school or post; of a teacher who left, correct the status to left",
        )
        return teacher, [item("EMPLOYMENT_ONLY", "begun_on", gone.since, zh, en)]
    after = msgspec.structs.replace(teacher, employments=joined(without(teacher.employments, place)))
    day_before = in_force(teacher.facts, gone.since - ONE_DAY)
    if day_before is not None and day_before.status == "left":  # the return itself is what was taken back
        facts = amend(teacher.facts, gone.since, lambda value: msgspec.structs.replace(value, status="left"))
        after = msgspec.structs.replace(after, facts=facts)
    return after, []


def corrected_employment(
    teacher: TeacherFile, place: int, command: CorrectEmployment, school: SchoolFile | None
) -> tuple[TeacherFile, list[RefusalItem]]:
    """The teacher after the correction, and what is wrong with it; `school` is the one the stretch is to be at."""
    values, faults = read_changes(KINDS, command.changes)
    before = teacher.employments[place]
    since = values.get("since", before.since)
    if school is None:
        faults.append(school_unknown("changes.school", values.get("school", before.school)))
    else:
        faults += open_faults("changes.since", since, school)
    faults += _day_faults(teacher, place, since)
    if faults:
        return teacher, faults
    work = list(redate(teacher.employments, place, since))
    named = {name: values[name] for name in ("school", "post") if name in values}
    work[place] = msgspec.structs.replace(work[place], **named)
    after = msgspec.structs.replace(teacher, employments=joined(work))
    if place == 0 and (since < teacher.facts[0].since or teacher.facts[0].since == before.since):
        after = msgspec.structs.replace(after, facts=begin_on(teacher.facts, since))
    return (returned(after, since) if since < before.since else after), []


def _day_faults(teacher: TeacherFile, place: int, since: date) -> list[RefusalItem]:
    """A first day at which another stretch runs, after the stretch's own end, or before the day of hiring."""
    work = teacher.employments
    before = work[place]
    faults: list[RefusalItem] = []
    if before.until is not None and since > before.until:
        if place + 1 < len(work) and since >= work[place + 1].since:
            faults.append(_overlap(since, work[place + 1]))
        else:
            faults.append(too_late("changes.since", since, before.until, "该段任职的结束日", "the end of that stretch"))
    if place:
        earlier = work[place - 1]
        took_over = earlier.until == before.since - ONE_DAY
        if since <= (earlier.since if took_over or earlier.until is None else earlier.until):
            faults.append(_overlap(since, earlier))
    hired_on = teacher.facts[0].value.hired_on
    if since != before.since and place == 0 and hired_on is not None and since < hired_on:
        faults.append(out_of_order("changes.since", since, hired_on, "入职日", "the day of hiring"))
    return faults


def _overlap(since: date, other: Employment) -> RefusalItem:
    days = f"{other.since} – {other.until or '…'}"
    return item(
        "EMPLOYMENT_OVERLAP",
        "changes.since",
        since,
        (f"与另一段任职（{days}）重叠", "请另选起始日，或先更正、撤回那一段任职"),
        (f"it overlaps another employment ({days})", "choose another day, or correct or take back that one first"),
    )


def take_back_faults(command: CorrectEmployment) -> list[RefusalItem]:
    """Changes to a stretch that is to be taken back."""
    if not command.changes:
        return []
    zh, en = "更正的字段，或者 takeBack，二者择一", "either fields to change or takeBack, not both"
    return [value_invalid("changes", ", ".join(command.changes), zh, en)]
