"""Pure: whether an area may be entered or corrected as asked, and the area that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from yanxiu_wire.area import CorrectArea, CreateArea
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.areas.facts import AreaFacts
from yanxiu_registry.areas.refusals import area_in_use
from yanxiu_registry.assess_text import read_changes, text_faults
from yanxiu_registry.entries.assess_entry import changed_from, rebounded
from yanxiu_registry.entries.entry import Entry, begun
from yanxiu_registry.refusals import taken

KINDS: Mapping[str, Any] = {"name": str, "begins_on": date, "ends_on": date | None}
Used = tuple[date, date]
"""The first and last day on which a school or group belongs to an area; `date.max` for no end."""


def new_area(
    command: CreateArea, area_id: str, others: Iterable[Entry[AreaFacts]]
) -> tuple[Entry[AreaFacts], list[RefusalItem]]:
    """The area that the command describes, and what is wrong with it."""
    area = begun(area_id, command.begins_on, AreaFacts(name=command.name))
    return area, text_faults(name=command.name) + _name_faults("name", area, others)


def corrected_area(
    area: Entry[AreaFacts], command: CorrectArea, others: Iterable[Entry[AreaFacts]], used: Used | None
) -> tuple[Entry[AreaFacts], list[RefusalItem]]:
    """The area after the correction, and what is wrong with it; `used` is when something belongs to it."""
    values, faults = read_changes(KINDS, command.changes)
    if faults:
        return area, faults
    after, faults = rebounded(area, values)
    faults += _use_faults(after, values, used)
    if "name" in values and not faults:
        after, faults = changed_from(after, command.since, lambda _facts: AreaFacts(name=values["name"]))
    return after, faults or _name_faults("changes.name", after, others)


def _use_faults(after: Entry[AreaFacts], values: Mapping[str, Any], used: Used | None) -> list[RefusalItem]:
    if used is None:
        return []
    first, last = used
    if after.begins_on > first and "begins_on" in values:
        return [area_in_use("changes.begins_on", after.begins_on, first, last)]
    if after.ends_on is not None and after.ends_on < last and "ends_on" in values:
        return [area_in_use("changes.ends_on", after.ends_on, first, last)]
    return []


def _name_faults(field: str, area: Entry[AreaFacts], others: Iterable[Entry[AreaFacts]]) -> list[RefusalItem]:
    """Another area bears one of its names on one of the days."""
    mine = _names(area)
    theirs = [named for other in others if other.id != area.id for named in _names(other)]
    for name, since, until in mine:
        if any(name == other and since <= ends and begins <= until for other, begins, ends in theirs):
            return [taken("AREA_NAME_TAKEN", field, name, "片区名称", "area's name")]
    return []


def _names(area: Entry[AreaFacts]) -> list[tuple[str, date, date]]:
    """Each name with the days on which the area bears it."""
    last = area.ends_on or date.max
    named = [(span.value.name, span.since, min(span.until or date.max, last)) for span in area.facts]
    return [one for one in named if one[1] <= one[2]]
