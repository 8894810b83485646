"""Pure: whether somebody may be made a researcher, corrected or ended as asked, and the researcher that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

import msgspec
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.registry import Stage, taught_in
from yanxiu_wire.researcher import Absence, ConflictOfInterest, CorrectResearcher, EndResearcher, EnrolResearcher

from yanxiu_registry.areas.facts import AreaFacts
from yanxiu_registry.areas.refusals import area_faults
from yanxiu_registry.assess_text import read_changes, text_faults
from yanxiu_registry.entries.assess_entry import changed_from, list_faults, rebounded, text_list_faults
from yanxiu_registry.entries.entry import Entry, begun
from yanxiu_registry.history import ONE_DAY, amend
from yanxiu_registry.refusals import school_unknown, value_invalid
from yanxiu_registry.register import SchoolFile
from yanxiu_registry.researchers.facts import ResearcherFacts
from yanxiu_registry.researchers.refusals import researcher_exists

KINDS: Mapping[str, Any] = {
    "subjects": tuple[str, ...],
    "stages": tuple[Stage, ...],
    "areas": tuple[str, ...],
    "capacity": int,
    "conflicts": tuple[ConflictOfInterest, ...],
    "begins_on": date,
}
MOST_CAPACITY = 20
_MOST_SUBJECTS, _MOST_AREAS, _MOST_CONFLICTS = 20, 50, 200
NOT_ENROLLED = "未聘"
_TAUGHT = tuple(stage for stage in get_args(Stage) if taught_in(stage) == (stage,))


class Places(msgspec.Struct, frozen=True):
    """The areas and schools that a command names, as far as there are such."""

    areas: Mapping[str, Entry[AreaFacts]]
    schools: Mapping[str, SchoolFile]


def enrolled(
    command: EnrolResearcher, before: Entry[ResearcherFacts] | None, places: Places
) -> tuple[Entry[ResearcherFacts], list[RefusalItem]]:
    """The researcher from the day on, and what is wrong; one who was a researcher before was absent in between."""
    facts = ResearcherFacts(
        subjects=command.subjects,
        stages=command.stages,
        areas=command.areas,
        capacity=command.capacity,
        conflicts=command.conflicts,
    )
    faults = fact_faults(msgspec.structs.asdict(facts), places, command.begins_on, since_field="begins_on")
    if before is None:
        return begun(command.teacher, command.begins_on, facts), faults
    if before.ends_on is None or command.begins_on <= before.ends_on:
        return before, [researcher_exists("teacher", command.teacher, before.ends_on)]
    if faults:
        return before, faults
    return _again(before, before.ends_on, command.begins_on, facts), []


def _again(
    before: Entry[ResearcherFacts], ended_on: date, begins_on: date, facts: ResearcherFacts
) -> Entry[ResearcherFacts]:
    known = [_cut(one, ended_on) for one in before.facts[-1].value.absences if one.since <= ended_on]
    if ended_on + ONE_DAY < begins_on:
        known.append(Absence(since=ended_on + ONE_DAY, until=begins_on - ONE_DAY, kind=NOT_ENROLLED))
    history = amend(before.facts, begins_on, lambda _old: facts)
    after = msgspec.structs.replace(before, ends_on=None, facts=history)
    return with_absences(after, known)


def _cut(absence: Absence, last: date) -> Absence:
    """The absence as far as the time before lasted."""
    return msgspec.structs.replace(absence, until=min(absence.until or date.max, last))


def with_absences(researcher: Entry[ResearcherFacts], absences: Sequence[Absence]) -> Entry[ResearcherFacts]:
    """The researcher with these absences, on every day on file."""
    ordered = tuple(sorted(absences, key=lambda one: one.since))
    return msgspec.structs.replace(
        researcher,
        facts=amend(researcher.facts, researcher.begins_on, lambda old: msgspec.structs.replace(old, absences=ordered)),
    )


def corrected_researcher(
    researcher: Entry[ResearcherFacts], command: CorrectResearcher, places: Places
) -> tuple[Entry[ResearcherFacts], list[RefusalItem]]:
    """The researcher after the correction, and what is wrong with it."""
    values, faults = read_changes(KINDS, command.changes)
    if faults:
        return researcher, faults
    after, faults = rebounded(researcher, values)
    dated = {name: value for name, value in values.items() if name != "begins_on"}
    faults += fact_faults(dated, places, command.since, prefix="changes.")
    if dated and not faults:
        after, faults = changed_from(after, command.since, lambda old: msgspec.structs.replace(old, **dated))
    return after, faults


def ended_researcher(
    researcher: Entry[ResearcherFacts], command: EndResearcher
) -> tuple[Entry[ResearcherFacts], list[RefusalItem]]:
    """The researcher with another last day, or none; refused when it lies before the first."""
    return rebounded(researcher, {"ends_on": command.ends_on}, prefix="")


def fact_faults(
    values: Mapping[str, Any], places: Places, since: date, *, prefix: str = "", since_field: str = "since"
) -> list[RefusalItem]:
    """What is wrong with the facts given from a day on."""
    faults: list[RefusalItem] = []
    if "subjects" in values:
        faults += text_list_faults(f"{prefix}subjects", values["subjects"], _MOST_SUBJECTS, 1)
    if "stages" in values:
        faults += _stage_faults(f"{prefix}stages", values["stages"])
    if "capacity" in values and not 1 <= values["capacity"] <= MOST_CAPACITY:
        zh, en = f"1 至 {MOST_CAPACITY} 的整数", f"a number from 1 to {MOST_CAPACITY}"
        faults.append(value_invalid(f"{prefix}capacity", values["capacity"], zh, en))
    areas: Sequence[str] = values.get("areas", ())
    faults += list_faults(f"{prefix}areas", areas, _MOST_AREAS)
    for place, one in enumerate(areas):
        faults += area_faults(f"{prefix}areas[{place}]", one, places.areas.get(one), since, since_field)
    return faults + _conflict_faults(f"{prefix}conflicts", values.get("conflicts", ()), places)


def _stage_faults(field: str, stages: Sequence[Stage]) -> list[RefusalItem]:
    faults = list_faults(field, stages, len(_TAUGHT), 1)
    names = ", ".join(_TAUGHT)
    faults += [
        value_invalid(f"{field}[{place}]", one, f"任教的学段（{names}）", f"a stage that is taught: {names}")
        for place, one in enumerate(stages)
        if one not in _TAUGHT
    ]
    return faults


def _conflict_faults(field: str, conflicts: Sequence[ConflictOfInterest], places: Places) -> list[RefusalItem]:
    faults = list_faults(field, [one.school for one in conflicts], _MOST_CONFLICTS)
    for place, one in enumerate(conflicts):
        if one.school not in places.schools:
            faults.append(school_unknown(f"{field}[{place}].school", one.school))
        faults += text_faults(**{f"{field}[{place}].kind": one.kind})
    return faults
