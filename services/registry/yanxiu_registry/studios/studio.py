"""A studio as the registry keeps, shows and tells it."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.studio import STUDIO_CHANGED, Studio, StudioChanged

from yanxiu_registry.entries import tables
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.entries.noun import Noun
from yanxiu_registry.store.entries import Shelf
from yanxiu_registry.studios.facts import StudioFacts


def shown(entry: Entry[StudioFacts], facts: StudioFacts, _day: date) -> Studio:
    """The studio with these facts."""
    return Studio(
        id=entry.id,
        name=facts.name,
        level=facts.level,
        leader=facts.leader,
        schools=facts.schools,
        begins_on=entry.begins_on,
        ends_on=entry.ends_on,
        version=entry.version,
    )


def told(entry: Entry[StudioFacts], history: tuple[tuple[date, Studio], ...]) -> StudioChanged:
    """The event's body."""
    return StudioChanged(studio=entry.id, version=entry.version, history=history)


STUDIOS: Noun[StudioFacts, Studio] = Noun(
    Shelf(tables.studio, tables.studio_fact, StudioFacts), shown, STUDIO_CHANGED, told
)
