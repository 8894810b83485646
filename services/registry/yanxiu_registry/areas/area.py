"""An area as the registry keeps, shows and tells it."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.area import AREA_CHANGED, Area, AreaChanged

from yanxiu_registry.areas.facts import AreaFacts
from yanxiu_registry.entries import tables
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.entries.noun import Noun
from yanxiu_registry.store.entries import Shelf


def shown(entry: Entry[AreaFacts], facts: AreaFacts, _day: date) -> Area:
    """The area with these facts."""
    return Area(id=entry.id, name=facts.name, begins_on=entry.begins_on, ends_on=entry.ends_on, version=entry.version)


def told(entry: Entry[AreaFacts], history: tuple[tuple[date, Area], ...]) -> AreaChanged:
    """The event's body."""
    return AreaChanged(area=entry.id, version=entry.version, history=history)


AREAS: Noun[AreaFacts, Area] = Noun(Shelf(tables.area, tables.area_fact, AreaFacts), shown, AREA_CHANGED, told)
