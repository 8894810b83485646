"""A researcher as the registry keeps, shows and tells him."""

from __future__ import annotations

from datetime import date

import msgspec
from yanxiu_wire.caller import Caller
from yanxiu_wire.researcher import RESEARCHER_CHANGED, Researcher, ResearcherChanged

from yanxiu_registry.entries import tables
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.entries.noun import Noun
from yanxiu_registry.researchers.facts import ResearcherFacts
from yanxiu_registry.scope import OFFICERS
from yanxiu_registry.store.entries import Shelf

# Why somebody is absent, or may not work with a school, is told to who plans and who audits.
TOLD_OF_ABSENCES = OFFICERS | {"auditor"}


def shown(entry: Entry[ResearcherFacts], facts: ResearcherFacts, _day: date) -> Researcher:
    """The researcher with these facts."""
    return Researcher(
        id=entry.id,
        subjects=facts.subjects,
        stages=facts.stages,
        areas=facts.areas,
        capacity=facts.capacity,
        conflicts=facts.conflicts,
        absences=facts.absences,
        begins_on=entry.begins_on,
        ends_on=entry.ends_on,
        version=entry.version,
    )


def told(entry: Entry[ResearcherFacts], history: tuple[tuple[date, Researcher], ...]) -> ResearcherChanged:
    """The event's body."""
    return ResearcherChanged(researcher=entry.id, version=entry.version, history=history)


def as_told_to(caller: Caller, card: Researcher) -> Researcher:
    """The card as this caller may see it: without absences and conflicts, unless it is his own or he has to know."""
    if caller.role in TOLD_OF_ABSENCES or (caller.teacher is not None and caller.teacher == card.id):
        return card
    return msgspec.structs.replace(card, absences=(), conflicts=())


RESEARCHERS: Noun[ResearcherFacts, Researcher] = Noun(
    Shelf(tables.researcher, tables.researcher_fact, ResearcherFacts), shown, RESEARCHER_CHANGED, told
)
