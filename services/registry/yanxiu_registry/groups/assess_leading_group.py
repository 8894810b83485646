"""Pure: whether a leading group may be set up or corrected as asked, and the group that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from yanxiu_wire.leading_group import CorrectLeadingGroup, LeadingMember, SetUpLeadingGroup
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.assess_text import read_changes, text_faults
from yanxiu_registry.entries.assess_entry import changed_from, list_faults, rebounded
from yanxiu_registry.entries.entry import Entry, begun
from yanxiu_registry.groups.facts import LeadingFacts
from yanxiu_registry.groups.people import People
from yanxiu_registry.groups.refusals import leading_group_exists, one_head

KINDS: Mapping[str, Any] = {
    "members": tuple[LeadingMember, ...],
    "remark": str | None,
    "begins_on": date,
    "ends_on": date | None,
}
_DATED = ("members", "remark")
_MOST_MEMBERS = 100


def new_leading_group(
    command: SetUpLeadingGroup, group_id: str, people: People, others: Iterable[Entry[LeadingFacts]]
) -> tuple[Entry[LeadingFacts], list[RefusalItem]]:
    """The group that the command describes, and what is wrong with it; `others` are those of the same place."""
    facts = LeadingFacts(kind=command.kind, school=command.school, members=command.members, remark=command.remark)
    group = begun(group_id, command.begins_on, facts)
    faults = text_faults(kind=command.kind, remark=command.remark)
    faults += _member_faults("members", facts, people, command.begins_on)
    return group, faults or _other_faults("kind", group, others)


def corrected_leading_group(
    group: Entry[LeadingFacts], command: CorrectLeadingGroup, people: People, others: Iterable[Entry[LeadingFacts]]
) -> tuple[Entry[LeadingFacts], list[RefusalItem]]:
    """The group after the correction, and what is wrong with it."""
    values, faults = read_changes(KINDS, command.changes)
    if faults:
        return group, faults
    after, faults = rebounded(group, values)
    faults = faults or _other_faults("changes", after, others)
    dated = {name: values[name] for name in _DATED if name in values}
    if faults or not dated:
        return after, faults
    after, faults = changed_from(after, command.since, lambda old: msgspec.structs.replace(old, **dated))
    facts = after.on(command.since)
    if not faults and facts is not None and "members" in dated:
        faults = _member_faults("changes.members", facts, people, command.since)
    return after, faults


def _member_faults(field: str, facts: LeadingFacts, people: People, day: date) -> list[RefusalItem]:
    members = facts.members
    faults = list_faults(field, _teachers(members), _MOST_MEMBERS)
    faults += list_faults(field, range(len(members)), _MOST_MEMBERS, 1)
    heads = sum(one.part == "head" for one in members)
    if heads != 1:
        faults.append(one_head(heads))
    for place, one in enumerate(members):
        faults += text_faults(**{f"{field}[{place}].post": one.post})
        if one.teacher is not None:
            faults += people.faults(f"{field}[{place}].teacher", one.teacher, day, facts.school)
    return faults


def _teachers(members: Sequence[LeadingMember]) -> list[str]:
    return [one.teacher for one in members if one.teacher is not None]


def _other_faults(field: str, group: Entry[LeadingFacts], others: Iterable[Entry[LeadingFacts]]) -> list[RefusalItem]:
    kind = group.facts[0].value.kind
    return [
        leading_group_exists(field, kind, other.ends_on)
        for other in others
        if other.id != group.id and other.facts[0].value.kind == kind and group.meets(other)
    ][:1]
