"""Empty the local copy of the registry's facts, fill it again from the stream, and fold all notes anew."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.copy_digest import digest_of
from yanxiu_footing.refill import refill
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.visits import RebuildVisitFacts, VisitFactsRebuilt

from yanxiu_visits.refold import refold
from yanxiu_visits.service import Service
from yanxiu_visits.store.facts import COPY, count_facts


async def rebuild_facts(
    service: Service, district: str, command: RebuildVisitFacts, deadline: Deadline
) -> VisitFactsRebuilt | Refused:
    """Rebuild the copy in one transaction, or answer STREAM_EMPTY or STREAM_BEHIND; see `yanxiu_footing.refill`."""

    async def work(conn: AsyncConnection) -> VisitFactsRebuilt | Refused:
        before = await digest_of(conn, district, COPY)
        refused = await refill(service.bus, conn, district, COPY, deadline, accept_loss=command.accept_loss)
        if refused is not None:
            return refused
        refolded = await refold(conn, service.laws, district)
        after = await digest_of(conn, district, COPY)
        counts = await count_facts(conn, district)
        return VisitFactsRebuilt(refolded=refolded, before=before, after=after, **counts)

    answer = await once(service.databases, district, command, VisitFactsRebuilt, deadline, work)
    service.arrivals.announce()
    return answer
