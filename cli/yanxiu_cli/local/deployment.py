"""The processes of a local deployment in their order: nats-server, the three services, the gateways."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

import msgspec
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire.contracts import AREAS, endpoints_of
from yanxiu_wire.ending import end
from yanxiu_wire.keeping import keep_streams, keeping
from yanxiu_wire.rpc import Bus

from yanxiu_cli.failed import Failed
from yanxiu_cli.local import nats_server
from yanxiu_cli.local.child import Program, Say
from yanxiu_cli.local.folder import HOST, Folder, Run
from yanxiu_cli.local.readiness import http_answers, service_answers
from yanxiu_cli.local.supervisor import Supervisor
from yanxiu_cli.local.trunk import Trunk
from yanxiu_cli.nats.minting import Mint
from yanxiu_cli.nats.parties import parties
from yanxiu_cli.nats.using import access_of

SERVICES = {service: endpoints_of(service) for service in AREAS}
MOST_REPLICAS = 16
MOST_GATEWAYS = 16


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to start: packs this deployment must have (jurisdictions), and how many processes of each service.

    With `tls` every connection to NATS is encrypted, on both sides by certificate; a folder that had it once keeps it.
    """

    packs: tuple[str, ...] = ()
    replicas: Mapping[str, int] = {}
    tls: bool = False


class Deployment:
    """A running deployment: its supervisor and its connection to NATS, both for whoever seeds or watches it."""

    def __init__(self, folder: Folder, run: Run, plan: Plan, say: Say, trunk: Trunk | None = None) -> None:
        self.folder = folder
        self.run = run
        self._plan = plan
        self.supervisor = Supervisor(say, trunk)
        self.bus: Bus | None = None
        self._mint = Mint(folder.credentials)
        self._keeper: Bus | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> Bus:
        """Start every tier in order and return the connection; raises StartFailed with the end of a log."""
        DevelopmentIssuer.open(self.folder.keys)
        self._mint.ensure(parties())
        # What the gateways of the last start counted is of a minute ago at least, or of a clock that was set anew.
        self.folder.budgets.unlink(missing_ok=True)
        if self._plan.tls or self._mint.has_tls:
            self._mint.certify(())
        await self.supervisor.start([nats_server.program(self.folder, self.run, self._mint.write())])
        self._keeper = await self._connected("keeper")
        await keep_streams(self._keeper)
        self._keeping = asyncio.create_task(keeping(self._keeper))
        self.bus = await self._connected("operator")
        await self.supervisor.start([one for name in SERVICES for one in self._service(name, self.bus)])
        await self.supervisor.start(self._gateways())
        return self.bus

    async def stop(self) -> None:
        """Close our connections, then stop the tiers in the opposite order."""
        if self._keeping is not None:
            await end(self._keeping)
        for bus in (self.bus, self._keeper):
            if bus is not None:
                await bus.close()
        await self.supervisor.stop()

    async def _connected(self, name: str) -> Bus:
        return await Bus.connect(self.run.nats_url, name=name, access=access_of(self.folder.credentials, name))

    def environment(self, name: str) -> dict[str, str]:
        """The YANXIU_* variables of a process here."""
        values = {
            **self._mint.variables(name),
            "YANXIU_NATS_URL": self.run.nats_url,
            "YANXIU_DATA": str(self.folder.data),
            "YANXIU_KEYS": str(self.folder.keys),
            "YANXIU_HTTP_HOST": HOST,
            "YANXIU_HTTP_PORT": str(self.run.http_port),
            "YANXIU_GRAPHIQL": "true",
        }
        if self._plan.packs:
            values["YANXIU_PACKS"] = ",".join(self._plan.packs)
        return values

    def _service(self, name: str, bus: Bus) -> list[Program]:
        count = self._plan.replicas.get(name, 1)
        return [
            Program(
                name=name if count == 1 else f"{name}-{number}",
                command=(sys.executable, "-m", f"yanxiu_{name}"),
                package=f"yanxiu_{name}",
                log=self.folder.logs / (f"{name}.log" if count == 1 else f"{name}-{number}.log"),
                answers=service_answers(bus.nats, name, count, len(SERVICES[name])),
                environment=self.environment(name),
            )
            for number in range(1, count + 1)
        ]

    def _gateways(self) -> list[Program]:
        """One, or several that share the port and the count of budgets, each with a port of its own to be asked at."""
        environment, own = self.environment("gateway"), self.run.own_ports
        if not own:
            return [self._gateway("gateway", self.run.http_url, environment)]
        shared = {**environment, "YANXIU_SHARED_BUDGETS": str(self.folder.budgets)}
        return [
            self._gateway(f"gateway-{number}", url, {**shared, "YANXIU_HTTP_OWN_PORT": str(port)})
            for number, (port, url) in enumerate(zip(own, self.run.gateway_urls, strict=True), 1)
        ]

    def _gateway(self, name: str, url: str, environment: Mapping[str, str]) -> Program:
        return Program(
            name=name,
            command=(sys.executable, "-m", "yanxiu_gateway"),
            package="yanxiu_gateway",
            log=self.folder.logs / f"{name}.log",
            answers=http_answers(f"{url}/ready"),
            environment=environment,
        )


def read_replicas(words: tuple[str, ...]) -> dict[str, int]:
    """Read `credits=2`; raises Failed (called wrongly) for an unknown service or a number out of range."""
    found: dict[str, int] = {}
    for word in words:
        name, _, number = word.partition("=")
        if (
            name not in SERVICES
            or not number.isascii()
            or not number.isdigit()
            or not 1 <= int(number) <= MOST_REPLICAS
        ):
            raise Failed(
                f"--replicas {word}：请写成 服务=数量，服务为 {'、'.join(SERVICES)} 之一，数量 1 到 {MOST_REPLICAS}。",
                f"--replicas {word}: write SERVICE=NUMBER with one of {', '.join(SERVICES)} and 1 to {MOST_REPLICAS}.",
                code=2,
            )
        found[name] = int(number)
    return found
