"""Two replicas of the credits service as processes on one store, and a district whose commands they share."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from yanxiu_cli.local.readiness import service_answers
from yanxiu_credits.__main__ import MIGRATIONS
from yanxiu_credits.all_tables import metadata
from yanxiu_durable import Databases, open_databases
from yanxiu_footing.arrivals import Arrivals
from yanxiu_wire import registry
from yanxiu_wire.credits import SERVICE
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import WireFault
from yanxiu_wire.message import Command
from yanxiu_wire.rpc import Bus

from tests.conftest import NatsServer
from tests.services.credits.conftest import House
from tests.slices.platform import PATIENCE_SECONDS, SEED, Program, chance
from tests.stores import Store

READY_SECONDS = 60.0
# What a client waits before it sends again; a killed process leaves those it was working for without a word.
ANSWER_SECONDS = 12.0
LAW_SINCE = date(2018, 1, 1)


class Replicas:
    """Two processes of the credits service; `databases` is the test's own look at the same store."""

    def __init__(self, nats: NatsServer, store: Store, bus: Bus, folder: Path) -> None:
        self.bus = bus
        self.databases: Databases = open_databases(SERVICE, store.settings, metadata, MIGRATIONS)
        keys = folder / "keys"
        keys.mkdir(mode=0o700)
        secret = keys / "national-id.key"
        secret.write_bytes(base64.b64encode(chance(SEED).randbytes(32)))
        secret.chmod(0o600)
        environment = {
            **store.variables,
            "YANXIU_NATS_URL": nats.url,
            "YANXIU_KEYS": str(keys),
            "YANXIU_PACKS": "puer",
        }
        self.parts: list[Program] = []
        for number in range(2):
            (folder / str(number)).mkdir()
            self.parts.append(Program("yanxiu_credits", folder / str(number), environment))

    async def start(self) -> None:
        """Start both and return when both answer."""
        await asyncio.gather(*(part.start() for part in self.parts))
        await self.both_answer()
        await self.databases.open_all()

    async def both_answer(self) -> None:
        """Return when there are two instances that answer."""
        answers = service_answers(self.bus.nats, SERVICE, 2, 1)
        async with asyncio.timeout(READY_SECONDS):
            while not await answers():  # noqa: ASYNC110  another process: no event to await
                await asyncio.sleep(0.05)

    async def kill_one(self) -> None:
        """kill -9 of the first, and start it again at once."""
        await self.parts[0].kill()
        await self.parts[0].start()

    async def stop(self) -> list[int]:
        """End both; returns the codes they ended with."""
        await self.databases.close()
        return list(await asyncio.gather(*(part.end() for part in self.parts)))

    async def district(self, name: str, teachers: Sequence[str]) -> House:
        """A district under Pu'er's law, with these teachers, known to the service."""
        house = House(SimpleNamespace(databases=self.databases, arrivals=Arrivals()), self.bus, name)  # type: ignore[arg-type]
        await house.bind(registry.PackBinding(pack="puer", since=LAW_SINCE))
        for teacher in teachers:
            await house.employ(teacher, wait=False)
        await house.until(lambda rows: {row["teacher"] for row in rows} == set(teachers))
        return house


async def answered(house: House, endpoint: Endpoint[Any, Any], request: Any) -> Any:
    """The answer or refusal; sent again, a command with its key, for as long as nobody answers."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                deadline = Deadline.after(ANSWER_SECONDS if isinstance(request, Command) else 5)
                return await house.bus.call(endpoint, request, district=house.district, deadline=deadline)
            except WireFault:
                await asyncio.sleep(0.05)  # a client is not told when a killed process is back
