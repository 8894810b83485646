"""A small service of the tests' own: its messages, its endpoint, and a way to start it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_wire.caller import Caller
from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus, Handler, Serving


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    caller: Caller
    number: Decimal = Decimal(0)
    facts: Mapping[str, Any] = {}


class Told(msgspec.Struct, frozen=True, kw_only=True, tag="told"):
    number: Decimal
    facts: Mapping[str, Any] = {}


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    number: int


class Sample:
    """What a test of calls works with: the endpoint, a request, and `serve`."""

    def __init__(self, bus: Bus, service: str) -> None:
        self.service = service
        self.endpoint = Endpoint(service, "ask", Ask, Told | Refused)
        self.caller = Caller(subject="synthetic", role="auditor", district="puer")
        self.bus = bus
        self._servings: list[Serving] = []

    def ask(self, number: str = "0", **facts: Any) -> Ask:
        return Ask(caller=self.caller, number=Decimal(number), facts=facts)

    async def serve(self, handler: Handler, *, bus: Bus | None = None, concurrency: int = 32) -> Serving:
        serving = await (bus or self.bus).serve(
            self.service, "1.2.3", {self.endpoint: handler}, concurrency=concurrency
        )
        self._servings.append(serving)
        return serving

    async def call(self, number: str = "0", **facts: Any) -> Any:
        return await self.bus.call(self.endpoint, self.ask(number, **facts), district="puer")

    async def close(self) -> None:
        for serving in self._servings:
            await serving.drain()


@pytest.fixture
async def sample(bus: Bus, request: pytest.FixtureRequest) -> AsyncIterator[Sample]:
    """A service under a name that no other test uses."""
    found = Sample(bus, request.node.name.replace("_", "-").replace("[", "-").replace("]", "")[:60])
    yield found
    await found.close()


HAPPENED = Event("sample", "happened", Happened)
