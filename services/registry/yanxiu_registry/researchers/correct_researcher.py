"""Correct what a researcher guides, where, how much and with whom not, from a day on."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.researcher import CorrectResearcher, Researcher

from yanxiu_registry.context import Registry
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.researchers.assess_researcher import corrected_researcher
from yanxiu_registry.researchers.change_researcher import Outcome, change_researcher
from yanxiu_registry.researchers.facts import ResearcherFacts
from yanxiu_registry.researchers.places_named import places_named


async def correct_researcher(
    registry: Registry, district: str, command: CorrectResearcher, deadline: Deadline
) -> Researcher | Refused:
    """The researcher with the correction in force; earlier days keep what they had.

    Refused: RESEARCHER_UNKNOWN, VERSION_CONFLICT, FIELD_UNKNOWN, VALUE_INVALID, NAMED_TWICE, AREA_UNKNOWN, AREA_ENDED,
    SCHOOL_UNKNOWN, DATE_OUT_OF_ORDER.
    """

    async def assess(conn: AsyncConnection, before: Entry[ResearcherFacts]) -> Outcome:
        named = command.changes.get("areas"), command.changes.get("conflicts")
        return corrected_researcher(before, command, await places_named(conn, district, *named))

    return await change_researcher(registry, district, command, deadline, command.since, assess)
