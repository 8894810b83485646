"""The trunk: one process that has imported everything and read nothing, of which all others are forks (0035).

`yanxiu up` forks it before it reads a key; when it has ended, another is started that imports everything anew:
`python -m yanxiu_cli.local.trunk <descriptor>`. What it imported is in memory once for all its children, themselves
started in a few milliseconds. A child begins as a program of its own would: with its own session, output and
environment, at the `main` of its package.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping

import msgspec
from yanxiu_wire import forked, forking, heap

# The libraries below numpy would start a thread for each core, and a fork copies none.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
PROCESSES = ("registry", "credits", "visits", "gateway")
JUDGING = ("registry", "credits", "visits")
PRELOADED = (
    *(f"yanxiu_{name}.__main__" for name in PROCESSES),
    *(f"yanxiu_{name}.cell" for name in JUDGING),
    # What each would import a moment later.
    "yanxiu_durable.sqlite_databases",
    "yanxiu_wire.serving_metrics",
    "apscheduler.executors.asyncio",
    "apscheduler.triggers.date",
    "encodings.idna",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
)
_EARLY = "yanxiu_footing.fence.early_parent"
NAME = "yanxiu-trunk"
COMMAND = (sys.executable, "-m", __name__)


def prepare() -> None:
    """Import everything and make what is the same each time; raises RuntimeError when a thread came of it."""
    os.environ.update(_ONE_THREAD)
    heap.sparing()
    for module in PRELOADED:
        importlib.import_module(module)
    permits_of = importlib.import_module("yanxiu_footing.authority.policies").permits_of
    revisions = importlib.import_module("yanxiu_durable.migrate").revisions
    for name in JUDGING:
        revisions(importlib.import_module(f"yanxiu_{name}.__main__").MIGRATIONS)
        # Where the policies cannot be used, the service says so.
        with contextlib.suppress(Exception):
            permits_of(name)
    importlib.import_module("yanxiu_gateway.schema.build").the_schema()
    forking.make_ready()


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """What the trunk is told of a program: its package, and what its environment has beside the trunk's own."""

    package: str
    environment: Mapping[str, str]


class Grown:
    """A running child of the trunk, with as much of a subprocess as is asked of one."""

    def __init__(self, pid: int, ended: asyncio.Future[int]) -> None:
        self.pid = pid
        self._ended = ended

    @property
    def returncode(self) -> int | None:
        """The code it ended with, negative for a signal; None while it runs."""
        return self._ended.result() if self._ended.done() else None

    def send_signal(self, signal: int) -> None:
        """Send it a signal, unless it has ended."""
        if not self._ended.done():
            os.kill(self.pid, signal)

    async def wait(self) -> int:
        """Return the code it ended with."""
        return await asyncio.shield(self._ended)


class Trunk:
    """The supervisor's side of it."""

    def __init__(self, pid: int, control: socket.socket) -> None:
        self._first: tuple[int, socket.socket] | None = (pid, control)
        self._orders: forked.Orders | None = None
        self._ending: asyncio.Task[int] | asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self.pid: int | None = pid

    @classmethod
    def fork(cls, prepare: Callable[[], None] = prepare) -> Trunk:
        """Import everything and fork it; this process may have read nothing that a child may not know."""
        prepare()
        ours, its = forked.pair()
        parent = os.getpid()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        pid = os.fork()
        if pid == 0:
            forking.run_to_the_end(lambda: _be_forked(its.detach(), parent))
        its.close()
        return cls(pid, ours)

    async def start(self, package: str, environment: Mapping[str, str], log: int) -> Grown:
        """Fork a program whose output goes to that descriptor; raises OSError or TimeoutError when none can be had."""
        async with self._starting:
            orders = self._orders or await self._begin()
        order = msgspec.msgpack.encode(Start(package=package, environment=environment))
        return Grown(*await orders.fork(order, [log]))

    async def stop(self) -> None:
        """End it, and with it the children that are left."""
        if self._first is not None:
            await self._begin()
        if self._orders is not None:
            self._orders.close()
        if self._ending is not None:
            await self._ending

    async def _begin(self) -> forked.Orders:
        if self._first is not None:
            (self.pid, ours), self._first = self._first, None
            self._ending = asyncio.create_task(forked.end_of(self.pid))
        else:
            # It cannot be forked from this process again, which by now has keys and connections.
            ours, its = forked.pair()
            with its:
                process = await asyncio.create_subprocess_exec(
                    *COMMAND, str(its.fileno()), str(os.getpid()),
                    pass_fds=(its.fileno(),), stdin=asyncio.subprocess.DEVNULL,
                )  # fmt: skip
            self.pid = process.pid
            self._ending = asyncio.create_task(process.wait())
        self._orders = forked.Orders(ours, self._lost)
        return self._orders

    def _lost(self) -> None:
        self.pid = self._orders = None


def _be_forked(control: int, parent: int) -> None:
    # Whatever the parent has open is not for those who are forked here, its lock on the folder least of all.
    os.dup2(control, 3, inheritable=False)
    os.closerange(4, os.sysconf("SC_OPEN_MAX"))
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    _be(socket.socket(fileno=3), parent)


def _be(control: socket.socket, parent: int) -> None:
    forking.end_with_parent(parent)
    forking.be_called(NAME)
    own = os.getpid()
    forking.fork_on_order(control, lambda order, given: _grow(own, order, given), lambda _pid: None)


def _grow(trunk: int, order: bytes, given: list[int]) -> None:
    """Be the program that was ordered, in the forked process."""
    start = msgspec.msgpack.decode(order, type=Start)
    os.setsid()
    forking.end_with_parent(trunk)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    forking.write_to(*given)
    os.environ.update(start.environment)
    name = start.package.removeprefix("yanxiu_")
    forking.be_called(f"yanxiu-{name}")
    sys.argv = [start.package]
    if name in JUDGING:
        importlib.import_module(_EARLY).fork(f"{start.package}.cell")
    importlib.import_module(f"{start.package}.__main__").main()


def main(descriptor: str, parent: str, *, prepare: Callable[[], None] = prepare) -> None:
    """Be another trunk, after the first one ended."""
    prepare()
    _be(socket.socket(fileno=int(descriptor)), int(parent))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
