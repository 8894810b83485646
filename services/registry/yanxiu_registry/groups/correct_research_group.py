"""Correct a research group from a day on; what is changed is to be filed anew."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.research_group import CorrectResearchGroup, ResearchGroup

from yanxiu_registry.context import Registry
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.groups.assess_research_group import corrected_group
from yanxiu_registry.groups.change_research_group import Outcome, change_research_group
from yanxiu_registry.groups.facts import GroupFacts
from yanxiu_registry.groups.people_named import people_named
from yanxiu_registry.scope import scope_of


async def correct_research_group(
    registry: Registry, district: str, command: CorrectResearchGroup, deadline: Deadline
) -> ResearchGroup | Refused:
    """The group with the correction in force; earlier days keep what they had.

    Refused: RESEARCH_GROUP_UNKNOWN, VERSION_CONFLICT, FIELD_UNKNOWN, VALUE_INVALID, NAMED_TWICE, TEACHER_UNKNOWN,
    MEMBER_ELSEWHERE, DATE_OUT_OF_ORDER.
    """

    async def assess(conn: AsyncConnection, before: Entry[GroupFacts]) -> Outcome:
        members = command.changes.get("members")
        named = [command.changes.get("leader"), *(members if isinstance(members, list | tuple) else ())]
        people = await people_named(conn, district, named, scope_of(command.caller))
        return corrected_group(before, command, people)

    return await change_research_group(registry, district, command, deadline, command.since, assess)
