"""Correct a researcher's absence, or take it back."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.researcher import CorrectAbsence, Researcher

from yanxiu_registry.context import Registry
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.researchers.assess_absence import corrected_absence
from yanxiu_registry.researchers.change_researcher import Outcome, change_researcher
from yanxiu_registry.researchers.facts import ResearcherFacts


async def correct_absence(
    registry: Registry, district: str, command: CorrectAbsence, deadline: Deadline
) -> Researcher | Refused:
    """The researcher with the absence corrected or gone.

    Refused: RESEARCHER_UNKNOWN, VERSION_CONFLICT, ABSENCE_UNKNOWN, ABSENCE_OVERLAPS, FIELD_UNKNOWN, VALUE_INVALID,
    DATE_OUT_OF_ORDER.
    """

    async def assess(_conn: AsyncConnection, before: Entry[ResearcherFacts]) -> Outcome:
        return corrected_absence(before, command)

    return await change_researcher(registry, district, command, deadline, registry.today(), assess)
