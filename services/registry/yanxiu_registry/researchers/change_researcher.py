"""What every change of a researcher on file does: find him, see that he is as the caller saw him, keep the outcome."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.researcher import CorrectAbsence, CorrectResearcher, EndResearcher, RecordAbsence, Researcher

from yanxiu_registry.context import Registry
from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.refusals import refused, version_conflict
from yanxiu_registry.researchers.facts import ResearcherFacts
from yanxiu_registry.researchers.refusals import researcher_unknown
from yanxiu_registry.researchers.researcher import RESEARCHERS

Change = CorrectResearcher | EndResearcher | RecordAbsence | CorrectAbsence
Outcome = tuple[Entry[ResearcherFacts], list[RefusalItem]]


async def change_researcher(
    registry: Registry,
    district: str,
    command: Change,
    deadline: Deadline,
    since: date,
    assess: Callable[[AsyncConnection, Entry[ResearcherFacts]], Awaitable[Outcome]],
) -> Researcher | Refused:
    """The researcher as changed, on the first day from `since` on that shows it; refused as `assess` says.

    Besides: RESEARCHER_UNKNOWN, and VERSION_CONFLICT where the command says which version it saw.
    """

    async def work(conn: AsyncConnection) -> Researcher | Refused:
        before = (await RESEARCHERS.shelf.by_id(conn, district, [command.researcher])).get(command.researcher)
        if before is None:
            return refused(researcher_unknown("researcher", command.researcher))
        expected = None if isinstance(command, RecordAbsence) else command.expected_version
        if expected not in (None, before.version):
            return refused(version_conflict(expected or 0, before.version))
        after, faults = await assess(conn, before)
        if faults:
            return refused(*faults)
        return await RESEARCHERS.keep(registry, conn, district, before, after, command.caller, since)

    return await once(registry.dbs, district, command, Researcher, deadline, work, few_rows=True)
