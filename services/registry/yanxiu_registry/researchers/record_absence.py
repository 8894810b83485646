"""Enter a researcher's absence."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.researcher import RecordAbsence, Researcher

from yanxiu_registry.context import Registry
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.researchers.assess_absence import absent
from yanxiu_registry.researchers.change_researcher import Outcome, change_researcher
from yanxiu_registry.researchers.facts import ResearcherFacts


async def record_absence(
    registry: Registry, district: str, command: RecordAbsence, deadline: Deadline
) -> Researcher | Refused:
    """The researcher with the absence.

    Refused: RESEARCHER_UNKNOWN, VALUE_INVALID, DATE_OUT_OF_ORDER, ABSENCE_OVERLAPS.
    """

    async def assess(_conn: AsyncConnection, before: Entry[ResearcherFacts]) -> Outcome:
        return absent(before, command)

    return await change_researcher(registry, district, command, deadline, registry.today(), assess)
