"""Follow what the registry announces: keep the local copy of its facts as new as the stream."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire import log, registry
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.events import Consuming, Delivery, consume_many

from yanxiu_credits.clock import to_us
from yanxiu_credits.service import Service
from yanxiu_credits.store.facts import apply_facts, read_district
from yanxiu_credits.tables import consumed

DURABLE = "credits-registry"
_SECONDS = 30.0
_log = log.logger()


async def follow_registry(service: Service) -> Consuming:
    """Begin to follow; a district that is announced gets its database. Processes of this service share the work."""

    async def take(district: str, deliveries: Sequence[Delivery]) -> None:
        await service.databases.ensure(district)
        async with service.databases.write(district, Deadline.after(_SECONDS)) as conn:
            news = await _new(service, conn, district, deliveries)
            await apply_facts(conn, district, [one.body for one in news])
            bound = await read_district(conn, district)
        service.arrivals.announce()
        if any(one.event is registry.DISTRICT_CHANGED for one in news):
            closed = service.laws.why_closed(district, bound)
            if closed is not None:
                _log.error("district-closed", district=district, reason=closed)

    return await consume_many(service.bus, durable=DURABLE, events=registry.EVENTS, handle=take)


async def _new(
    service: Service, conn: AsyncConnection, district: str, deliveries: Sequence[Delivery]
) -> list[Delivery]:
    """Return the deliveries that were not applied before, and note them in the same transaction."""
    asked = {one.message_id: one for one in deliveries}
    found = await conn.execute(
        sa.select(consumed.c.message_id).where(consumed.c.district == district, consumed.c.message_id.in_(asked))
    )
    known = set(found.scalars())
    news = [one for message_id, one in asked.items() if message_id not in known]
    if news:
        now = to_us(service.clock.now()) // 1000
        rows = [{"district": district, "message_id": one.message_id, "applied_ms": now} for one in news]
        await conn.execute(sa.insert(consumed), rows)
    return news
