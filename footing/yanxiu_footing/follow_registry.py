"""Follow what others announce, the registry above all: keep a service's copy of facts as new as their streams."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.databases import Databases
from yanxiu_durable.errors import DatabaseBusy
from yanxiu_durable.tables import CONSUMED
from yanxiu_wire import log, registry
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.events import Consuming, Delivery, EventUnusable, GivenUp, consume_many
from yanxiu_wire.followed import durable_name
from yanxiu_wire.rpc import Bus
from yanxiu_wire.vitals import ConsumerVitals

from yanxiu_footing.arrivals import Arrivals
from yanxiu_footing.clock import Clock, to_us
from yanxiu_footing.copying import Copy
from yanxiu_footing.laws import Laws
from yanxiu_footing.letters.letter_store import keep
from yanxiu_footing.registry_facts import read_district

_SECONDS = 30.0
# What the same event gives every time: nothing that waits for a lock, a disk or the network is among them.
_FOR_GOOD = (TypeError, ValueError, OverflowError, IntegrityError, DataError)
_OF_THE_MOMENT = (OperationalError, InterfaceError, InternalError, DatabaseBusy)
_log = log.logger()

Remember = Callable[[AsyncConnection, str, Sequence[Delivery]], Awaitable[None]]
"""What a service does with the announcements that are new to it, in the same transaction and before they apply."""


class Follower(Protocol):
    """What following needs of a running service."""

    @property
    def bus(self) -> Bus:
        """Return where events come from."""
        ...

    @property
    def databases(self) -> Databases:
        """Return where the copy is."""
        ...

    @property
    def laws(self) -> Laws:
        """Return the rule packs, to name one that a district is bound to and that cannot be used."""
        ...

    @property
    def clock(self) -> Clock:
        """Return the service's clock."""
        ...

    @property
    def arrivals(self) -> Arrivals:
        """Return who waits for a fact."""
        ...


async def remember_nothing(_conn: AsyncConnection, _district: str, _news: Sequence[Delivery]) -> None:
    """Keep no history: for a service that asks for the facts as they are known now."""


class Following:
    """The running consumers of one service, one for each service that it follows."""

    def __init__(self, consumers: Sequence[Consuming]) -> None:
        self._consumers = consumers

    async def lags(self) -> Mapping[str, ConsumerVitals]:
        """How far each is behind its stream; those that cannot be asked now are left out."""
        found = {one.durable: await one.lag() for one in self._consumers}
        return {name: lag for name, lag in found.items() if lag is not None}

    async def stop(self) -> None:
        """Finish the events in hand, take no more."""
        await asyncio.gather(*(one.stop() for one in self._consumers))

    async def caught_up(self, within: float = 30.0) -> None:
        """Return when every event that the streams hold now has been handled; `TimeoutError` after `within` seconds."""
        await asyncio.gather(*(one.caught_up(within) for one in self._consumers))


async def follow(service: Follower, copy: Copy, *, follower: str, remember: Remember = remember_nothing) -> Following:
    """Begin to follow; a district that is announced gets its database. Processes of one service share the work.

    What can never be applied, or was tried five times in vain for no reason of the moment, becomes a dead letter.
    """

    async def take(district: str, deliveries: Sequence[Delivery]) -> None:
        await service.databases.ensure(district)
        async with service.databases.write(district, Deadline.after(_SECONDS)) as conn:
            news = await _new(service, conn, district, deliveries)
            try:
                await remember(conn, district, news)
                await copy.apply(conn, district, [one.body for one in news])
            except _FOR_GOOD as error:
                raise EventUnusable(type(error).__name__) from error
            bound = await read_district(conn, district)
        service.arrivals.announce()
        if any(one.event is registry.DISTRICT_CHANGED for one in news):
            unusable = service.laws.why_unusable(bound)
            if unusable is not None:
                _log.error("law-unusable", district=district, reason=unusable)

    async def put_aside(letter: GivenUp) -> None:
        await service.databases.ensure(letter.district)
        async with service.databases.write(letter.district, Deadline.after(_SECONDS)) as conn:
            await keep(conn, letter, to_us(service.clock.now()))

    return Following(
        [
            await consume_many(
                service.bus,
                durable=durable_name(follower, of),
                events=[event for event in copy.events if event.service == of],
                handle=take,
                dead_letter=put_aside,
                of_the_moment=_OF_THE_MOMENT,
            )
            for of in dict.fromkeys(event.service for event in copy.events)
        ]
    )


async def _new(
    service: Follower, conn: AsyncConnection, district: str, deliveries: Sequence[Delivery]
) -> list[Delivery]:
    """Return the deliveries that were not applied before, and note them in the same transaction."""
    asked = {one.message_id: one for one in deliveries}
    found = await conn.execute(
        sa.select(CONSUMED.c.message_id).where(CONSUMED.c.district == district, CONSUMED.c.message_id.in_(asked))
    )
    known = set(found.scalars())
    news = [one for message_id, one in asked.items() if message_id not in known]
    if news:
        now = to_us(service.clock.now()) // 1000
        rows = [{"district": district, "message_id": one.message_id, "applied_ms": now} for one in news]
        await conn.execute(sa.insert(CONSUMED), rows)
    return news
