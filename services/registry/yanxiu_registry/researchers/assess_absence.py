"""Pure: whether an absence may be entered, corrected or taken back as asked, and the researcher that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.researcher import Absence, CorrectAbsence, RecordAbsence

from yanxiu_registry.assess_text import read_changes, text_faults
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.refusals import out_of_order, too_late, value_invalid
from yanxiu_registry.researchers.assess_researcher import with_absences
from yanxiu_registry.researchers.facts import ResearcherFacts
from yanxiu_registry.researchers.refusals import absence_overlaps, absence_unknown

KINDS: Mapping[str, Any] = {"since": date, "until": date | None, "kind": str}


def absent(
    researcher: Entry[ResearcherFacts], command: RecordAbsence
) -> tuple[Entry[ResearcherFacts], list[RefusalItem]]:
    """The researcher with the new absence, and what is wrong with it."""
    absence = Absence(since=command.since, until=command.until, kind=command.kind)
    others = absences_of(researcher)
    faults = text_faults(kind=command.kind) + _day_faults("", absence, researcher, others)
    return (researcher, faults) if faults else (with_absences(researcher, [*others, absence]), [])


def corrected_absence(
    researcher: Entry[ResearcherFacts], command: CorrectAbsence
) -> tuple[Entry[ResearcherFacts], list[RefusalItem]]:
    """The researcher with the absence corrected or gone, and what is wrong with it."""
    known = absences_of(researcher)
    before = next((one for one in known if one.since == command.begun_on), None)
    if before is None:
        return researcher, [absence_unknown(command.begun_on, known)]
    others = [one for one in known if one is not before]
    if command.take_back:
        faults = _take_back_faults(command)
        return (researcher, faults) if faults else (with_absences(researcher, others), [])
    values, faults = read_changes(KINDS, command.changes)
    if faults:
        return researcher, faults
    after = msgspec.structs.replace(before, **values)
    faults = _day_faults("changes.", after, researcher, others)
    return (researcher, faults) if faults else (with_absences(researcher, [*others, after]), [])


def absences_of(researcher: Entry[ResearcherFacts]) -> tuple[Absence, ...]:
    """The researcher's absences, in date order."""
    return researcher.facts[-1].value.absences


def _take_back_faults(command: CorrectAbsence) -> list[RefusalItem]:
    if not command.changes:
        return []
    zh, en = "空：撤回时不能同时更正", "nothing: it is either taken back or changed"
    return [value_invalid("changes", ", ".join(command.changes), zh, en)]


def _day_faults(
    prefix: str, absence: Absence, researcher: Entry[ResearcherFacts], others: Sequence[Absence]
) -> list[RefusalItem]:
    since, until = absence.since, absence.until
    if until is not None and until < since:
        return [out_of_order(f"{prefix}until", until, since, "缺勤起始日", "the absence's first day")]
    if since < researcher.begins_on:
        zh, en = "聘任起始日", "his first day as a researcher"
        return [out_of_order(f"{prefix}since", since, researcher.begins_on, zh, en)]
    if researcher.ends_on is not None and since > researcher.ends_on:
        zh, en = "聘任结束日", "his last day as a researcher"
        return [too_late(f"{prefix}since", since, researcher.ends_on, zh, en)]
    last = until or date.max
    return [
        absence_overlaps(f"{prefix}since", since, one)
        for one in others
        if since <= (one.until or date.max) and one.since <= last
    ]
