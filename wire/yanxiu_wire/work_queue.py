"""The work-queue stream: it wakes whoever is free for a part of a job, and nothing more.

What is to be done, and whether it was done, stands in the database of the service; a message only names the part. So a
message may come twice, late, or be lost with its stream: the service sends it again from its tables.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import api
from nats.js.errors import BadRequestError, NotFoundError

from yanxiu_wire import log
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.ending import end
from yanxiu_wire.endpoint import PREFIX
from yanxiu_wire.faults import MessageMalformed, ServiceUnavailable
from yanxiu_wire.pull import Pull
from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import MESSAGE_ID

STREAM = "YANXIU_JOBS"
# The services that have jobs.
WORKING = ("credits",)
# Under this name a process is known that does parts of jobs and nothing else.
JOBS = "jobs"
ACK_WAIT = 15.0
RETRY_AFTER = (0.2, 1.0, 5.0, 20.0)
# A part in hand when the process is told to end may finish within this time; then it is given back.
GRACE = 20.0
_log = log.logger()


class Wake(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of which job wants somebody."""

    job: str
    part: int


Handle = Callable[[str, Wake], Awaitable[bool]]
"""`async (district, wake)`: True when the part needs nobody any more, False when it is to come again later."""


def subject(service: str, kind: str, district: str) -> str:
    """Where parts of a kind wait: `yanxiu.v1.jobs.<service>.<kind>.<district>`."""
    return f"{PREFIX}.jobs.{service}.{kind}.{district}"


@contextlib.contextmanager
def _reached() -> Iterator[None]:
    """Say what a service understands when the server cannot be reached; an answer of "not found" passes."""
    try:
        yield
    except NotFoundError:
        raise
    except (NatsError, TimeoutError) as error:
        raise ServiceUnavailable("nats") from error


async def open_work_stream(bus: Bus) -> None:
    """Create the stream when it is missing; raises `ServiceUnavailable`."""
    with _reached():
        try:
            await _ensure_stream(bus)
        except NotFoundError as error:
            # Of the keeper of streams, who comes by again.
            raise ServiceUnavailable("nats") from error


def work_stream_config() -> api.StreamConfig:
    """The stream on disk; a message leaves it when it is acknowledged."""
    return api.StreamConfig(
        name=STREAM,
        subjects=[f"{PREFIX}.jobs.>"],
        storage=api.StorageType.FILE,
        retention=api.RetentionPolicy.WORK_QUEUE,
        discard=api.DiscardPolicy.NEW,
        duplicate_window=600,
    )


def workers_name(service: str) -> str:
    """The name of the place in the stream that the service's processes share."""
    return f"{service}-jobs"


def workers_config(service: str, ack_wait: float = ACK_WAIT) -> api.ConsumerConfig:
    """That place; a part of which nothing is heard for `ack_wait` seconds goes to another process."""
    return api.ConsumerConfig(
        durable_name=workers_name(service),
        filter_subject=subject(service, "*", "*"),
        ack_policy=api.AckPolicy.EXPLICIT,
        ack_wait=ack_wait,
        # How often a part was tried is counted in the service's table, where it outlives the stream.
        max_deliver=-1,
    )


async def _ensure_stream(bus: Bus) -> api.StreamInfo:
    """The stream; where this process may not create it, the keeper of streams does."""
    try:
        return await bus.jetstream.stream_info(STREAM)
    except NotFoundError:
        if not bus.keeps_streams:
            raise
    try:
        return await bus.jetstream.add_stream(work_stream_config())
    except BadRequestError:
        # Another process was faster.
        return await bus.jetstream.stream_info(STREAM)


async def send_wake(bus: Bus, to: str, wake: Wake, message_id: str) -> int:
    """Put a message on the stream; returns its sequence number there. The same id within ten minutes is one message.

    Raises `ServiceUnavailable` when the stream cannot be reached.
    """
    with _reached():
        ack = await bus.jetstream.publish(to, encode(wake), stream=STREAM, headers={MESSAGE_ID: message_id})
    return ack.seq


async def is_waiting(bus: Bus, seq: int, message_id: str) -> bool:
    """Whether that message is still in the stream: not acknowledged, not lost. Raises `ServiceUnavailable`."""
    try:
        with _reached():
            found = await bus.jetstream.get_msg(STREAM, seq)
    except NotFoundError:
        return False
    return (found.headers or {}).get(MESSAGE_ID) == message_id


class Workers:
    """Takes messages of one service, a few at a time, until `stop`; processes of the service share them.

    While a part is in hand the server is told so every third of `ack_wait` seconds; of a process that was killed it
    hears nothing, and gives the part to another after `ack_wait`.
    """

    def __init__(
        self,
        bus: Bus,
        service: str,
        handle: Handle,
        *,
        slots: int,
        ack_wait: float = ACK_WAIT,
        retry_after: Sequence[float] = RETRY_AFTER,
    ) -> None:
        self._bus = bus
        self._service = service
        self._handle = handle
        self._slots = slots
        self._ack_wait = ack_wait
        self._retry_after = retry_after
        self._stopping = asyncio.Event()
        self._interrupted = [asyncio.Event() for _ in range(slots)]
        self._tasks: list[asyncio.Task[None]] = []
        self._forget: Callable[[], None] = lambda: None

    @property
    def durable(self) -> str:
        """The name of the place in the stream that the service's processes share."""
        return workers_name(self._service)

    async def start(self) -> None:
        """Begin to take parts."""
        self._forget = self._bus.on_reconnect(self._interrupt)
        self._tasks = [asyncio.create_task(self._run(one)) for one in self._interrupted]

    async def stop(self, within: float = GRACE) -> None:
        """Take no more; finish what is in hand, or give it back when it takes longer than `within` seconds."""
        self._forget()
        self._stopping.set()
        self._interrupt()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=within)
        await end(*late)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _interrupt(self) -> None:
        for one in self._interrupted:
            one.set()

    async def _run(self, interrupted: asyncio.Event) -> None:
        pause = 0.05
        while not self._stopping.is_set():
            interrupted.clear()
            try:
                await self._bind()
                pause = 0.05
                await self._read(interrupted)
            except (NatsError, OSError, TimeoutError) as error:
                _log.warning("workers-interrupted", durable=self.durable, problem=str(error))
            except Exception:  # noqa: BLE001 - a worker that ended by itself would be missed by nobody
                _log.exception("workers-failed", durable=self.durable)
            else:
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()
            pause = min(pause * 2, 2.0)

    async def _bind(self) -> None:
        if self._bus.keeps_streams:
            await _ensure_stream(self._bus)
            await self._bus.jetstream.add_consumer(STREAM, workers_config(self._service, self._ack_wait))
        # Who made it says how long the server waits for a word.
        found = await self._bus.jetstream.consumer_info(STREAM, self.durable)
        self._ack_wait = found.config.ack_wait or self._ack_wait

    async def _read(self, interrupted: asyncio.Event) -> None:
        pull = Pull(self._bus, STREAM, self.durable, batch=1)
        await pull.open()
        try:
            while not interrupted.is_set():
                for message in await self._next(pull, interrupted):
                    await self._take(message)
        finally:
            with contextlib.suppress(NatsError):
                await pull.close()

    async def _next(self, pull: Pull, interrupted: asyncio.Event) -> list[Msg]:
        """The next message, or none when interrupted; one that came in the last moment is given back."""
        messages = await pull.next(interrupted)
        if not self._stopping.is_set():
            return messages
        for message in messages:
            await message.nak()
        return []

    async def _take(self, message: Msg) -> None:
        """Hand a message over; whatever comes of it, the server is told."""
        done = False
        try:
            wake = decode(Wake, message.data)
            async with self._said_to_be_at_work(message):
                done = await self._handle(message.subject.rpartition(".")[2], wake)
        except MessageMalformed:
            _log.exception("job-message-malformed", subject=message.subject)
            done = True
        except Exception:  # noqa: BLE001 - whatever it was, the part comes again
            _log.exception("job-part-not-handled", subject=message.subject)
        finally:
            await (message.ack() if done else message.nak(delay=self._pause(message)))

    def _pause(self, message: Msg) -> float:
        tries = message.metadata.num_delivered
        return self._retry_after[min(tries, len(self._retry_after)) - 1]

    @contextlib.asynccontextmanager
    async def _said_to_be_at_work(self, message: Msg) -> AsyncIterator[None]:
        async def say() -> None:
            while True:
                await asyncio.sleep(self._ack_wait / 3)
                with contextlib.suppress(NatsError):
                    await message.in_progress()

        saying = asyncio.create_task(say())
        try:
            yield
        finally:
            saying.cancel()
            await asyncio.gather(saying, return_exceptions=True)
