"""A research group as the registry keeps, shows and tells it."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.research_group import RESEARCH_GROUP_CHANGED, ResearchGroup, ResearchGroupChanged

from yanxiu_registry.entries import tables
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.entries.noun import Noun
from yanxiu_registry.groups.facts import GroupFacts
from yanxiu_registry.store.entries import Shelf


def shown(entry: Entry[GroupFacts], facts: GroupFacts, day: date) -> ResearchGroup:
    """The group with these facts, filed and archived as far as that had happened by the day."""
    return ResearchGroup(
        id=entry.id,
        kind=facts.kind,
        name=facts.name,
        subject=facts.subject,
        school=facts.school,
        area=facts.area,
        leader=facts.leader,
        members=facts.members,
        leader_backbone=facts.leader_backbone,
        leader_grounds=facts.leader_grounds,
        appointed_by=facts.appointed_by,
        filed_on=_by(day, facts.filed_on),
        archived_on=_by(day, facts.archived_on),
        formed_on=entry.begins_on,
        dissolved_on=entry.ends_on,
        version=entry.version,
    )


def _by(day: date, done_on: date | None) -> date | None:
    return None if done_on is None or done_on > day else done_on


def told(entry: Entry[GroupFacts], history: tuple[tuple[date, ResearchGroup], ...]) -> ResearchGroupChanged:
    """The event's body."""
    return ResearchGroupChanged(group=entry.id, version=entry.version, history=history)


RESEARCH_GROUPS: Noun[GroupFacts, ResearchGroup] = Noun(
    Shelf(tables.research_group, tables.research_group_fact, GroupFacts), shown, RESEARCH_GROUP_CHANGED, told
)
