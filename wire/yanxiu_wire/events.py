"""Events over JetStream: a stream for each service, durable consumers that survive a killed server, and a replay.

The stream is a way of telling, never the record: a consumer may see an event twice, late, or after a newer one. So a
handler notes the message id in its own transaction and keeps what has the higher version.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Any

from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from yanxiu_wire import log
from yanxiu_wire.consuming import BATCH, RETRY_AFTER, Consuming, DeadLetter, EventUnusable, GivenUp, HandleMany
from yanxiu_wire.endpoint import Event
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.followed import places
from yanxiu_wire.replaying import every_message
from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import MESSAGE_ID, Delivery, Reader, ensure_stream, stream_of

__all__ = [
    "MESSAGE_ID",
    "Consuming",
    "DeadLetter",
    "Delivery",
    "EventUnusable",
    "GivenUp",
    "Handle",
    "HandleMany",
    "Take",
    "consume",
    "consume_many",
    "ensure_stream",
    "open_streams",
    "replay",
    "replay_deliveries",
    "stream_of",
]

Handle = Callable[[str, Event[Any], Any, str], Awaitable[None]]
"""`async (district, event, body, message_id)`; the event is acknowledged when it returns."""
Take = Callable[[Delivery], Awaitable[None]]
"""`async (delivery)`, for who also wants to know since when the stream has it."""
_log = log.logger()


async def open_streams(bus: Bus, service: str) -> None:
    """Create the streams of a service and of those it follows, where this process may; else say which are missing."""
    for of in (service, *(place.of for place in places(service))):
        try:
            await ensure_stream(bus, of)
        except NotFoundError:
            if of == service:
                # What it announces waits in its outbox meanwhile.
                _log.warning("stream-missing", stream=stream_of(of), remedy="yanxiu nats streams")


async def consume(
    bus: Bus,
    *,
    durable: str,
    events: Iterable[Event[Any]],
    handle: Handle,
    dead_letter: DeadLetter | None = None,
    retry_after: Sequence[float] = RETRY_AFTER,
) -> Consuming:
    """Hand every event, from the first in the stream on, to `handle`, one after the other.

    `durable` names the place in the stream: processes that use the same name share the events. An event whose handler
    raises comes again after each of `retry_after` (seconds), and for ever after the last of them: a locked database or
    a full disk loses nothing. Where there is a `dead_letter`, an event goes there that can never succeed: at once when
    it does not fit its type or the handler says `EventUnusable`, after MOST_TRIES when the handler raised what is not
    of the moment. All events are of one service.
    """

    async def one_by_one(district: str, deliveries: Sequence[Delivery]) -> None:
        for found in deliveries:
            await handle(district, found.event, found.body, found.message_id)

    return await consume_many(
        bus,
        durable=durable,
        events=events,
        handle=one_by_one,
        dead_letter=dead_letter,
        retry_after=retry_after,
        together=1,
    )


async def consume_many(
    bus: Bus,
    *,
    durable: str,
    events: Iterable[Event[Any]],
    handle: HandleMany,
    dead_letter: DeadLetter | None = None,
    retry_after: Sequence[float] = RETRY_AFTER,
    together: int = BATCH,
    of_the_moment: tuple[type[Exception], ...] = (),
) -> Consuming:
    """As `consume`, but up to `together` events of one district at a time, for a handler with one transaction for all.

    When the handler raises, the events come to it again one by one, so that a bad one does not hold up the others.
    `of_the_moment` are more exceptions for which no event is ever given up.
    """
    consuming = Consuming(
        bus,
        durable,
        Reader(events),
        handle,
        dead_letter,
        together=together,
        retry_after=retry_after,
        of_the_moment=of_the_moment,
    )
    await consuming.start()
    return consuming


async def replay(bus: Bus, events: Iterable[Event[Any]], handle: Handle, *, district: str = "*") -> int:
    """As `replay_deliveries`, for a handler that takes `(district, event, body, message_id)`."""

    async def take(found: Delivery) -> None:
        await handle(found.district, found.event, found.body, found.message_id)

    return await replay_deliveries(bus, events, take, district=district)


async def replay_deliveries(
    bus: Bus, events: Iterable[Event[Any]], handle: Take, *, district: str = "*", without: Collection[str] = ()
) -> int:
    """Hand every event that the stream holds now, from the first on, to `handle`; returns how many they were.

    `district` narrows them to one district's, so that another's malformed one is none of its business; those `without`
    are passed over unread, by message id. What `handle`
    raises ends the replay and reaches the caller, and so does `MessageMalformed`; `ServiceUnavailable` when the stream
    cannot be read. Durable consumers keep their place.
    """
    wanted, done = tuple(events), 0
    try:
        for service in dict.fromkeys(event.service for event in wanted):
            reader = Reader((event for event in wanted if event.service == service), district)
            async for message in every_message(bus, service, district):
                headers = message.headers or {}
                if reader.knows(headers["Nats-Subject"]) and headers.get(MESSAGE_ID) not in without:
                    await handle(reader.read_direct(message))
                    done += 1
    except NatsError as error:
        raise ServiceUnavailable("nats") from error
    return done
