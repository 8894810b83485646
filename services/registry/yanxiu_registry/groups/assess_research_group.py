"""Pure: whether a research group may be formed, corrected, filed or archived as asked, and what comes of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import msgspec
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.research_group import (
    ArchiveResearchGroup,
    CorrectResearchGroup,
    FileResearchGroup,
    FormResearchGroup,
)

from yanxiu_registry.assess_text import read_changes, text_faults
from yanxiu_registry.entries.assess_entry import Bounds, changed_from, list_faults, rebounded
from yanxiu_registry.entries.entry import Entry, begun
from yanxiu_registry.groups.facts import GroupFacts
from yanxiu_registry.groups.people import People
from yanxiu_registry.groups.refusals import not_filed
from yanxiu_registry.history import spans
from yanxiu_registry.refusals import out_of_order, too_late

BOUNDS = Bounds("formed_on", "dissolved_on")
KINDS: Mapping[str, Any] = {
    "kind": str,
    "name": str,
    "subject": str | None,
    "leader": str,
    "members": tuple[str, ...],
    "leader_backbone": bool | None,
    "leader_grounds": str | None,
    "appointed_by": str | None,
    "formed_on": date,
    "dissolved_on": date | None,
}
_DATED = frozenset(GroupFacts.__struct_fields__)
_OF_NOBODY: Mapping[str, Any] = {"leader_backbone": None, "leader_grounds": None, "appointed_by": None}
_PEOPLE = frozenset({"leader", "members"})
MOST_MEMBERS = 300


def new_group(
    command: FormResearchGroup, group_id: str, people: People, today: date
) -> tuple[Entry[GroupFacts], list[RefusalItem]]:
    """The group that the command describes, and what is wrong with it; its place the caller looks after."""
    facts = GroupFacts(
        kind=command.kind,
        name=command.name,
        subject=command.subject,
        school=command.school,
        area=command.area,
        leader=command.leader,
        members=command.members,
        leader_backbone=command.leader_backbone,
        leader_grounds=command.leader_grounds,
        appointed_by=command.appointed_by,
        filed_on=command.filed_on,
    )
    faults = text_faults(
        kind=command.kind,
        name=command.name,
        subject=command.subject,
        leader_grounds=command.leader_grounds,
        appointed_by=command.appointed_by,
    )
    faults += _people_faults(facts, people, command.formed_on)
    if command.filed_on is not None and command.filed_on > today:
        faults.append(too_late("filed_on", command.filed_on, today, "今天", "today"))
    return begun(group_id, command.formed_on, facts), faults


def corrected_group(
    group: Entry[GroupFacts], command: CorrectResearchGroup, people: People
) -> tuple[Entry[GroupFacts], list[RefusalItem]]:
    """The group after the correction, to be filed anew for the days that it changes, and what is wrong with it."""
    values, faults = read_changes(KINDS, command.changes)
    if faults:
        return group, faults
    after, faults = rebounded(group, values, BOUNDS)
    dated = {name: value for name, value in values.items() if name in _DATED}
    if faults or not dated:
        return after, faults
    after, faults = changed_from(after, command.since, lambda old: _refilable(old, dated))
    facts = after.on(command.since)
    if not faults and facts is not None:
        faults = _people_faults(facts, people, command.since, "changes.", _PEOPLE & set(dated))
    return after, faults


def _refilable(old: GroupFacts, values: Mapping[str, Any]) -> GroupFacts:
    """The facts with these values; what differs from what was filed is not filed."""
    another = values.get("leader", old.leader) != old.leader
    new = msgspec.structs.replace(old, **{**(_OF_NOBODY if another else {}), **values})
    return new if new == old else msgspec.structs.replace(new, filed_on=None, archived_on=None)


def filed_group(
    group: Entry[GroupFacts], command: FileResearchGroup, today: date
) -> tuple[Entry[GroupFacts], list[RefusalItem]]:
    """The group, all that was not filed of it filed on the day; where all was, the day of its last filing corrected."""
    day = command.filed_on
    if day > today:
        return group, [too_late("filed_on", day, today, "今天", "today")]
    due = [span for span in group.facts if span.value.filed_on is None] or [group.facts[-1]]
    entries = [(span.since, _filed(span.value, day) if span in due else span.value) for span in group.facts]
    return msgspec.structs.replace(group, facts=spans(entries)), []


def _filed(facts: GroupFacts, day: date) -> GroupFacts:
    archived = facts.archived_on if facts.archived_on is not None and facts.archived_on >= day else None
    return msgspec.structs.replace(facts, filed_on=day, archived_on=archived)


def archived_group(
    group: Entry[GroupFacts], command: ArchiveResearchGroup, today: date
) -> tuple[Entry[GroupFacts], list[RefusalItem]]:
    """The group, every filing of it that was not archived put away on the day."""
    day, last = command.archived_on, group.facts[-1].value
    if last.filed_on is None:
        return group, [not_filed(group.id)]
    if day < last.filed_on:
        return group, [out_of_order("archived_on", day, last.filed_on, "报备日", "the day of its filing")]
    if day > today:
        return group, [too_late("archived_on", day, today, "今天", "today")]
    entries = [
        (span.since, msgspec.structs.replace(span.value, archived_on=day) if _due(span.value, last) else span.value)
        for span in group.facts
    ]
    return msgspec.structs.replace(group, facts=spans(entries)), []


def _due(facts: GroupFacts, last: GroupFacts) -> bool:
    """Filed and not archived; of what stands last the day can be corrected."""
    return facts.filed_on is not None and (facts.archived_on is None or facts is last)


def _people_faults(
    facts: GroupFacts, people: People, day: date, prefix: str = "", named: Collection[str] = _PEOPLE
) -> list[RefusalItem]:
    """What is wrong with those who are named; who was in the group before and has left since is not asked about."""
    faults: list[RefusalItem] = []
    if "leader" in named:
        faults += people.faults(f"{prefix}leader", facts.leader, day, facts.school)
    if "members" in named:
        faults += list_faults(f"{prefix}members", facts.members, MOST_MEMBERS)
        for place, one in enumerate(facts.members):
            faults += people.faults(f"{prefix}members[{place}]", one, day, facts.school)
    return faults
