"""Put the filing of a research group away in the district's archive."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.research_group import ArchiveResearchGroup, ResearchGroup

from yanxiu_registry.context import Registry
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.groups.assess_research_group import archived_group
from yanxiu_registry.groups.change_research_group import Outcome, change_research_group
from yanxiu_registry.groups.facts import GroupFacts


async def archive_research_group(
    registry: Registry, district: str, command: ArchiveResearchGroup, deadline: Deadline
) -> ResearchGroup | Refused:
    """The group, its filing archived.

    Refused: RESEARCH_GROUP_UNKNOWN, VERSION_CONFLICT, GROUP_NOT_FILED, DATE_OUT_OF_ORDER.
    """

    async def assess(_conn: AsyncConnection, before: Entry[GroupFacts]) -> Outcome:
        return archived_group(before, command, registry.today())

    return await change_research_group(registry, district, command, deadline, command.archived_on, assess)
