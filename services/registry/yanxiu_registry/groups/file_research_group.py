"""File a research group as it stands with the district: a notice, nobody approves it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.research_group import FileResearchGroup, ResearchGroup

from yanxiu_registry.context import Registry
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.groups.assess_research_group import filed_group
from yanxiu_registry.groups.change_research_group import Outcome, change_research_group
from yanxiu_registry.groups.facts import GroupFacts


async def file_research_group(
    registry: Registry, district: str, command: FileResearchGroup, deadline: Deadline
) -> ResearchGroup | Refused:
    """The group, filed; where it was as it stands, the day is corrected.

    Refused: RESEARCH_GROUP_UNKNOWN, VERSION_CONFLICT, DATE_OUT_OF_ORDER for a day to come.
    """

    async def assess(_conn: AsyncConnection, before: Entry[GroupFacts]) -> Outcome:
        return filed_group(before, command, registry.today())

    return await change_research_group(registry, district, command, deadline, command.filed_on, assess)
