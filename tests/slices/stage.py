"""The whole platform in this process under a clock that a test moves: a year is played in seconds, step by step."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx2
from yanxiu_credits.__main__ import running as running_credits
from yanxiu_credits.settings import Settings as CreditsSettings
from yanxiu_footing.clock import Clock
from yanxiu_gateway.app import build_app
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.health import Health
from yanxiu_gateway.schema.build import build_schema
from yanxiu_gateway.settings import GatewaySettings
from yanxiu_gateway.signing_keys import KeyFile
from yanxiu_gateway.tokens import PUBLIC_FILE
from yanxiu_registry.__main__ import running as running_registry
from yanxiu_registry.settings import Settings as RegistrySettings
from yanxiu_rulekit.plugins import Rulebook, load_packs
from yanxiu_visits.__main__ import running as running_visits
from yanxiu_visits.settings import Settings as VisitsSettings
from yanxiu_wire.rpc import Bus

from tests.conftest import NatsServer
from tests.slices.platform import Platform

PACKS = ("puer", "putuo", "ouhai", "yueqing")


class Calendar(Clock):
    """A clock that stands on a day until the test turns the page; every reading is a little later than the last."""

    def __init__(self, day: date) -> None:
        self._at = datetime.combine(day, time(1), UTC)  # nine in the morning in China

    def turn_to(self, day: str) -> None:
        """Go on to a later day."""
        later = datetime.combine(date.fromisoformat(day), time(1), UTC)
        assert later >= self._at, "a year is played forwards"
        self._at = later

    def now(self) -> datetime:
        self._at += timedelta(milliseconds=1)
        return self._at


class Stage(Platform):
    """Registry, credits, visits and gateway on one loop, in front of a real nats-server; `calendar` is their clock."""

    def __init__(
        self,
        nats: NatsServer,
        folder: Path,
        day: str,
        rulebook: Rulebook | None = None,
        *,
        database: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(nats, folder)
        # Settings of PostgreSQL, where data are not to be kept in files.
        self._database = dict(database or {})
        self.calendar = Calendar(date.fromisoformat(day))
        self.rulebook = rulebook or load_packs()

    @contextlib.asynccontextmanager
    async def playing(self) -> AsyncIterator[Stage]:
        """Run all parts until the block ends."""
        url, rulebook = self.nats.url, self.rulebook
        guard = self.nats.guard
        services = ("registry", "credits", "visits")
        given: dict[str, dict[str, Any]] = {
            name: {**self._database, **(guard.settings(name) if guard else {})} for name in services
        }
        registers = RegistrySettings(nats_url=url, data=self.data, keys=self.keys, packs=PACKS, **given["registry"])
        books = CreditsSettings(nats_url=url, data=self.data, keys=self.keys, packs=PACKS, **given["credits"])
        visiting = VisitsSettings(nats_url=url, data=self.data, packs=PACKS, **given["visits"])
        async with (
            guard.keeping(url) if guard else contextlib.nullcontext(),
            running_registry(registers, rulebook, clock=self.calendar.now),
            running_credits(books, rulebook, clock=self.calendar),
            running_visits(visiting, rulebook, clock=self.calendar),
            self._gateway(url),
        ):
            yield self

    @contextlib.asynccontextmanager
    async def _gateway(self, url: str) -> AsyncIterator[None]:
        given = self.nats.guard.settings("gateway") if self.nats.guard else {}
        settings = GatewaySettings(nats_url=url, keys=self.keys, **given)
        bus = await Bus.connect(url, name="gateway", access=settings.access)
        tokens = TokenReader(
            KeyFile(self.keys / PUBLIC_FILE), issuer=settings.token_issuer, audience=settings.token_audience
        )
        app = build_app(
            schema=build_schema(),
            backend=Backend(bus.call),
            tokens=tokens,
            health=Health(bus, tokens, settings.services),
        )
        await self.http.aclose()
        transport = httpx2.ASGITransport(app=app)
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://gateway", trust_env=False)
        try:
            yield
        finally:
            await self.http.aclose()
            await bus.close()
