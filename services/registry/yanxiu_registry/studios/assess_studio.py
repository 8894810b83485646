"""Pure: whether a studio may be entered or corrected as asked, and the studio that comes of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.studio import CorrectStudio, OpenStudio

from yanxiu_registry.assess_text import read_changes, text_faults
from yanxiu_registry.entries.assess_entry import changed_from, list_faults, rebounded
from yanxiu_registry.entries.entry import Entry, begun
from yanxiu_registry.groups.people import People
from yanxiu_registry.refusals import school_unknown, taken
from yanxiu_registry.studios.facts import StudioFacts

KINDS: Mapping[str, Any] = {
    "name": str,
    "level": str,
    "leader": str,
    "schools": tuple[str, ...],
    "begins_on": date,
    "ends_on": date | None,
}
MOST_SCHOOLS = 100
_DATED = frozenset(StudioFacts.__struct_fields__)


def new_studio(
    command: OpenStudio,
    studio_id: str,
    others: Iterable[Entry[StudioFacts]],
    people: People,
    schools: Collection[str],
) -> tuple[Entry[StudioFacts], list[RefusalItem]]:
    """The studio that the command describes, and what is wrong with it; `schools` are those of its that there are."""
    facts = StudioFacts(name=command.name, level=command.level, leader=command.leader, schools=command.schools)
    studio = begun(studio_id, command.begins_on, facts)
    faults = text_faults(name=command.name, level=command.level)
    faults += people.faults("leader", command.leader, command.begins_on, None)
    faults += _school_faults("schools", command.schools, schools)
    return studio, faults or _name_faults("name", studio, others)


def corrected_studio(
    studio: Entry[StudioFacts],
    command: CorrectStudio,
    others: Iterable[Entry[StudioFacts]],
    people: People,
    schools: Collection[str],
) -> tuple[Entry[StudioFacts], list[RefusalItem]]:
    """The studio after the correction, and what is wrong with it."""
    values, faults = read_changes(KINDS, command.changes)
    if faults:
        return studio, faults
    after, faults = rebounded(studio, values)
    dated = {name: value for name, value in values.items() if name in _DATED}
    if dated and not faults:
        after, faults = changed_from(after, command.since, lambda old: msgspec.structs.replace(old, **dated))
    if "leader" in dated:
        faults += people.faults("changes.leader", dated["leader"], command.since, None)
    if "schools" in dated:
        faults += _school_faults("changes.schools", dated["schools"], schools)
    return after, faults or _name_faults("changes.name", after, others)


def _school_faults(field: str, named: tuple[str, ...], there: Collection[str]) -> list[RefusalItem]:
    faults = list_faults(field, named, MOST_SCHOOLS)
    return faults + [school_unknown(f"{field}[{at}]", one) for at, one in enumerate(named) if one not in there]


def _name_faults(field: str, studio: Entry[StudioFacts], others: Iterable[Entry[StudioFacts]]) -> list[RefusalItem]:
    """Another studio bears one of its names on one of the days."""
    mine = _names(studio)
    theirs = [named for other in others if other.id != studio.id for named in _names(other)]
    for name, since, until in mine:
        if any(name == other and since <= ends and begins <= until for other, begins, ends in theirs):
            return [taken("STUDIO_NAME_TAKEN", field, name, "工作室名称", "studio's name")]
    return []


def _names(studio: Entry[StudioFacts]) -> list[tuple[str, date, date]]:
    """Each name with the days on which the studio bears it."""
    last = studio.ends_on or date.max
    named = [(span.value.name, span.since, min(span.until or date.max, last)) for span in studio.facts]
    return [one for one in named if one[1] <= one[2]]
