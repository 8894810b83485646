"""Follow what the registry announces: keep the local copy of its facts as new as the stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire import calendar_year, log, registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Event
from yanxiu_wire.events import Consuming, Delivery, EventUnusable, consume_many

from yanxiu_credits.clock import to_us
from yanxiu_credits.service import Service
from yanxiu_credits.standings.known import remember
from yanxiu_credits.store.facts import apply_facts, read_district
from yanxiu_credits.tables import consumed, dead_letter

DURABLE = "credits-registry"
FOLLOWED: tuple[Event[Any], ...] = (
    registry.DISTRICT_CHANGED,
    registry.SCHOOL_CHANGED,
    wire_teacher.TEACHER_CHANGED,
    wire_term.TERM_CHANGED,
    calendar_year.CALENDAR_CHANGED,
)
_SECONDS = 30.0
# What the same event gives every time: nothing that waits for a lock, a disk or the network is among them.
_FOR_GOOD = (TypeError, ValueError, OverflowError, IntegrityError, DataError)
_log = log.logger()


async def follow_registry(service: Service) -> Consuming:
    """Begin to follow; a district that is announced gets its database. Processes of this service share the work.

    An announcement that can never be applied is kept in `dead_letter`; every other one is tried until it is.
    """

    async def take(district: str, deliveries: Sequence[Delivery]) -> None:
        await service.databases.ensure(district)
        async with service.databases.write(district, Deadline.after(_SECONDS)) as conn:
            news = await _new(service, conn, district, deliveries)
            try:
                await remember(conn, district, news)
                await apply_facts(conn, district, [one.body for one in news])
            except _FOR_GOOD as error:
                raise EventUnusable(type(error).__name__) from error
            bound = await read_district(conn, district)
        service.arrivals.announce()
        if any(one.event is registry.DISTRICT_CHANGED for one in news):
            unusable = service.laws.why_unusable(bound)
            if unusable is not None:
                _log.error("law-unusable", district=district, reason=unusable)

    async def put_aside(district: str, event: Event[Any], data: bytes, message_id: str) -> None:
        await service.databases.ensure(district)
        async with service.databases.write(district, Deadline.after(_SECONDS)) as conn:
            insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
            given_up = to_us(service.clock.now())
            row = {"district": district, "message_id": message_id, "event": event.name, "body": data}
            await conn.execute(insert(dead_letter).values(given_up_us=given_up, **row).on_conflict_do_nothing())

    return await consume_many(service.bus, durable=DURABLE, events=FOLLOWED, handle=take, dead_letter=put_aside)


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
