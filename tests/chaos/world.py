"""The platform with two processes of the credits service, built so that each of its parts can be harmed by itself."""

from __future__ import annotations

import asyncio
import random
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from yanxiu_cli.local.readiness import service_answers
from yanxiu_cli.local.stopped_stream import stream_stopped
from yanxiu_wire.ending import end
from yanxiu_wire.rpc import Bus

from tests.chaos.database import DATA_MEGABYTES, Files, Postgres
from tests.chaos.disks import Disk
from tests.chaos.promises import Broken
from tests.conftest import NatsServer
from tests.postgres_server import PostgresServer
from tests.slices.platform import LATE, NO_ANSWER, Platform, Program

SUPERVISED_SECONDS = 0.5
# Long: a machine that has other work is no fault.
START_SECONDS = 240.0
# What may be refused now and not a moment later: what a service has not heard of, and a clock that was turned.
PASSES = (*LATE, "CLOCK_NOT_BELIEVED")
# What a client waits for an answer before it sends its command again.
CLIENT_SECONDS = 3.0
SERVICES = ("registry", "credits", "credits-2", "visits")
PARTS = (*SERVICES, "gateway")
CREDITS = ("credits", "credits-2")
STREAM_MEGABYTES = 1024
HOSTS = ("credits", "registry", "visits", "gateway")
# For so long a process goes by its clock before it looks how that is set.
_CLOCK_CACHE_SECONDS = 1
# libfaketime looks when whole seconds differ by more than that: 1.7 s were measured.
_CLOCK_SEEN_SECONDS = _CLOCK_CACHE_SECONDS + 1
_PLAY_SECONDS = 0.2
_FAKETIME = tuple(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
_TABLE = "yanxiu_chaos"


class World:
    """Every part as a process of its own; with `rooted`, on disks and in a network of its own.

    With `clocks` the clock of each part's host can be turned, the two of credits share one: each look at it costs more,
    so only where it is wanted.

    Call `own_namespaces` before a rooted world is made: its server listens on all addresses of that network, so that
    each part reaches it by one of its own, which the filter can cut.
    """

    def __init__(
        self,
        folder: Path,
        *,
        rooted: bool,
        clocks: bool,
        patience: float,
        client: float = CLIENT_SECONDS,
        on_postgresql: bool = False,
    ) -> None:
        self.folder = folder
        self._clocks = clocks
        self.rooted = rooted
        streams = folder / "nats"
        if rooted:
            if not on_postgresql:
                self.data_disk = Disk(folder / "data.img", folder / "data", megabytes=DATA_MEGABYTES)
            self.stream_disk = Disk(folder / "streams.img", streams / "store", megabytes=STREAM_MEGABYTES)
        streams.mkdir(exist_ok=True)
        self.nats = NatsServer(streams, host="0.0.0.0" if rooted else "127.0.0.1", monitored=True)  # noqa: S104 - a network of its own
        image = folder / "data.img" if rooted else None
        self.database = Postgres(folder / "data", image) if on_postgresql else Files(folder / "data")
        self.platform = Platform(self.nats, folder, timeout=client, also=self.database.environment)
        self.platform.patience = patience
        self.platform.ready_within = START_SECONDS
        # A rule process that stood still with its service, or starts beside much else, is ended as one that hangs.
        self.platform.no_answer = NO_ANSWER | {"RULE_PACK_FAILED"}
        self.platform.passes = PASSES
        # Held by whoever harms a part, and has it started again himself.
        self.striking = asyncio.Lock()
        for host in HOSTS:
            self.turn_clock(host, "+0")
        self.platform.parts = {name: self._part(name) for name in PARTS}

    async def start(self) -> None:
        """Start every part and return when the platform answers."""
        await self.platform.start()

    @asynccontextmanager
    async def supervised(self) -> AsyncIterator[None]:
        """Start again what ends by itself while the block runs, such as who starts while its database is away, and a
        nats-server that keeps nothing more since its disk was full, as `yanxiu up` does.
        """

        async def supervise() -> None:
            while True:
                await asyncio.sleep(SUPERVISED_SECONDS)
                async with self.striking:
                    await self.revive([name for name, part in self.platform.parts.items() if part.ended])
                    if await stream_stopped(self.nats.monitor, self.nats.store)():
                        await asyncio.to_thread(self.nats.restart)

        task = asyncio.create_task(supervise())
        try:
            yield
        finally:
            await end(task)

    async def whole(self, within: float = START_SECONDS) -> None:
        """Return when every service answers again: the last fault may have been a moment ago. `TimeoutError`."""
        async with self.bus() as bus, asyncio.timeout(within):
            for name, count in (("registry", 1), ("credits", 2), ("visits", 1)):
                answers = service_answers(bus.nats, name, count, 1)
                while not await answers():  # noqa: ASYNC110 - another process: no event to await
                    await asyncio.sleep(0.05)

    async def stop(self) -> dict[str, int]:
        """End every part and the server; returns the codes that the parts ended with."""
        codes = await self.platform.stop()
        self.nats.stop()
        self.database.stop()
        return codes

    @property
    def postgres(self) -> PostgresServer:
        """The server that keeps the data; only where there is one."""
        assert isinstance(self.database, Postgres)
        return self.database.server

    @property
    def postgres_disk(self) -> Disk:
        """What the server's files are on; only in a rooted world."""
        assert isinstance(self.database, Postgres)
        assert self.database.disk is not None
        return self.database.disk

    @property
    def files(self) -> Files:
        """The files that keep the data; only where it is they."""
        assert isinstance(self.database, Files)
        return self.database

    def serving(self) -> Counter[str]:
        """How many processes of each kind have said that they serve, and run still."""
        return Counter(
            name.partition("-")[0] for name, part in self.platform.parts.items() if part.serves and not part.ended
        )

    async def connected_again(self, served: Mapping[str, int]) -> None:
        """Return when so many processes of each kind are heard; raises `Broken` when one is not, though it had time."""
        async with self.bus() as bus:
            silent = {
                name: service_answers(bus.nats, name, count, 1) if name != "gateway" else self._gateway_connected
                for name, count in served.items()
            }
            until = time.monotonic() + self.platform.patience / 2
            while silent := {name: answers for name, answers in silent.items() if not await answers()}:
                if time.monotonic() > until:
                    raise Broken("connection", f"{', '.join(sorted(silent))} did not come back to nats-server")
                await asyncio.sleep(0.05)  # another process: no event to await

    async def _gateway_connected(self) -> bool:
        try:
            answer = await self.platform.http.get("/ready")
        except httpx2.TransportError:
            return False
        return answer.json()["parts"]["nats"] == "ok"

    @asynccontextmanager
    async def bus(self) -> AsyncIterator[Bus]:
        """The test's own connection."""
        connected = await Bus.connect(self.nats.url, name="chaos")
        try:
            yield connected
        finally:
            await connected.close()

    async def kill(self, names: Sequence[str]) -> None:
        """SIGKILL, for all of them before any is waited for."""
        await asyncio.gather(*(self.platform.parts[name].kill() for name in names))

    async def cut(self, names: Sequence[str]) -> None:
        """SIGKILL, for them and all that they have started: their host lost power."""
        await asyncio.gather(*(self.platform.parts[name].kill_family() for name in names))

    async def revive(self, names: Sequence[str]) -> None:
        """Start them again."""
        for name in names:
            await self.platform.parts[name].start()

    def go_on(self, names: Sequence[str]) -> None:
        """SIGCONT."""
        for name in names:
            self.platform.parts[name].resume()

    async def stand_still(self, names: Sequence[str]) -> None:
        """SIGSTOP, and wait until nothing of them runs any more, nor of what they have started."""
        for name in names:
            self.platform.parts[name].pause()
        for name in names:
            while not self.platform.parts[name].stands_still():  # noqa: ASYNC110 - the kernel tells nobody
                await asyncio.sleep(0.001)

    def turn_clock(self, host: str, offset: str) -> None:
        """Set the clock of one of HOSTS off by that much, such as "+400d" or "-2h"."""
        self._clock(host).write_text(f"{offset}\n", encoding="ascii")
        self._turned = time.monotonic()

    async def clock_seen(self) -> None:
        """Return when every process goes by the clock as it was set last."""
        await asyncio.sleep(self._turned + _CLOCK_SEEN_SECONDS + _PLAY_SECONDS - time.monotonic())

    def part_from_server(self, name: str) -> None:
        """Drop every packet between a part and nats-server, without a word to either."""
        address = _address(name)
        drop = f"ip daddr {address} drop; ip saddr {address} drop;"
        _filter(f"table ip {_TABLE} {{\nchain cut {{\ntype filter hook output priority 0; {drop}\n}}\n}}")

    def heal(self) -> None:
        """Let all packets through again."""
        _filter(f"delete table ip {_TABLE}")

    def flip_bit(self, choice: random.Random) -> str:
        """Turn over one bit of the stream on the disk; the server must be dead. Returns where."""
        blocks = sorted(path for path in self.nats.store.rglob("*.blk") if path.stat().st_size)
        if not blocks:
            return "nothing stored"
        block = choice.choice(blocks)
        with block.open("r+b") as file:
            at = choice.randrange(block.stat().st_size)
            file.seek(at)
            (byte,) = file.read(1)
            file.seek(at)
            file.write(bytes([byte ^ (1 << choice.randrange(8))]))
        return f"{block.name} at {at}"

    def _clock(self, host: str) -> Path:
        return self.folder / f"clock-{host}"

    def _part(self, name: str) -> Program:
        environment = dict(self.platform.environment)
        if self.rooted:
            environment["YANXIU_NATS_URL"] = self.nats.url.replace("127.0.0.1", _address(name))
        if self._clocks:
            environment |= {
                "LD_PRELOAD": str(_FAKETIME[0]), "FAKETIME_TIMESTAMP_FILE": str(self._clock(name.partition("-")[0])),
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_CACHE_DURATION": str(_CLOCK_CACHE_SECONDS),
            }  # fmt: skip
        logs = self.folder / "logs" / name
        logs.mkdir(parents=True)
        return Program(f"yanxiu_{name.partition('-')[0]}", logs, environment)


def has_clock() -> bool:
    """Whether clocks can be turned: Debian's libfaketime is there."""
    return bool(_FAKETIME)


def _address(name: str) -> str:
    return f"127.0.0.{10 + PARTS.index(name)}"


def _filter(rules: str) -> None:
    subprocess.run(["nft", "-f", "-"], input=f"{rules}\n", text=True, check=True)
