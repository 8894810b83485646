"""Say on which day somebody's work as a researcher ends."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.researcher import EndResearcher, Researcher

from yanxiu_registry.context import Registry
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.researchers.assess_researcher import ended_researcher
from yanxiu_registry.researchers.change_researcher import Outcome, change_researcher
from yanxiu_registry.researchers.facts import ResearcherFacts


async def end_researcher(
    registry: Registry, district: str, command: EndResearcher, deadline: Deadline
) -> Researcher | Refused:
    """The researcher with the last day; refused: RESEARCHER_UNKNOWN, VERSION_CONFLICT, DATE_OUT_OF_ORDER."""

    async def assess(_conn: AsyncConnection, before: Entry[ResearcherFacts]) -> Outcome:
        return ended_researcher(before, command)

    return await change_researcher(registry, district, command, deadline, registry.today(), assess)
