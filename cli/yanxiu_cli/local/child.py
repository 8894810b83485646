"""One supervised process: started, watched until it answers, restarted with growing pauses, stopped within a bound."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import IO, Protocol

import msgspec
from yanxiu_wire import forking
from yanxiu_wire.ending import end

from yanxiu_cli.failed import Failed
from yanxiu_cli.local.trunk import Trunk

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
STEADY_AFTER = 30.0
TRIES_BEFORE_READY = 3
LOG_LIMIT = 10_000_000
PROBE_EVERY = 0.1
STOPPED_EVERY = 5.0
END_WITHIN = 15.0

Say = Callable[[str], None]


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """What to run, with which variables beside our own, where its output goes, and how to see that it answers.

    `package` is what the command runs where that is a part of the platform, which can be a fork of the trunk.
    `stopped` tells that it runs and will not do its work before it is started again; it is asked every `stopped_every`
    seconds.
    """

    name: str
    command: tuple[str, ...]
    package: str | None = None
    log: Path
    answers: Callable[[], Awaitable[bool]]
    environment: Mapping[str, str] = {}
    stopped: Callable[[], Awaitable[bool]] | None = None
    stopped_every: float = STOPPED_EVERY


class StartFailed(Failed):
    """A process ended several times before it ever answered; the end of its log says why."""


class Process(Protocol):
    """What is asked of a running process, whoever started it."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    @property
    def returncode(self) -> int | None:
        """The code it ended with, None while it runs."""
        ...

    def send_signal(self, signal: int) -> None:
        """Send it a signal."""
        ...

    async def wait(self) -> int:
        """Return the code it ended with, negative for a signal."""
        ...


def _die_with(parent: int) -> Callable[[], None]:
    """What the child does before it becomes the program: its own group, and its end when the supervisor ends.

    SIGKILL, not SIGTERM: the promise is that nothing is orphaned, and every process here survives kill -9 by design.
    """

    def prepare() -> None:
        os.setsid()
        forking.end_with_parent(parent)

    return prepare


class Child:
    """Keeps one program running. `ready` is set while it answers; `failed` when it never came to that."""

    def __init__(self, program: Program, say: Say, trunk: Trunk | None = None) -> None:
        self.program = program
        self._trunk = trunk
        self.ready = asyncio.Event()
        self._say = say
        self._ever_ready = False
        self._stopping = asyncio.Event()
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._process: Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process now running, None between two."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start and wait until it answers; raises StartFailed with the end of the log."""
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self.program.name}")
        ready = asyncio.create_task(self.ready.wait())
        try:
            await asyncio.wait({ready, self._failed, self._keeper}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if self._failed.done():
            self._failed.result()
        if self._keeper.done():
            self._keeper.result()

    async def stop(self, within: float) -> None:
        """Ask it to end, wait that many seconds, then end it."""
        self._stopping.set()
        if self._keeper is None:
            return
        self._signal(signal.SIGTERM)
        done, _ = await asyncio.wait({self._keeper}, timeout=within)
        if not done:
            self._say(f"{self.program.name} 未能及时停止，强制结束 / did not stop in time, killed")
            self._signal(signal.SIGKILL)
        with contextlib.suppress(Failed):
            await self._keeper

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    async def _keep(self) -> None:
        pause, tries = FIRST_PAUSE, 0
        while not self._stopping.is_set():
            began = time.monotonic()
            was_ready, code = await self._once()
            if self._stopping.is_set():
                return
            if was_ready or time.monotonic() - began > STEADY_AFTER:
                pause, tries = FIRST_PAUSE, 0
            tries += 1
            if not self._ever_ready and tries >= TRIES_BEFORE_READY:
                self._fail(code)
                return
            ending = f"{self.program.name} 意外结束（{_ending(code)}）"
            self._say(f"{ending}，{pause:g} 秒后重启 / ended, restarting in {pause:g} s")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _once(self) -> tuple[bool, int]:
        """Run the program to its end; returns whether it ever answered, and its exit code."""
        try:
            with _open_log(self.program.log) as log:
                self._process = process = await self._started(log)
        except (OSError, TimeoutError) as error:
            self._say(f"{self.program.name} 无法启动 / cannot be started: {error!r}")
            return False, 1
        if self._stopping.is_set():
            self._signal(signal.SIGTERM)
        watching = (asyncio.create_task(self._watch()), asyncio.create_task(self._end_when_stopped()))
        try:
            code = await process.wait()
        finally:
            await end(*watching)
        was_ready = self.ready.is_set()
        self.ready.clear()
        return was_ready, code

    async def _started(self, log: IO[bytes]) -> Process:
        if self._trunk is not None and self.program.package is not None:
            return await self._trunk.start(self.program.package, self.program.environment, log.fileno())
        return await asyncio.create_subprocess_exec(
            *self.program.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **self.program.environment},
            preexec_fn=_die_with(os.getpid()),
        )

    async def _watch(self) -> None:
        """Set `ready` once the program answers. No event tells it, so it is asked again and again while it lives."""
        again = self._ever_ready
        while not await self.program.answers():  # noqa: ASYNC110  another process: no event to await
            await asyncio.sleep(PROBE_EVERY)
        self._ever_ready = True
        self.ready.set()
        if again:
            self._say(f"{self.program.name} 已恢复 / is back")

    async def _end_when_stopped(self) -> None:
        """End the program when it will not do its work again; whoever waits for its end starts it anew."""
        if self.program.stopped is None:
            return
        while not await self.program.stopped():  # noqa: ASYNC110  another process: no event to await
            await asyncio.sleep(self.program.stopped_every)
        self._say(f"{self.program.name} 已不再工作，将重启 / does its work no more and is started again")
        self._signal(signal.SIGTERM)
        await asyncio.sleep(END_WITHIN)  # cancelled when it has ended
        self._signal(signal.SIGKILL)

    def _fail(self, code: int) -> None:
        end = log_end(self.program.log)
        self._failed.set_exception(
            StartFailed(
                f"{self.program.name} 无法启动（{_ending(code)}）。日志 {self.program.log} 的末尾：",
                f"{self.program.name} does not start. The end of its log:\n{end}",
            )
        )


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def _open_log(path: Path) -> IO[bytes]:
    """Open a log for appending; one that has grown large is kept as `.1` and begun anew."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(path.suffix + ".1"))
    return path.open("ab")


def log_end(path: Path, lines: int = 12) -> str:
    """The last lines of a log."""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - 8_000))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
