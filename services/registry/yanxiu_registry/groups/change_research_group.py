"""What every change of a research group does: find it, see that it is as the caller saw it, keep the outcome."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.research_group import ArchiveResearchGroup, CorrectResearchGroup, FileResearchGroup, ResearchGroup

from yanxiu_registry.context import Registry
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.groups.facts import GroupFacts
from yanxiu_registry.groups.refusals import research_group_unknown
from yanxiu_registry.groups.research_group import RESEARCH_GROUPS
from yanxiu_registry.refusals import refused, version_conflict
from yanxiu_registry.scope import Scope, scope_of

Change = CorrectResearchGroup | FileResearchGroup | ArchiveResearchGroup
Outcome = tuple[Entry[GroupFacts], list[RefusalItem]]


def may_change(scope: Scope, group: Entry[GroupFacts]) -> bool:
    """Whether the group is the caller's to change: any of the district's, or one of his school."""
    school = group.facts[0].value.school
    return scope.whole or (school is not None and scope.sees_school(school))


async def change_research_group(
    registry: Registry,
    district: str,
    command: Change,
    deadline: Deadline,
    since: date,
    assess: Callable[[AsyncConnection, Entry[GroupFacts]], Awaitable[Outcome]],
) -> ResearchGroup | Refused:
    """The group as changed, on the first day from `since` on that shows it; refused as `assess` says.

    Besides: RESEARCH_GROUP_UNKNOWN, also for another school's and an area's to a school, and VERSION_CONFLICT.
    """
    scope = scope_of(command.caller)

    async def work(conn: AsyncConnection) -> ResearchGroup | Refused:
        before = (await RESEARCH_GROUPS.shelf.by_id(conn, district, [command.group])).get(command.group)
        if before is None or not may_change(scope, before):
            return refused(research_group_unknown("group", command.group))
        if command.expected_version not in (None, before.version):
            return refused(version_conflict(command.expected_version or 0, before.version))
        after, faults = await assess(conn, before)
        if faults:
            return refused(*faults)
        return await RESEARCH_GROUPS.keep(registry, conn, district, before, after, command.caller, since)

    return await once(registry.dbs, district, command, ResearchGroup, deadline, work, few_rows=True)
