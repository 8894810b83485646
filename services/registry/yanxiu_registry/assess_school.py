"""Pure: whether a school may be entered or corrected as asked, and the school that comes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.registry import CorrectSchool, CreateSchool

from yanxiu_registry.assess_text import read_changes, text_faults
from yanxiu_registry.history import amend, begin_on, spans
from yanxiu_registry.refusals import out_of_order, too_late
from yanxiu_registry.register import SchoolFacts, SchoolFile

_DATED = {field.name: field.type for field in msgspec.structs.fields(SchoolFacts)}
KINDS: dict[str, Any] = {**_DATED, "code": str, "opened_on": date, "closed_on": date | None}


def new_school(command: CreateSchool, school_id: str) -> tuple[SchoolFile, list[RefusalItem]]:
    """The school that the command describes, and what is wrong with it."""
    facts = SchoolFacts(
        name=command.name,
        stage=command.stage,
        location=command.location,
        ownership=command.ownership,
        affiliation=command.affiliation,
        area=command.area,
        weak_decided_by=command.weak_decided_by,
    )
    school = SchoolFile(
        id=school_id, code=command.code, opened_on=command.opened_on, facts=spans([(command.opened_on, facts)])
    )
    return school, text_faults(code=command.code, name=command.name, weak_decided_by=command.weak_decided_by)


def corrected_school(
    school: SchoolFile, command: CorrectSchool, first_employment: date | None
) -> tuple[SchoolFile, list[RefusalItem]]:
    """The school after the correction (equal to the one before when nothing differs), and what is wrong with it.

    Code and days of opening and closing belong to the school as such; every other field changes from `since` on.
    """
    values, faults = read_changes(KINDS, command.changes)
    after = msgspec.structs.replace(
        school, **{name: values[name] for name in ("code", "opened_on", "closed_on") if name in values}
    )
    if after.opened_on != school.opened_on:
        after = msgspec.structs.replace(after, facts=begin_on(school.facts, after.opened_on))
    faults += _date_faults(after, first_employment, values)
    dated = {name: value for name, value in values.items() if name in _DATED}
    if dated and command.since < after.opened_on:
        faults.append(out_of_order("since", command.since, after.opened_on, "学校开办日", "the school's opening"))
    if faults or not dated:
        return after, faults
    facts = amend(after.facts, command.since, lambda value: msgspec.structs.replace(value, **dated))
    return msgspec.structs.replace(after, facts=facts), faults


def _date_faults(after: SchoolFile, first_employment: date | None, values: dict[str, Any]) -> list[RefusalItem]:
    faults: list[RefusalItem] = []
    if after.closed_on is not None and after.closed_on < after.opened_on:
        field = "changes.closed_on" if "closed_on" in values else "changes.opened_on"
        if field == "changes.closed_on":
            faults.append(out_of_order(field, after.closed_on, after.opened_on, "开办日", "its opening"))
        else:
            faults.append(too_late(field, after.opened_on, after.closed_on, "停办日", "its closing"))
    if "opened_on" in values and first_employment is not None and first_employment < after.opened_on:
        zh, en = "最早的教师到校日", "the day its first teacher began there"
        faults.append(too_late("changes.opened_on", after.opened_on, first_employment, zh, en))
    return faults


def open_faults(field: str, day: date, school: SchoolFile) -> list[RefusalItem]:
    """Why nobody can begin work at the school on this day."""
    if day < school.opened_on:
        return [out_of_order(field, day, school.opened_on, "学校开办日", "the school's opening")]
    if school.closed_on is not None and day > school.closed_on:
        return [too_late(field, day, school.closed_on, "学校停办日", "the school's closing")]
    return []
