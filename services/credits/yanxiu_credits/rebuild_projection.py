"""Empty the local copy of the registry's facts and fill it again from the stream; make the balances anew."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.copy_digest import digest_of
from yanxiu_footing.refill import refill
from yanxiu_wire.credits import ProjectionRebuilt, RebuildProjection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.service import Service
from yanxiu_credits.standings.known import remember
from yanxiu_credits.store.balances import remake_balances
from yanxiu_credits.store.facts import COPY, count_facts


async def rebuild_projection(
    service: Service, district: str, command: RebuildProjection, deadline: Deadline
) -> ProjectionRebuilt | Refused:
    """Rebuild the copy in one transaction, or answer STREAM_EMPTY or STREAM_BEHIND; see `yanxiu_footing.refill`.

    The balances kept beside the ledger are made of it anew in the same transaction.
    """

    async def work(conn: AsyncConnection) -> ProjectionRebuilt | Refused:
        before = await digest_of(conn, district, COPY)
        refused = await refill(service.bus, conn, district, COPY, deadline, remember, accept_loss=command.accept_loss)
        if refused is not None:
            return refused
        schools, teachers, terms = await count_facts(conn, district)
        after = await digest_of(conn, district, COPY)
        mended = await remake_balances(conn, district)
        return ProjectionRebuilt(
            schools=schools, teachers=teachers, terms=terms, before=before, after=after, balances_mended=mended
        )

    answer = await once(service.databases, district, command, ProjectionRebuilt, deadline, work)
    service.arrivals.announce()
    return answer
