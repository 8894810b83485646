"""A credits service with its fence, as a process, that finds packs in a folder where tests install them."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from yanxiu_cli.local.readiness import service_answers
from yanxiu_credits.__main__ import MIGRATIONS
from yanxiu_credits.all_tables import metadata
from yanxiu_durable import Databases, DatabaseSettings, open_databases
from yanxiu_footing.arrivals import Arrivals
from yanxiu_wire import registry
from yanxiu_wire.credits import SERVICE
from yanxiu_wire.rpc import Bus

from tests.conftest import NatsServer
from tests.services.credits.conftest import House
from tests.slices.platform import SEED, Program, chance

LAW_SINCE = date(2024, 1, 1)
READY_SECONDS = 60.0
# Narrow limits, so that what goes beyond them is seen soon.
LIMITS = {
    "YANXIU_FENCE_MEMORY_MB": "400",
    "YANXIU_FENCE_CPU_SECONDS": "1",
    "YANXIU_FENCE_SILENT_SECONDS": "3",
    "YANXIU_FENCE_THREAD_SECONDS": "4",
    "YANXIU_FENCE_PAUSE_SECONDS": "1",
}


class Fenced:
    """One process of the credits service behind whose fence districts live; `site` is where packs are installed."""

    def __init__(self, nats: NatsServer, bus: Bus, folder: Path) -> None:
        self.bus = bus
        self.site = folder / "site"
        self.site.mkdir()
        self.folder = folder
        keys = folder / "keys"
        keys.mkdir(mode=0o700)
        secret = keys / "national-id.key"
        secret.write_bytes(base64.b64encode(chance(SEED).randbytes(32)))
        secret.chmod(0o600)
        data = folder / "data"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.metrics_port = free.getsockname()[1]
        self.environment = {
            "YANXIU_NATS_URL": nats.url,
            "YANXIU_KEYS": str(keys),
            "YANXIU_DATA": str(data),
            "YANXIU_METRICS_PORT": str(self.metrics_port),
            "PYTHONPATH": str(self.site),
            "PYTHONDONTWRITEBYTECODE": "1",
            **LIMITS,
        }
        self.databases: Databases = open_databases(SERVICE, DatabaseSettings(data=data), metadata, MIGRATIONS)
        self.process = Program("yanxiu_credits", folder, self.environment)

    async def start(self) -> None:
        """Start it and return when it answers."""
        await self.process.start()
        answers = service_answers(self.bus.nats, SERVICE, 1, 1)
        async with asyncio.timeout(READY_SECONDS):
            while not await answers():  # noqa: ASYNC110  another process: no event to await
                await asyncio.sleep(0.05)

    async def district(self, name: str, *packs: str) -> House:
        """A district under a pack, with a teacher, known to the service."""
        house = House(SimpleNamespace(databases=self.databases, arrivals=Arrivals()), self.bus, name)  # type: ignore[arg-type]
        await house.bind(*(registry.PackBinding(pack=pack, since=LAW_SINCE) for pack in packs))
        await house.employ("t1", wait=False)
        await house.until(lambda rows: bool(rows))
        return house

    async def counted(self, metric: str, **labels: str) -> float:
        """A number that Prometheus would read; 0 where nothing was counted."""
        async with httpx2.AsyncClient(trust_env=False) as http:
            told = (await http.get(f"http://127.0.0.1:{self.metrics_port}/metrics")).text
        found = [one for family in text_string_to_metric_families(told) for one in family.samples]
        return sum(one.value for one in found if one.name == metric and labels.items() <= one.labels.items())

    def logged(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        """The lines of its log that tell of an event."""
        lines = (self.folder / "yanxiu_credits.log").read_text(encoding="utf-8").splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{")]
        return [one for one in told if one["event"] == event and fields.items() <= one.items()]


@pytest.fixture(scope="module")
async def fenced(nats_server: NatsServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Fenced]:
    """The service that the tests of a file share."""
    bus = await Bus.connect(nats_server.url, name="test")
    made = Fenced(nats_server, bus, tmp_path_factory.mktemp("fenced"))
    await made.start()
    yield made
    await made.databases.close()
    code = await made.process.end()
    await bus.close()
    assert code == 0, made.process.told()
