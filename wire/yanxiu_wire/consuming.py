"""A running consumer: it re-creates stream, consumer and subscription when the server lost or forgot them."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from yanxiu_wire import log
from yanxiu_wire.consumed import EVENTS, taking
from yanxiu_wire.endpoint import Event
from yanxiu_wire.faults import MessageMalformed, WireFault
from yanxiu_wire.pull import Pull
from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import Delivery, Reader, consumer_config, district, ensure_stream, last_sequence, message_id
from yanxiu_wire.vitals import ConsumerVitals

HandleMany = Callable[[str, Sequence[Delivery]], Awaitable[None]]
"""`async (district, deliveries)`: some events of one district in order; all are acknowledged when it returns."""


class GivenUp(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was given up, as it was sent: who was to have it, how often it was tried, and what was raised."""

    district: str
    event: Event[Any]
    data: bytes
    message_id: str
    announced_at: datetime
    consumer: str
    tries: int
    problem: str


DeadLetter = Callable[[GivenUp], Awaitable[None]]
"""Keeps an event that was given up; when it raises, the event stays with the stream and comes again."""


class EventUnusable(Exception):
    """A handler's word that an event can never be applied, however often it comes; its text goes to the log."""


RETRY_AFTER = (0.2, 1.0, 5.0, 20.0, 60.0)
# It does not fit its type, or the handler says so: given up at once.
_CANNOT_SUCCEED = (MessageMalformed, EventUnusable)
# Of the moment, not of the event: it is never given up for that, and trying the others of the group one by one would
# only wait as often. A consumer may name more, such as what its database raises when it cannot be reached.
_OF_THE_MOMENT = (WireFault, NatsError, OSError, TimeoutError)
# Whatever else a handler raises, it raises so often before the event is put aside: until then it may be of the moment.
MOST_TRIES = 5
BATCH = 64
_REMEMBERED = 256
_COUNTED = 4096
_log = log.logger()


class Consuming:
    """Hands events to a handler until `stop`; see `yanxiu_wire.events.consume`."""

    def __init__(
        self,
        bus: Bus,
        durable: str,
        reader: Reader,
        handle: HandleMany,
        dead_letter: DeadLetter | None,
        *,
        together: int,
        retry_after: Sequence[float],
        of_the_moment: tuple[type[Exception], ...] = (),
    ) -> None:
        self._bus = bus
        self._durable = durable
        self._reader = reader
        self._handle = handle
        self._dead_letter = dead_letter
        self._together = together
        self._retry_after = retry_after
        self._of_the_moment = (*_OF_THE_MOMENT, *of_the_moment)
        # How often this process saw each event fail for its own sake; the server's count has the others in it.
        self._failures: dict[str, int] = {}
        self._stopping = asyncio.Event()
        self._interrupted = asyncio.Event()
        self._progress = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._forget: Callable[[], None] = lambda: None
        self._created: Any = None
        self._acknowledged: deque[str] = deque(maxlen=_REMEMBERED)

    async def start(self) -> None:
        """Begin to read."""
        self._forget = self._bus.on_reconnect(self._interrupted.set)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finish the events in hand, take no more."""
        self._forget()
        self._stopping.set()
        self._interrupted.set()
        if self._task is not None:
            await self._task

    @property
    def durable(self) -> str:
        """The name of its place in the stream."""
        return self._durable

    async def lag(self) -> ConsumerVitals | None:
        """How far it is behind the stream; None when the server cannot be asked now."""
        try:
            info = await self._bus.jetstream.consumer_info(self._reader.stream, self._durable)
        except (NatsError, OSError, TimeoutError):
            return None
        return ConsumerVitals(waiting=info.num_pending or 0, unacknowledged=info.num_ack_pending or 0)

    async def caught_up(self, within: float = 30.0) -> None:
        """Return when every event that the stream holds now has been handled; `TimeoutError` after `within` seconds."""
        wanted: int | None = None
        async with asyncio.timeout(within):
            while True:
                self._progress.clear()
                with contextlib.suppress(NatsError):
                    newest = await last_sequence(self._bus, self._reader.stream, self._reader.subjects)
                    # A stream that was made anew counts from one again.
                    wanted = newest if wanted is None else min(wanted, newest)
                    info = await self._bus.jetstream.consumer_info(self._reader.stream, self._durable)
                    if info.ack_floor is not None and info.ack_floor.stream_seq >= wanted:
                        return
                # The server counts acknowledgements a moment after we sent them, and tells nobody: ask it again.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.02):
                        await self._progress.wait()

    async def _run(self) -> None:
        pause = 0.05
        while not self._stopping.is_set():
            self._interrupted.clear()
            try:
                await self._bind()
                pause = 0.05
                await self._read()
            except (NatsError, OSError, TimeoutError) as error:
                _log.warning("consumer-interrupted", durable=self._durable, problem=str(error))
            except Exception:  # noqa: BLE001 - a consumer that ended by itself would be missed by nobody
                _log.exception("consumer-failed", durable=self._durable)
            else:
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()
            pause = min(pause * 2, 2.0)

    async def _bind(self) -> None:
        if self._bus.keeps_streams:
            await ensure_stream(self._bus, self._reader.service)
            config = consumer_config(self._durable, self._reader.subjects)
            await self._bus.jetstream.add_consumer(self._reader.stream, config)
        # Asked for apart: in the answer to an add, the birth of a consumer that was there already is this moment.
        created = (await self._bus.jetstream.consumer_info(self._reader.stream, self._durable)).created
        if created == self._created:
            # A killed server may have forgotten the last acknowledgements: say them again, or it waits for them.
            for subject in self._acknowledged:
                await self._bus.nats.publish(subject, b"+ACK")
        else:
            self._acknowledged.clear()
        self._created = created

    async def _read(self) -> None:
        pull = Pull(self._bus, self._reader.stream, self._durable, batch=BATCH)
        await pull.open()
        try:
            while not self._interrupted.is_set():
                for group in self._grouped(await pull.next(self._interrupted)):
                    await self._take(group)
                self._progress.set()
        finally:
            with contextlib.suppress(NatsError):
                await pull.close()

    def _grouped(self, messages: list[Msg]) -> Iterable[list[Msg]]:
        """Neighbours of one district together, at most `together`."""
        group: list[Msg] = []
        for message in messages:
            if group and (len(group) >= self._together or district(group[0]) != district(message)):
                yield group
                group = []
            group.append(message)
        if group:
            yield group

    async def _take(self, group: list[Msg]) -> None:
        if len(group) > 1:
            try:
                with taking(self._durable, [message.headers for message in group]):
                    await self._handle(district(group[0]), [self._reader.read(message) for message in group])
            except Exception as error:  # noqa: BLE001 - whatever it was, no event is lost by it
                if self._passes(error):
                    for message in group:
                        await self._failed(message)
                    return
                _log.warning("events-one-by-one", durable=self._durable, kind=type(error).__name__)
            else:
                for message in group:
                    await self._acknowledge(message)
                return
        for message in group:
            await self._take_one(message)

    async def _take_one(self, message: Msg) -> None:
        with taking(self._durable, [message.headers]):
            try:
                await self._handle(district(message), [self._reader.read(message)])
            except _CANNOT_SUCCEED as error:
                await self._give_up(message, error)
            except Exception as error:  # noqa: BLE001 - whatever it was, the event comes again
                if self._dead_letter is not None and not self._passes(error) and self._count(message) >= MOST_TRIES:
                    await self._give_up(message, error)
                else:
                    await self._failed(message)
            else:
                await self._acknowledge(message)

    def _passes(self, error: Exception) -> bool:
        """Whether what was raised is of the moment and not of the event."""
        return isinstance(error, self._of_the_moment) and not isinstance(error, MessageMalformed)

    def _count(self, message: Msg) -> int:
        """How often this event has failed for its own sake, this time included."""
        found = message_id(message)
        tries = self._failures.pop(found, 0) + 1
        if len(self._failures) >= _COUNTED:
            del self._failures[next(iter(self._failures))]
        self._failures[found] = tries
        return tries

    async def _acknowledge(self, message: Msg) -> None:
        EVENTS.add(self._durable, "applied")
        self._acknowledged.append(message.reply)
        await message.ack()

    async def _failed(self, message: Msg) -> None:
        """Have the event come again, later each time and for ever; called while the exception is handled."""
        EVENTS.add(self._durable, "failed")
        tries = message.metadata.num_delivered
        _log.warning("event-failed", tries=tries, exc_info=True, **self._facts(message))
        await self._again(message)

    async def _again(self, message: Msg) -> None:
        tries = message.metadata.num_delivered
        await message.nak(delay=self._retry_after[min(tries, len(self._retry_after)) - 1])

    async def _give_up(self, message: Msg, error: Exception) -> None:
        """Called while the exception is handled, so that the log has its traceback."""
        EVENTS.add(self._durable, "given_up")
        tries = self._failures.pop(message_id(message), 1)
        _log.error("event-given-up", tries=tries, exc_info=True, **self._facts(message))
        if self._dead_letter is not None:
            try:
                await self._dead_letter(self._given_up(message, tries, error))
            except Exception:  # noqa: BLE001 - it could not be put aside: it stays with the stream
                _log.exception("dead-letter-failed", **self._facts(message))
                await self._again(message)
                return
        await message.term()

    def _given_up(self, message: Msg, tries: int, error: Exception) -> GivenUp:
        return GivenUp(
            district=district(message),
            event=self._reader.event(message),
            data=message.data,
            message_id=message_id(message),
            announced_at=message.metadata.timestamp,
            consumer=self._durable,
            tries=tries,
            problem=problem_of(error),
        )

    def _facts(self, message: Msg) -> dict[str, str]:
        return {"durable": self._durable, "subject": message.subject, "message_id": message_id(message)}


def problem_of(error: BaseException) -> str:
    """What was raised, by its kind, and for a malformed message its field: never a text, which may be personal."""
    cause = error.__cause__ if isinstance(error, EventUnusable) and error.__cause__ is not None else error
    field = f" {cause.field}" if isinstance(cause, MessageMalformed) and cause.field else ""
    return f"{type(cause).__name__}{field}"
