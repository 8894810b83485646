"""Correct the members of a leading group from a day on, or its first and last day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.leading_group import CorrectLeadingGroup, LeadingGroup
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.groups.assess_leading_group import corrected_leading_group
from yanxiu_registry.groups.facts import LeadingFacts
from yanxiu_registry.groups.leading_group import LEADING_GROUPS
from yanxiu_registry.groups.leading_of_place import leading_groups_of
from yanxiu_registry.groups.people_named import people_named
from yanxiu_registry.groups.refusals import leading_group_unknown
from yanxiu_registry.refusals import refused, version_conflict
from yanxiu_registry.scope import Scope, scope_of


async def correct_leading_group(
    registry: Registry, district: str, command: CorrectLeadingGroup, deadline: Deadline
) -> LeadingGroup | Refused:
    """The group with the correction in force; earlier days keep what they had.

    Refused: LEADING_GROUP_UNKNOWN, VERSION_CONFLICT, FIELD_UNKNOWN, VALUE_INVALID, LEADING_GROUP_EXISTS,
    LEADING_GROUP_HEAD, TEACHER_UNKNOWN, MEMBER_ELSEWHERE, NAMED_TWICE, DATE_OUT_OF_ORDER.
    """
    scope = scope_of(command.caller)

    async def work(conn: AsyncConnection) -> LeadingGroup | Refused:
        before = (await LEADING_GROUPS.shelf.by_id(conn, district, [command.group])).get(command.group)
        if before is None or not _may_change(scope, before):
            return refused(leading_group_unknown("group", command.group))
        if command.expected_version not in (None, before.version):
            return refused(version_conflict(command.expected_version or 0, before.version))
        others = await leading_groups_of(conn, district, before.facts[0].value.school)
        people = await people_named(conn, district, _teachers(command.changes.get("members")), scope)
        after, faults = corrected_leading_group(before, command, people, others)
        if faults:
            return refused(*faults)
        return await LEADING_GROUPS.keep(registry, conn, district, before, after, command.caller, command.since)

    return await once(registry.dbs, district, command, LeadingGroup, deadline, work, few_rows=True)


def _may_change(scope: Scope, group: Entry[LeadingFacts]) -> bool:
    school = group.facts[0].value.school
    return scope.whole or (school is not None and scope.sees_school(school))


def _teachers(members: Any) -> Iterable[Any]:
    """The teachers named in members as they came, before anybody looked whether they fit."""
    listed = members if isinstance(members, list | tuple) else ()
    return [one.get("teacher") for one in listed if isinstance(one, Mapping)]
