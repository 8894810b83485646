"""A leading group as the registry keeps, shows and tells it."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.leading_group import LEADING_GROUP_CHANGED, LeadingGroup, LeadingGroupChanged

from yanxiu_registry.entries import tables
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.entries.noun import Noun
from yanxiu_registry.groups.facts import LeadingFacts
from yanxiu_registry.store.entries import Shelf


def shown(entry: Entry[LeadingFacts], facts: LeadingFacts, _day: date) -> LeadingGroup:
    """The group with these facts."""
    return LeadingGroup(
        id=entry.id,
        kind=facts.kind,
        school=facts.school,
        members=facts.members,
        remark=facts.remark,
        begins_on=entry.begins_on,
        ends_on=entry.ends_on,
        version=entry.version,
    )


def told(entry: Entry[LeadingFacts], history: tuple[tuple[date, LeadingGroup], ...]) -> LeadingGroupChanged:
    """The event's body."""
    return LeadingGroupChanged(group=entry.id, version=entry.version, history=history)


LEADING_GROUPS: Noun[LeadingFacts, LeadingGroup] = Noun(
    Shelf(tables.leading_group, tables.leading_group_fact, LeadingFacts), shown, LEADING_GROUP_CHANGED, told
)
