"""A rolling upgrade under load: N to N+1 with a schema change, and every request is answered the first time."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from yanxiu_cli.local.readiness import service_answers
from yanxiu_wire.contracts import AREAS
from yanxiu_wire.rpc import Bus

from tests.chaos.cluster import SERVERS, Cluster
from tests.chaos.database import Files, Postgres
from tests.chaos.load import FIELDS
from tests.chaos.next_version import write_next_version
from tests.chaos.oracle import ledger_of
from tests.chaos.sources import Sources
from tests.slices.district import NETWORK, District
from tests.slices.platform import Platform, Program, chance

DISTRICT = "rolled"
REPLICAS = 2
TEACHERS = 30
READY_SECONDS = 60.0
# How long a gateway that is about to end still gets no new requests, as an endpoint leaves a Service.
_OUT_OF_ROTATION = 0.5
# So many that each of two processes gets some of them.
_FIRST_REQUESTS = 20
_READ = "query($id: ID!) { node(id: $id) { ... on Teacher { name school { name } total { credits records } } } }"


class Rolled(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: requests by kind, each that failed, and what the ledger has at the end."""

    requests: dict[str, int]
    failed: tuple[str, ...]
    steps: tuple[str, ...]
    seconds: float
    registered: int
    entries: int
    slowest_ms: float

    @property
    def holds(self) -> bool:
        """Whether nothing failed and the ledger has what was acknowledged."""
        return not self.failed and self.registered == self.entries


class Balanced(Platform):
    """A client of several gateways, as a Service of Kubernetes spreads requests over those that are ready."""

    def __init__(self, nats: Any, folder: Path, also: Mapping[str, str]) -> None:
        super().__init__(nats, folder, timeout=15.0, also=also)
        self.rotation: list[httpx2.AsyncClient] = []
        self._turn = itertools.count()

    async def post(self, token: str | None, query: str, variables: Mapping[str, Any] | None = None) -> httpx2.Response:
        """As a platform's, to the next gateway in rotation."""
        self.http = self.rotation[next(self._turn) % len(self.rotation)]
        return await super().post(token, query, variables)


class Rollout:
    """N everywhere, then N+1 one process after the other, and the credits service back to N."""

    def __init__(
        self,
        folder: Path,
        *,
        rate: float,
        services: Collection[str],
        servers: bool,
        on_postgresql: bool,
        tell: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._services = [name for name in AREAS if name in services]
        self._rate = rate
        self._servers = servers
        self._tell = tell
        # One that is not replaced may as well be alone.
        self._cluster = Cluster(folder / "cluster", SERVERS if servers else 1)
        self._old, self._new = Sources(folder / "n"), Sources(folder / "next")
        write_next_version(self._new)
        self._database = Postgres(folder / "data", None) if on_postgresql else Files(folder / "data")
        self._platform = Balanced(_Url(self._cluster.urls[0]), folder, self._database.environment)
        self._programs: dict[str, list[Program]] = {name: [] for name in AREAS}
        self._gateways: list[tuple[Program, httpx2.AsyncClient]] = []
        self._count = itertools.count()
        self._done: Counter[str] = Counter()
        self._failed: list[str] = []
        self._steps: list[str] = []
        self._registered = 0
        self._slowest = 0.0

    async def run(self) -> Rolled:
        """Start N, load it, replace everything, look at the books."""
        await self._cluster.start()
        async with self._bus() as bus:
            try:
                return await self._played(bus)
            finally:
                for program, client in self._gateways:
                    await client.aclose()
                    await program.end()
                for program in itertools.chain(*self._programs.values()):
                    await program.end()
        # The cluster ends last: what drains still speaks to it.

    async def close(self) -> None:
        """End the cluster and the database."""
        await self._cluster.stop()
        self._database.stop()

    async def _played(self, bus: Bus) -> Rolled:
        counts = {name: REPLICAS if name in self._services else 1 for name in AREAS}
        await asyncio.gather(*(self._add(bus, name, self._old, count) for name, count in counts.items()))
        await asyncio.gather(*(self._add_gateway(self._old) for _ in range(REPLICAS)))
        district = await District(self._platform, DISTRICT).open()
        teachers = [await district.hire(f"T{number}") for number in range(TEACHERS)]
        await self._warm(district, teachers[0])
        began = time.monotonic()
        over = asyncio.Event()
        loading = asyncio.create_task(self._load(district, teachers, over))
        try:
            await self._roll(bus)
        finally:
            over.set()
            await loading
        return Rolled(
            requests=dict(self._done),
            failed=tuple(self._failed),
            steps=tuple(self._steps),
            seconds=round(time.monotonic() - began, 1),
            registered=self._registered,
            entries=len(await ledger_of(bus, DISTRICT)),
            slowest_ms=round(self._slowest * 1000, 1),
        )

    async def _warm(self, district: District, teacher: str) -> None:
        """The district is new: each process of N starts its rule process at the first request, which may be too late.

        An upgrade meets districts that are at work.
        """
        for _ in range(_FIRST_REQUESTS):
            with contextlib.suppress(AssertionError):
                await self._platform.read(district.token(), _READ, id=teacher)

    async def _roll(self, bus: Bus) -> None:
        for name in self._services:
            self._step(f"migrate {name}")
            await asyncio.to_thread(self._migrate, name)
        for name in self._services:
            for _ in range(REPLICAS):
                await self._replace(bus, name, self._new)
        for _ in range(REPLICAS):
            await self._replace_gateway(self._new)
        if self._servers:
            for number in range(SERVERS):
                self._step(f"nats-server {number}")
                await self._cluster.renew(number)
        # A release is taken back on the schema that it brought.
        await self._replace(bus, "credits", self._old)

    def _step(self, what: str) -> None:
        self._steps.append(what)
        self._tell(f"{what} ({self._done.total()} requests, {len(self._failed)} failed)")

    def _migrate(self, name: str) -> None:
        command = [sys.executable, "-m", "yanxiu_cli", "migrate", name]
        environment = self._platform.environment | self._new.environment
        subprocess.run(command, env=Program.whole(environment), check=True, capture_output=True)

    async def _add(self, bus: Bus, name: str, sources: Sources, count: int = 1) -> None:
        for _ in range(count):
            number = next(self._count)
            # Each process is a client of another server.
            urls = self._cluster.urls
            environment = {"YANXIU_NATS_URL": urls[number % len(urls)], **sources.environment}
            program = self._program(f"yanxiu_{name}", number, environment)
            self._programs[name].append(program)
            await program.start()
        answers = service_answers(bus.nats, name, len(self._programs[name]), 1)
        await _until(answers)

    async def _replace(self, bus: Bus, name: str, sources: Sources) -> None:
        self._step(f"{name} -> {sources.folder.name}")
        await self._add(bus, name, sources)
        code = await self._programs[name].pop(0).end()
        assert code == 0, f"{name} ended with {code}"

    async def _add_gateway(self, sources: Sources) -> None:
        number = next(self._count)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {
            "YANXIU_NATS_URL": self._cluster.urls[number % len(self._cluster.urls)], "YANXIU_HTTP_PORT": str(port),
            **sources.environment,
        }  # fmt: skip
        program = self._program("yanxiu_gateway", number, environment)
        client = httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=15.0, trust_env=False)
        await program.start()

        async def answers() -> bool:
            try:
                return (await client.get("/ready")).status_code == 200
            except httpx2.TransportError:
                return False

        await _until(answers)
        self._gateways.append((program, client))
        self._platform.rotation.append(client)

    async def _replace_gateway(self, sources: Sources) -> None:
        self._step(f"gateway -> {sources.folder.name}")
        await self._add_gateway(sources)
        program, client = self._gateways.pop(0)
        self._platform.rotation.remove(client)
        await asyncio.sleep(_OUT_OF_ROTATION)
        code = await program.end()
        assert code == 0, f"gateway ended with {code}"
        await client.aclose()

    def _program(self, module: str, number: int, environment: Mapping[str, str]) -> Program:
        folder = self._folder / "logs" / f"{module}-{number}"
        folder.mkdir(parents=True)
        return Program(module, folder, {**self._platform.environment, **environment})

    @asynccontextmanager
    async def _bus(self) -> AsyncIterator[Bus]:
        bus = await Bus.connect(self._cluster.urls[0], name="rollout")
        try:
            yield bus
        finally:
            await bus.close()

    async def _load(self, district: District, teachers: list[str], over: asyncio.Event) -> None:
        """Requests at a steady rate, whether or not those before are answered; none is sent twice."""
        choice = chance(1)
        courses: list[str] = []
        numbers = itertools.count()
        async with asyncio.TaskGroup() as requests:
            while not over.is_set():
                kind = choice.choices(("read", "register", "hire"), (12, 7, 1))[0]
                number = next(numbers)
                if kind == "register" and number // TEACHERS >= len(courses):
                    courses.append(await district.project(**NETWORK, hoursPlanned="7"))
                requests.create_task(self._ask(district, kind, number, teachers, courses))
                await asyncio.sleep(1 / self._rate)

    async def _ask(self, district: District, kind: str, number: int, teachers: list[str], courses: list[str]) -> None:
        began = time.monotonic()
        teacher = teachers[number % TEACHERS]
        try:
            if kind == "read":
                await self._platform.read(district.token(), _READ, id=teacher)
            elif kind == "hire":
                given = {
                    "idempotencyKey": f"newcomer-{number}", "staffNumber": f"N{number}", "name": "虚构教师",
                    "schoolId": district.school, "employedSince": "2020-09-01", "hiredOn": "2015-09-01",
                }  # fmt: skip
                payload = await self._platform.write(district.token(), "createTeacher", given, "teacher { id }")
                assert not payload["errors"], payload
            else:
                given = {
                    "idempotencyKey": f"training-{number}", "teacherId": teacher,
                    "projectId": courses[number // TEACHERS], "completedOn": "2024-03-15", "score": "89",
                }  # fmt: skip
                payload = await self._platform.write(district.token(), "registerTraining", given, FIELDS)
                assert not payload["errors"], payload
                self._registered += 1
        except Exception as failed:  # noqa: BLE001 - whatever it was, this client was failed
            step = self._steps[-1] if self._steps else "before"
            self._failed.append(f"{step}: {kind} {type(failed).__name__} {failed}"[:400])
        self._done[kind] += 1
        self._slowest = max(self._slowest, time.monotonic() - began)


class _Url(msgspec.Struct):
    """What a platform wants of its server; the servers of a cluster are open here."""

    url: str
    guard: None = None


async def _until(answers: Callable[[], Any]) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while not await answers():  # noqa: ASYNC110 - another process: no event to await
            await asyncio.sleep(0.05)
