"""Events over JetStream: one stream for all of them, durable consumers that survive a killed server, and a replay.

The stream is a way of telling, never the record: a consumer may see an event twice, late, or after a newer one. So a
handler notes the message id in its own transaction and keeps what has the higher version.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import api
from nats.js.errors import BadRequestError, NotFoundError

from yanxiu_wire import log, tracing
from yanxiu_wire.codec import decode
from yanxiu_wire.endpoint import PREFIX, Event
from yanxiu_wire.faults import MessageMalformed
from yanxiu_wire.rpc import Bus

STREAM = "YANXIU_EVENTS"
MESSAGE_ID = api.Header.MSG_ID.value
MAX_DELIVERIES = 5
_BATCH = 64
_FETCH_SECONDS = 5.0
_REPLAY_SILENCE = 15.0
_log = log.logger()


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it arrived: what was announced, its body, and the id it is known by for ever."""

    district: str
    event: Event[Any]
    body: Any
    message_id: str


Handle = Callable[[str, Event[Any], Any, str], Awaitable[None]]
"""`async (district, event, body, message_id)`; the event is acknowledged when it returns."""
HandleMany = Callable[[str, Sequence[Delivery]], Awaitable[None]]
"""`async (district, deliveries)`: some events of one district in order; all are acknowledged when it returns."""
DeadLetter = Callable[[str, Event[Any], bytes, str], Awaitable[None]]
"""`async (district, event, data, message_id)`: an event that was given up after five deliveries, as it was sent."""


async def ensure_stream(bus: Bus) -> api.StreamInfo:
    """The stream, created on disk when it is missing. Nothing in it is ever deleted or expires."""
    with contextlib.suppress(NotFoundError):
        return await bus.jetstream.stream_info(STREAM)
    config = api.StreamConfig(
        name=STREAM,
        subjects=[f"{PREFIX}.events.>"],
        storage=api.StorageType.FILE,
        retention=api.RetentionPolicy.LIMITS,
        discard=api.DiscardPolicy.NEW,
        duplicate_window=600,
        deny_delete=True,
        deny_purge=True,
    )
    try:
        return await bus.jetstream.add_stream(config)
    except BadRequestError:
        # Another process was faster.
        return await bus.jetstream.stream_info(STREAM)


async def consume(
    bus: Bus, *, durable: str, events: Iterable[Event[Any]], handle: Handle, dead_letter: DeadLetter | None = None
) -> Consuming:
    """Hand every event, from the first in the stream on, to `handle`, one after the other.

    `durable` names the place in the stream: processes that use the same name share the events. An event whose handler
    raises comes again, after five deliveries it goes to `dead_letter` and is given up (`replay` brings it back).
    """

    async def one_by_one(district: str, deliveries: Sequence[Delivery]) -> None:
        for found in deliveries:
            await handle(district, found.event, found.body, found.message_id)

    consuming = Consuming(bus, durable, tuple(events), one_by_one, dead_letter, together=1)
    await consuming.start()
    return consuming


async def consume_many(
    bus: Bus,
    *,
    durable: str,
    events: Iterable[Event[Any]],
    handle: HandleMany,
    dead_letter: DeadLetter | None = None,
    together: int = _BATCH,
) -> Consuming:
    """As `consume`, but up to `together` events of one district at a time, for a handler with one transaction for all.

    When the handler raises, the events come to it again one by one, so that a bad one does not hold up the others.
    """
    consuming = Consuming(bus, durable, tuple(events), handle, dead_letter, together=together)
    await consuming.start()
    return consuming


class Consuming:
    """A running consumer; it re-creates stream, consumer and subscription when the server lost or forgot them."""

    def __init__(
        self,
        bus: Bus,
        durable: str,
        events: tuple[Event[Any], ...],
        handle: HandleMany,
        dead_letter: DeadLetter | None,
        *,
        together: int,
    ) -> None:
        self._bus = bus
        self._durable = durable
        self._events = {event.subject("*"): event for event in events}
        self._handle = handle
        self._dead_letter = dead_letter
        self._together = together
        self._stopping = asyncio.Event()
        self._interrupted = asyncio.Event()
        self._progress = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._forget: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Bind to the stream and begin."""
        self._forget = self._bus.on_reconnect(self._interrupted.set)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finish the events in hand, take no more."""
        self._forget()
        self._stopping.set()
        self._interrupted.set()
        if self._task is not None:
            await self._task

    async def caught_up(self, within: float = 30.0) -> None:
        """Return when every event that the stream holds now has been handled; `TimeoutError` after `within` seconds."""
        async with asyncio.timeout(within):
            while True:
                self._progress.clear()
                with contextlib.suppress(NatsError):
                    info = await self._bus.jetstream.consumer_info(STREAM, self._durable)
                    if not info.num_pending and not info.num_ack_pending:
                        return
                # The server counts acknowledgements a moment after we sent them, and tells nobody: ask it again.
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._progress.wait(), 0.05)

    async def _run(self) -> None:
        pause = 0.05
        while not self._stopping.is_set():
            self._interrupted.clear()
            try:
                await self._read(await self._bind())
                pause = 0.05
            except (NatsError, OSError, TimeoutError) as error:
                _log.warning("consumer-interrupted", durable=self._durable, problem=str(error))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._interrupted.wait(), pause)
                pause = min(pause * 2, 2.0)

    async def _bind(self) -> Any:
        await ensure_stream(self._bus)
        config = api.ConsumerConfig(
            durable_name=self._durable,
            filter_subjects=list(self._events),
            ack_policy=api.AckPolicy.EXPLICIT,
            ack_wait=30,
            max_ack_pending=1024,
        )
        await self._bus.jetstream.add_consumer(STREAM, config)
        return await self._bus.jetstream.pull_subscribe_bind(self._durable, STREAM)

    async def _read(self, subscription: Any) -> None:
        try:
            while not self._interrupted.is_set():
                for group in self._grouped(await self._fetch(subscription)):
                    await self._take(group)
                self._progress.set()
        finally:
            with contextlib.suppress(NatsError):
                await subscription.unsubscribe()

    async def _fetch(self, subscription: Any) -> list[Msg]:
        """The next messages; none when interrupted or when there were none for a while."""
        fetching = asyncio.create_task(subscription.fetch(_BATCH, timeout=_FETCH_SECONDS))
        interrupted = asyncio.create_task(self._interrupted.wait())
        try:
            await asyncio.wait((fetching, interrupted), return_when=asyncio.FIRST_COMPLETED)
            if not fetching.done():
                return []
            return fetching.result()
        except TimeoutError:
            return []
        finally:
            for task in (fetching, interrupted):
                task.cancel()
            await asyncio.gather(fetching, interrupted, return_exceptions=True)

    def _grouped(self, messages: list[Msg]) -> Iterable[list[Msg]]:
        """Neighbours of one district together, at most `together`."""
        group: list[Msg] = []
        for message in messages:
            if group and (len(group) >= self._together or _district(group[0]) != _district(message)):
                yield group
                group = []
            group.append(message)
        if group:
            yield group

    async def _take(self, group: list[Msg]) -> None:
        if len(group) > 1:
            try:
                await self._handle(_district(group[0]), [self._delivery(message) for message in group])
            except Exception as error:  # noqa: BLE001 - one of them is bad; one by one tells which
                _log.warning("events-one-by-one", durable=self._durable, kind=type(error).__name__)
            else:
                for message in group:
                    await message.ack()
                return
        for message in group:
            await self._take_one(message)

    async def _take_one(self, message: Msg) -> None:
        with tracing.continued(message.headers):
            try:
                await self._handle(_district(message), [self._delivery(message)])
            except Exception:  # noqa: BLE001 - whatever it was, the event comes again or is put aside
                await self._failed(message)
            else:
                await message.ack()

    async def _failed(self, message: Msg) -> None:
        tries = message.metadata.num_delivered
        facts = {"durable": self._durable, "subject": message.subject, "message_id": _message_id(message)}
        if tries < MAX_DELIVERIES:
            _log.warning("event-failed", tries=tries, exc_info=True, **facts)
            await message.nak(delay=min(0.1 * 4**tries, 30))
            return
        _log.error("event-given-up", tries=tries, exc_info=True, **facts)
        if self._dead_letter is not None:
            event = self._events[_any_district(message)]
            try:
                await self._dead_letter(_district(message), event, message.data, _message_id(message))
            except Exception:  # noqa: BLE001 - it could not be put aside: it stays with the stream
                _log.exception("dead-letter-failed", **facts)
                await message.nak(delay=30)
                return
        await message.term()

    def _delivery(self, message: Msg) -> Delivery:
        event = self._events[_any_district(message)]
        return _delivery(event, message)


async def replay(bus: Bus, events: Iterable[Event[Any]], handle: Handle) -> int:
    """Hand every event that the stream holds now, from the first on, to `handle`; returns how many they were.

    What `handle` raises ends the replay and reaches the caller, and so does `MessageMalformed`. Durable consumers keep
    their place.
    """
    known = {event.subject("*"): event for event in events}
    await ensure_stream(bus)
    config = api.ConsumerConfig(
        filter_subjects=list(known),
        ack_policy=api.AckPolicy.NONE,
        inactive_threshold=60,
        mem_storage=True,
    )
    info = await bus.jetstream.add_consumer(STREAM, config)
    wanted = info.num_pending or 0
    subscription = await bus.jetstream.pull_subscribe_bind(info.name, STREAM)
    done = 0
    try:
        while done < wanted:
            for message in await subscription.fetch(min(256, wanted - done), timeout=_REPLAY_SILENCE):
                found = _delivery(known[_any_district(message)], message)
                await handle(found.district, found.event, found.body, found.message_id)
                done += 1
    finally:
        with contextlib.suppress(NatsError):
            await subscription.unsubscribe()
            await bus.jetstream.delete_consumer(STREAM, info.name)
    return done


def _delivery(event: Event[Any], message: Msg) -> Delivery:
    message_id = _message_id(message)
    if not message_id:
        raise MessageMalformed(MESSAGE_ID, "an event without its id")
    body = decode(event.body, message.data)
    return Delivery(district=_district(message), event=event, body=body, message_id=message_id)


def _message_id(message: Msg) -> str:
    return (message.headers or {}).get(MESSAGE_ID, "")


def _district(message: Msg) -> str:
    return message.subject.rpartition(".")[2]


def _any_district(message: Msg) -> str:
    return message.subject.rpartition(".")[0] + ".*"
