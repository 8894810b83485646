"""A socket that does not read and one that does: little waits for the first, the other gets every state in time."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import httpx2
import msgspec
import pytest
from websockets.exceptions import ConnectionClosed
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.live_limits import Held, LiveLimits
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire.caller import Caller
from yanxiu_wire.rpc import Bus

from tests.gateway.conftest import gateway
from tests.gateway.world import World
from tests.services.credits.standings.live import Gate, Watcher, at_port

QUERY = 'subscription($t: ID!) { standingChanged(teacher: $t, kind: "annual") { label } }'
LARGE = 50_000
BUFFER = 8_192


class Loud(World):
    """Standings of fifty thousand letters, that change when a test says so, and the ear that hears of it."""

    def __init__(self) -> None:
        super().__init__()
        self.state = 0
        self.looks: Counter[str] = Counter()
        self._told: list[Callable[[Any], None]] = []

    def get_standings(self, land: Any, query: Any) -> Any:
        self.looks[query.caller.subject] += 1
        found = super().get_standings(land, query)
        label = f"{self.state}:{'x' * LARGE}"
        return msgspec.structs.replace(
            found, items=tuple(msgspec.structs.replace(one, label=label) for one in found.items)
        )

    async def listen(self, _event: Any, _district: str, told: Callable[[Any], None]) -> Any:
        self._told.append(told)

        async def stop() -> None:
            self._told.remove(told)

        return SimpleNamespace(stop=stop, newest=None)

    @property
    def teacher(self) -> str:
        return next(iter(self.lands["puer"].teachers))

    def announce(self) -> int:
        """Another state, and word of it."""
        self.state += 1
        for told in self._told:
            told(SimpleNamespace(entry=SimpleNamespace(teacher=self.teacher)))
        return self.state


@pytest.fixture
def loud() -> Loud:
    return Loud()


@contextlib.asynccontextmanager
async def served(
    loud: Loud, schema: GatewaySchema, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer, limits: LiveLimits
) -> AsyncIterator[Gate]:
    held = Held(limits)
    app = gateway(schema, loud.call, tokens, bus, listen=loud.listen, held=held)
    async with at_port(app, issuer, held, BUFFER) as door:
        yield door


@contextlib.asynccontextmanager
async def subscriber(door: Gate, loud: Loud, subject: str) -> AsyncIterator[Watcher]:
    """One who was told the first state, over a link that holds little."""
    token = door.token(Caller(subject=subject, role="institute-officer", district="puer"))
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    link.connect(("127.0.0.1", door.port))
    async with door.socket(token, sock=link, compression=None, max_queue=1, close_timeout=0.1) as found:
        await found.subscribe(loud.teacher, QUERY)
        await state(found)
        yield found


async def state(watcher: Watcher) -> int:
    return int((await watcher.standing())["label"].partition(":")[0])


async def ended(watcher: Watcher) -> tuple[int | None, str | None]:
    """How the other side closed, when all that it sent before was read."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            await watcher.next()
    return watcher.link.close_code, watcher.link.close_reason


async def until(true: Callable[[], bool]) -> None:
    """Return when it is so: the server tells nobody."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_socket_that_does_not_read_costs_little_and_gets_the_newest_state_when_it_reads_on(
    loud: Loud, schema: GatewaySchema, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer
) -> None:
    async with (
        served(loud, schema, tokens, bus, issuer, LiveLimits()) as door,
        subscriber(door, loud, "reads") as reads,
        subscriber(door, loud, "waits") as waits,
    ):
        for _ in range(100):
            assert loud.announce() == await state(reads)
        assert loud.looks["reads"] == 101
        # What waits is what fits into the link and one answer more; nobody even looks for the rest.
        assert loud.looks["waits"] <= 15
        shown = [await state(waits)]
        while shown[-1] != loud.state:
            shown.append(await state(waits))
        assert shown == sorted(set(shown))
        assert len(shown) <= 15
        assert door.held.slow == 0


async def test_who_does_not_read_for_too_long_is_told_why_and_the_others_stay(
    loud: Loud, schema: GatewaySchema, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer
) -> None:
    limits = LiveLimits(slow_seconds=0.3)
    async with (
        served(loud, schema, tokens, bus, issuer, limits) as door,
        subscriber(door, loud, "reads") as reads,
        subscriber(door, loud, "waits") as waits,
    ):
        for _ in range(20):
            assert loud.announce() == await state(reads)
        await until(lambda: door.held.slow == 1)
        assert await ended(waits) == (4413, "SLOW_SUBSCRIBER")
        assert loud.announce() == await state(reads)


async def test_who_never_reads_again_is_cut_off(
    loud: Loud, schema: GatewaySchema, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer
) -> None:
    limits = LiveLimits(slow_seconds=0.3, cut_seconds=0.1)
    async with (
        served(loud, schema, tokens, bus, issuer, limits) as door,
        subscriber(door, loud, "reads") as reads,
        subscriber(door, loud, "waits"),
    ):
        for _ in range(20):
            assert loud.announce() == await state(reads)
        await until(lambda: door.held.sockets == 1 and len(door.server.server_state.connections) == 1)
        assert set(door.held.subscriptions) == {("puer", "reads")}
        assert loud.announce() == await state(reads)


@pytest.mark.parametrize("reads_on", [True, False])
async def test_a_stream_of_events_that_is_not_read_ends_too(
    loud: Loud, schema: GatewaySchema, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer, reads_on: bool
) -> None:
    limits = LiveLimits(slow_seconds=0.3, cut_seconds=20 if reads_on else 0.1)
    async with (
        served(loud, schema, tokens, bus, issuer, limits) as door,
        subscriber(door, loud, "reads") as reads,
    ):
        token = door.token(Caller(subject="waits", role="institute-officer", district="puer"))
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}", "accept-language": "en"}
        body = {"query": QUERY, "variables": {"t": loud.teacher}}
        url = f"http://127.0.0.1:{door.port}/graphql"
        small = httpx2.AsyncHTTPTransport(socket_options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)])
        async with (
            httpx2.AsyncClient(transport=small, timeout=20) as http,
            http.stream("POST", url, json=body, headers=headers) as answer,
        ):
            for _ in range(20):
                assert loud.announce() == await state(reads)
            await until(lambda: door.held.slow == 1)
            assert loud.looks["waits"] <= 15
            if reads_on:
                text = (await answer.aread()).decode()
                assert '"code":"SLOW_SUBSCRIBER"' in text
                assert text.rstrip().endswith("event: complete\r\ndata:")
            else:
                await until(lambda: door.held.sockets == 1)
                with pytest.raises(httpx2.TransportError):
                    await answer.aread()
        assert loud.announce() == await state(reads)
