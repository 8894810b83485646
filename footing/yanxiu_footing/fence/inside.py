"""Inside a cell: one district's requests are answered, each as a task; a pack that raises fails its request alone."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import resource
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
import uvloop
from msgspec.structs import replace
from opentelemetry.trace import SpanKind
from yanxiu_wire import heap, log, metrics, tracing
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.fault_ids import fault_id_of
from yanxiu_wire.faults import RemoteFault, RulePackFailed, WireFault
from yanxiu_wire.known import HELD, told_of
from yanxiu_wire.observing import ObservingSettings
from yanxiu_wire.spans import exporting

from yanxiu_footing.fence.blame import pack_to_blame, problem_of
from yanxiu_footing.fence.frames import (
    Ask,
    Drain,
    Order,
    Ping,
    Pong,
    Reply,
    Tell,
    ToCell,
    Told,
    Using,
    framed,
    read_frame,
)
from yanxiu_footing.fence.lazy_packs import LazyPacks
from yanxiu_footing.pack_store import PackStore

# What was counted is told so long after the first answer since the last time.
_TELL_SECONDS = 0.25
_log = log.logger()

Answer = Callable[[bytes, Deadline], Awaitable[bytes]]
"""`async (message, deadline) -> message`, both encoded as on the wire."""
Tells = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What a service does in a cell: an answer for each verb, and what to do with a word from the main process.

    `busy` says whether something is at work that nobody waits for at the moment.
    """

    answers: Mapping[str, Answer]
    hear: Callable[[str], None] = lambda _what: None
    busy: Callable[[], bool] = lambda: False


Open = Callable[[LazyPacks, Tells], AbstractAsyncContextManager[Inside]]
"""Opens the district's data and gives what answers; its end closes all of it."""


class _Threads(ThreadPoolExecutor):
    """The loop's threads, which know how long the oldest computation has been running."""

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="cell")
        self._began: dict[int, float] = {}
        self._numbers = itertools.count()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        number = next(self._numbers)

        def timed() -> Any:
            self._began[number] = time.monotonic()
            try:
                return fn(*args, **kwargs)
            except BaseException as error:
                if isinstance(error, Exception) and not isinstance(error, StopIteration):
                    raise
                # A future does not carry these as errors: it would end the loop, or seem cancelled, or never be done.
                raise RuntimeError(f"{type(error).__name__} in a thread") from error
            finally:
                del self._began[number]

        return super().submit(timed)

    def oldest(self) -> float:
        """Seconds since the oldest running call began, 0 when none runs."""
        began = min(tuple(self._began.values()), default=None)
        return 0.0 if began is None else time.monotonic() - began


class Cell:
    """One district's process at work."""

    def __init__(self, service: str, order: Order, open_service: Open) -> None:
        self._service = service
        self._district = order.district
        self._open = open_service
        self._packs = LazyPacks(self._using, order.shunned, PackStore(order.settings.get("pack_store")))
        self._threads = _Threads()
        self._tasks: set[asyncio.Task[None]] = set()
        self._opened: asyncio.Future[Inside] = asyncio.get_running_loop().create_future()
        self._draining = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._telling: asyncio.TimerHandle | None = None

    async def run(self, its: socket.socket) -> None:
        """Answer until told to drain; when the main process is gone, so is the cell."""
        asyncio.get_running_loop().set_default_executor(self._threads)
        reader, self._writer = await asyncio.open_unix_connection(sock=its, limit=1 << 20)
        hearing = asyncio.create_task(self._hear(reader))
        try:
            async with self._open(self._packs, lambda what: self._send(Tell(what))) as inside:
                self._opened.set_result(inside)
                await self._draining.wait()
                while self._tasks:
                    await asyncio.wait(tuple(self._tasks))
        finally:
            hearing.cancel()
        self._tell_counted()
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while True:
            match await read_frame(reader, ToCell):
                case Ask() as ask:
                    task = asyncio.create_task(self._answer(ask))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                case Ping():
                    self._send(Pong(busy=self._busy(), thread_seconds=self._threads.oldest()))
                    self._tell_counted()
                case Tell(what):
                    (await self._opened).hear(what)
                case Drain():
                    # It goes on hearing: what it still has in hand may take long, and it is asked whether it lives.
                    self._draining.set()
                case _:
                    os._exit(0)

    def _busy(self) -> bool:
        if self._tasks or self._threads.oldest() > 0 or not self._opened.done():
            return True
        return self._opened.result().busy()

    def _using(self, pack: str, found: str) -> None:
        self._send(Using(pack, found))

    def _tell_counted(self) -> None:
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        counted = metrics.taken()
        if counted:
            self._send(Told(counted))

    def _send(self, frame: Any) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(framed(frame))

    async def _answer(self, ask: Ask) -> None:
        with (
            tracing.continued(ask.headers),
            tracing.span(f"{self._service}.{ask.verb}", SpanKind.INTERNAL),
            structlog.contextvars.bound_contextvars(endpoint=ask.verb, district=self._district),
        ):
            reply = await self._outcome(ask)
            if reply.fault is not None:
                tracing.failed(reply.fault.code)
            self._send(reply)
        if self._telling is None:
            # Once for a crowd.
            self._telling = asyncio.get_running_loop().call_later(_TELL_SECONDS, self._tell_counted)

    async def _outcome(self, ask: Ask) -> Reply:
        try:
            inside = await self._opened
            deadline = Deadline(ask.deadline_ms)
            deadline.check()
            # This task's own, as all of its context.
            HELD.set(ask.known)
            answer = await inside.answers[ask.verb](ask.body, deadline)
            heap.answered(len(answer))
            return Reply(ask.id, told_of(answer, ask.known))
        except WireFault as fault:
            return Reply(ask.id, b"", fault.facts())
        except MemoryError as error:
            # Whoever took all of it may hold it for good: the cell says so and is replaced.
            _take_the_reserve()
            return replace(self._failed(ask, error), spent=True)
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError) and _is_being_cancelled():
                raise
            return self._failed(ask, error)

    def _failed(self, ask: Ask, error: BaseException) -> Reply:
        """The fault to tell; its text stays in this process's log."""
        fault_id = fault_id_of(error)
        pack = pack_to_blame(error, self._packs)
        if pack is None:
            _log.error("fault", fault_id=fault_id, exc_info=error)
            return Reply(ask.id, b"", RemoteFault(self._service, fault_id).facts())
        problem = problem_of(error)
        _log.error("rule-pack-failed", pack=pack, problem=problem, fault_id=fault_id, exc_info=error)
        fault = RulePackFailed(self._service, self._district, pack, problem, fault_id)
        return Reply(ask.id, b"", fault.facts())


def _is_being_cancelled() -> bool:
    """Whether somebody asked for this task's end; what only looks like that came out of a pack."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _take_the_reserve() -> None:
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def work(service: str, its: socket.socket, order: Order, open_service: Open) -> None:
    """Be the cell that was ordered, until it is told to end; what a service's `enter` calls."""

    async def run() -> None:
        await Cell(service, order, open_service).run(its)

    metrics.keep()
    # The log has its own way out by now; what a pack writes here goes nowhere.
    sys.stderr = sys.__stderr__
    # What came as text is a path.
    settings = msgspec.convert(order.settings, ObservingSettings, strict=False, dec_hook=lambda kind, text: kind(text))
    with exporting(service, settings):
        uvloop.run(run())
