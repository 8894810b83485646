"""A server that admits credentials alone, with its streams made and the services' endpoints answered."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

import pytest
from nats.aio.msg import Msg
from structlog.testing import capture_logs
from yanxiu_cli.nats.parties import SERVICES
from yanxiu_wire.access import Access
from yanxiu_wire.denied import NotPermitted
from yanxiu_wire.keeping import keep_streams
from yanxiu_wire.rpc import Bus

from tests.conftest import NatsServer
from tests.guard import Guard

ANSWER = b"of its own"


class Guarded:
    """The server, a keeper's connection, and every service answering whatever it is asked."""

    def __init__(self, server: NatsServer, guard: Guard) -> None:
        self.server = server
        self.guard = guard
        self.buses: list[Bus] = []

    async def connect(self, name: str) -> Bus:
        """A connection with a credential; what it is denied is kept whole."""
        bus = await self.guard.connect(self.server.url, name)
        bus.denials.subjects = deque()
        self.buses.append(bus)
        return bus

    async def answer(self, service: str) -> None:
        """Answer everything that the service is asked."""
        bus = await self.connect(service)

        async def reply(message: Msg) -> None:
            if message.reply:
                await message.respond(ANSWER)

        await bus.nats.subscribe(f"yanxiu.v1.{service}.*.*", queue=service, cb=reply)
        await bus.flush()

    async def streams(self) -> list[tuple[str, int, int, int]]:
        """Name, first and last message and consumers of every stream."""
        keeper = self.buses[0]
        found: list[tuple[str, int, int, int]] = []
        for name in ("REGISTRY", "CREDITS", "VISITS"):
            info = await keeper.jetstream.stream_info(f"YANXIU_EVENTS_{name}")
            state = info.state
            found.append((name, state.first_seq, state.last_seq, state.consumer_count))
        return found

    async def close(self) -> None:
        for bus in self.buses:
            await bus.close()


@pytest.fixture(scope="package")
async def guarded(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    guard = Guard(folder)
    server = NatsServer(folder, fsync=False, guard=guard)
    made = Guarded(server, guard)
    try:
        await keep_streams(await made.connect("keeper"))
        for service in SERVICES:
            await made.answer(service)
        yield made
    finally:
        await made.close()
        server.stop()


async def admitted(url: str, access: Access) -> Bus:
    """A connection, as soon as the server has read its configuration again, which it tells nobody."""
    with capture_logs():
        async with asyncio.timeout(20):
            while True:
                try:
                    return await Bus.connect(url, name="credits", access=access)
                except NotPermitted:
                    await asyncio.sleep(0.02)
