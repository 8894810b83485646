"""Events over JetStream: one stream for all of them, durable consumers that survive a killed server, and a replay.

The stream is a way of telling, never the record: a consumer may see an event twice, late, or after a newer one. So a
handler notes the message id in its own transaction and keeps what has the higher version.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from nats.errors import Error as NatsError
from nats.js import api

from yanxiu_wire.consuming import BATCH, RETRY_AFTER, Consuming, DeadLetter, EventUnusable, HandleMany
from yanxiu_wire.endpoint import Event
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import MESSAGE_ID, STREAM, Delivery, Reader, ensure_stream

__all__ = [
    "MESSAGE_ID",
    "STREAM",
    "Consuming",
    "DeadLetter",
    "Delivery",
    "EventUnusable",
    "Handle",
    "HandleMany",
    "Take",
    "consume",
    "consume_many",
    "ensure_stream",
    "replay",
    "replay_deliveries",
]

Handle = Callable[[str, Event[Any], Any, str], Awaitable[None]]
"""`async (district, event, body, message_id)`; the event is acknowledged when it returns."""
Take = Callable[[Delivery], Awaitable[None]]
"""`async (delivery)`, for who also wants to know since when the stream has it."""
_SILENCE = 15.0


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
    a full disk loses nothing. Only what can never succeed is given up, at once, and goes to `dead_letter`: an event
    that does not fit its type, or of which the handler says `EventUnusable`. `replay` reads it again.
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
) -> Consuming:
    """As `consume`, but up to `together` events of one district at a time, for a handler with one transaction for all.

    When the handler raises, the events come to it again one by one, so that a bad one does not hold up the others.
    """
    reader = Reader(events)
    consuming = Consuming(bus, durable, reader, handle, dead_letter, together=together, retry_after=retry_after)
    await consuming.start()
    return consuming


async def replay(bus: Bus, events: Iterable[Event[Any]], handle: Handle, *, district: str = "*") -> int:
    """As `replay_deliveries`, for a handler that takes `(district, event, body, message_id)`."""

    async def take(found: Delivery) -> None:
        await handle(found.district, found.event, found.body, found.message_id)

    return await replay_deliveries(bus, events, take, district=district)


async def replay_deliveries(bus: Bus, events: Iterable[Event[Any]], handle: Take, *, district: str = "*") -> int:
    """Hand every event that the stream holds now, from the first on, to `handle`; returns how many they were.

    `district` narrows them to one district's, so that another's malformed one is none of its business. What `handle`
    raises ends the replay and reaches the caller, and so does `MessageMalformed`; `ServiceUnavailable` when the stream
    cannot be read. Durable consumers keep their place.
    """
    reader = Reader(events, district)
    try:
        await ensure_stream(bus)
        config = api.ConsumerConfig(
            filter_subjects=reader.subjects,
            ack_policy=api.AckPolicy.NONE,
            inactive_threshold=60,
            mem_storage=True,
        )
        info = await bus.jetstream.add_consumer(STREAM, config)
        return await _read_all(bus, reader, info, handle)
    except NatsError as error:
        raise ServiceUnavailable("nats") from error


async def _read_all(bus: Bus, reader: Reader, info: api.ConsumerInfo, handle: Take) -> int:
    wanted, done = info.num_pending or 0, 0
    subscription = await bus.jetstream.pull_subscribe_bind(info.name, STREAM)
    try:
        while done < wanted:
            for message in await subscription.fetch(min(256, wanted - done), timeout=_SILENCE):
                await handle(reader.read(message))
                done += 1
    finally:
        with contextlib.suppress(NatsError):
            await subscription.unsubscribe()
            await bus.jetstream.delete_consumer(STREAM, info.name)
    return done
