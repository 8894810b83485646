"""The main process's side of one cell: its socket, what it was asked and has not answered, and its signs of life."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from yanxiu_wire import log, metrics, tracing
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded, RulePackFailed, ServiceUnavailable, WireFault, fault_from

from yanxiu_footing.fence.frames import Ask, Drain, FromCell, Ping, Pong, Reply, Tell, Told, Using, framed, read_frame
from yanxiu_footing.fence.settings import FenceSettings

# Answered so long before a deadline, a fault still reaches who waits.
_BEFORE_DEADLINE = 0.25
_UNRESPONSIVE = 1.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_FRAME = 1 << 20
_log = log.logger()


class CellProcess:
    """One cell as the main process knows it; `using` are the packs it has loaded, with what was installed then."""

    def __init__(
        self, service: str, district: str, pid: int, ended: asyncio.Future[int], settings: FenceSettings
    ) -> None:
        self.district = district
        self.pid = pid
        self.using: dict[str, str] = {}
        self.last = ""
        self.problem = ""
        self.spent = False
        self.draining = False
        self.used_at = time.monotonic()
        self._service = service
        self._settings = settings
        self._exit = ended
        self._pending: dict[int, asyncio.Future[Reply]] = {}
        self._numbers = itertools.count(1)
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None
        self._pinged_at: float | None = None
        self._cpu_then = 0.0
        self._waited_then = 0.0
        self._busy = False

    async def open(self, ours: socket.socket, told: Callable[[str], None], gone: Callable[[CellProcess], None]) -> None:
        """Begin to listen: `told` gets the words of the cell, `gone` is called when it has ended."""
        reader, self._writer = await asyncio.open_unix_connection(sock=ours, limit=_FRAME)
        self._listening = asyncio.create_task(self._listen(reader, told, gone))

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._writer is not None and not self._writer.is_closing() and not self.draining

    @property
    def unresponsive(self) -> bool:
        """Whether it has not answered for a moment whether it can answer."""
        return self._pinged_at is not None and time.monotonic() - self._pinged_at >= _UNRESPONSIVE

    @property
    def at_work(self) -> bool:
        """Whether it has something in hand."""
        return bool(self._pending) or self._busy

    async def ask(self, verb: str, body: bytes, deadline: Deadline, known: str = "") -> bytes:
        """Return the encoded answer, `SAME` where its digest is `known`; raises the `WireFault` that came instead."""
        number = next(self._numbers)
        waiting = self._pending[number] = asyncio.get_running_loop().create_future()
        self.used_at = time.monotonic()
        try:
            self._send(Ask(number, verb, body, deadline.next_hop().at_ms, tracing.carried(), known))
            reply = await self._answered(waiting, deadline)
        finally:
            self._pending.pop(number, None)
            self.used_at = time.monotonic()
        self.spent = self.spent or reply.spent
        if reply.fault is not None:
            raise fault_from(reply.fault)
        return reply.body

    async def _answered(self, waiting: asyncio.Future[Reply], deadline: Deadline) -> Reply:
        """Wait until shortly before the deadline, and longer only while the cell shows signs of life."""
        # Two timers that are seldom wanted cost less than to wait for something or a time, twice.
        loop = asyncio.get_running_loop()
        left = deadline.remaining()
        looks = loop.call_later(max(left - _BEFORE_DEADLINE, 0), self._give_up_if_silent, waiting)
        ends = loop.call_later(max(left, 0), _give_up, waiting, DeadlineExceeded(self._service))
        try:
            return await waiting
        finally:
            looks.cancel()
            ends.cancel()

    def _give_up_if_silent(self, waiting: asyncio.Future[Reply]) -> None:
        if self.unresponsive and self.last:
            _give_up(waiting, self.fault("hangs"))

    def tell(self, what: str) -> None:
        """Pass a word on."""
        if self.alive:
            self._send(Tell(what))

    def drain(self) -> None:
        """Let it finish what it has in hand, and end."""
        if self.alive:
            self._send(Drain())
            self.draining = True

    def watch(self, now: float) -> None:
        """Look whether it lives within its limits, and end it when it does not."""
        if not self.at_work and self._pinged_at is None:
            return
        if self._resident() > self._settings.fence_memory_mb << 20:
            self.kill("memory")
        elif self._pinged_at is None:
            self._pinged_at, self._cpu_then, self._waited_then = now, self._cpu(), self._waited()
            self._send(Ping())
        elif (
            self._cpu() - self._cpu_then >= self._settings.fence_cpu_seconds
            # Who waits for a core on a crowded machine is not silent by its own fault.
            or now - self._pinged_at - (self._waited() - self._waited_then) >= self._settings.fence_silent_seconds
        ):
            self.kill("hangs")

    def forgive(self, seconds: float) -> None:
        """Take time off its silence: this process itself was not awake to hear it."""
        if self._pinged_at is not None:
            self._pinged_at += seconds

    def kill(self, problem: str) -> None:
        """End it at once."""
        if not self.problem:
            self.problem = problem
            _log.error("cell-killed", district=self.district, pack=self.last, problem=problem, pid=self.pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    async def ended(self) -> int:
        """Return the code that it ended with, negative for a signal."""
        return await asyncio.shield(self._exit)

    def fault(self, problem: str) -> WireFault:
        """What to tell who waits for this cell: whose pack it was, or that the service is not there."""
        if not self.last:
            return ServiceUnavailable(self._service)
        return RulePackFailed(self._service, self.district, self.last, problem)

    def _send(self, frame: Ask | Ping | Tell | Drain) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(framed(frame))

    async def _listen(
        self, reader: asyncio.StreamReader, told: Callable[[str], None], gone: Callable[[CellProcess], None]
    ) -> None:
        while (frame := await read_frame(reader, FromCell)) is not None:
            if isinstance(frame, Tell):
                told(frame.what)
            elif isinstance(frame, Told):
                metrics.add(frame.counted)
            else:
                self._heard(frame)
        if self._writer is not None:
            self._writer.close()
        for waiting in self._pending.values():
            if not waiting.done():
                waiting.set_exception(self.fault(self.problem or "ended"))
        gone(self)

    def _heard(self, frame: Reply | Pong | Using) -> None:
        match frame:
            case Reply():
                waiting = self._pending.get(frame.id)
                if waiting is not None and not waiting.done():
                    waiting.set_result(frame)
            case Pong():
                self._pinged_at, self._busy = None, frame.busy
                if frame.thread_seconds >= self._settings.fence_thread_seconds:
                    self.kill("hangs")
            case Using():
                self.using[frame.pack], self.last = frame.found, frame.pack

    def used(self) -> tuple[float, int]:
        """CPU seconds and resident bytes so far."""
        return self._cpu(), self._resident()

    def _cpu(self) -> float:
        """CPU seconds of all its threads."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / _TICKS
        return 0.0

    def _waited(self) -> float:
        """Seconds that its main thread was ready to run and had no core."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            return int(Path(f"/proc/{self.pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
        return 0.0

    def _resident(self) -> int:
        with contextlib.suppress(OSError, IndexError, ValueError):
            pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()
            return int(pages[1]) * _PAGE
        return 0


def _give_up(waiting: asyncio.Future[Reply], fault: WireFault) -> None:
    if not waiting.done():
        waiting.set_exception(fault)
