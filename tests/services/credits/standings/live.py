"""A real gateway on a port of its own, and a client that speaks graphql-transport-ws as front ends do."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from yanxiu_gateway.app import build_app
from yanxiu_gateway.backend import Backend, Call
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.denying import Denying
from yanxiu_gateway.health import Health
from yanxiu_gateway.live_limits import Held
from yanxiu_gateway.patience import Cuttable
from yanxiu_gateway.schema.build import build_schema
from yanxiu_gateway.signing_keys import KeyFile
from yanxiu_gateway.tokens import AUDIENCE, ISSUER, PUBLIC_FILE, DevelopmentIssuer
from yanxiu_wire.access import OPEN, Access
from yanxiu_wire.caller import Caller
from yanxiu_wire.listening import listen
from yanxiu_wire.rpc import Bus

PROTOCOL = "graphql-transport-ws"
CHANGED = """subscription($t: ID!) { standingChanged(teacher: $t, kind: "year", on: "2024-06-01") {
  verdict credits findings { clause shortfall } } }"""


class Gate:
    """A gateway that answers over sockets."""

    def __init__(self, port: int, issuer: DevelopmentIssuer, held: Held, server: uvicorn.Server) -> None:
        self.port = port
        self.issuer = issuer
        self.held = held
        self.server = server

    def token(self, caller: Caller, ttl: timedelta = timedelta(hours=1), now: float | None = None) -> str:
        return self.issuer.issue(caller, ttl=ttl, now=now)

    @contextlib.asynccontextmanager
    async def socket(
        self, token: str | None, *, protocol: str = PROTOCOL, also: Mapping[str, str] = {}, **link_as: Any
    ) -> AsyncIterator[Watcher]:
        """A socket that has said hello, where a token is given; `also` goes along in the greeting."""
        url = f"ws://127.0.0.1:{self.port}/graphql"
        async with connect(url, subprotocols=[protocol], proxy=None, **link_as) as link:  # type: ignore[list-item]
            watcher = Watcher(link)
            if token is not None:
                await watcher.send(type="connection_init", payload={"authorization": f"Bearer {token}", **also})
                assert (await watcher.next())["type"] == "connection_ack"
            yield watcher


class Watcher:
    """One socket."""

    def __init__(self, link: ClientConnection) -> None:
        self.link = link
        self._ids = itertools.count(1)

    async def send(self, **message: Any) -> None:
        await self.link.send(json.dumps(message))

    async def next(self, seconds: float = 20) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            return json.loads(await self.link.recv())

    async def subscribe(self, teacher: str, query: str = CHANGED, cursor: object = None) -> str:
        name = str(next(self._ids))
        also = {} if cursor is None else {"extensions": {"cursor": cursor}}
        await self.send(type="subscribe", id=name, payload={"query": query, "variables": {"t": teacher}, **also})
        return name

    async def pushed(self) -> tuple[Any, dict[str, Any]]:
        """The next standing that is pushed, and its extensions."""
        message = await self.next()
        assert message["type"] == "next", message
        return message["payload"]["data"]["standingChanged"], message["payload"]["extensions"]

    async def standing(self) -> Any:
        """The next standing that is pushed."""
        message = await self.next()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]["standingChanged"]

    async def quiet(self) -> None:
        """Nothing was sent so far: the answer to a ping is the next message."""
        await self.send(type="ping")
        assert (await self.next())["type"] == "pong"

    async def closed(self) -> int:
        """The code with which the other side closed."""
        async with asyncio.timeout(20):
            await self.link.wait_closed()
        return self.link.close_code or 0


@contextlib.asynccontextmanager
async def gate(
    url: str,
    keys: Path,
    held: Held | None = None,
    *,
    tokens: TokenReader | None = None,
    call: Callable[[Bus], Call] | None = None,
    access: Access = OPEN,
    **options: Any,
) -> AsyncIterator[Gate]:
    """Serve the gateway until the block ends; `call` gives what carries its requests instead of the bus."""
    held = held or Held()
    issuer = DevelopmentIssuer.open(keys)
    tokens = tokens or TokenReader(KeyFile(keys / PUBLIC_FILE), audience=AUDIENCE, issuer=ISSUER)
    bus = await Bus.connect(url, name="gateway", access=access)
    app = build_app(
        schema=build_schema(),
        backend=Backend(call(bus) if call else bus.call),
        tokens=tokens,
        health=Health(bus, tokens, ("credits",)),
        listen=functools.partial(listen, bus),
        held=held,
        **options,
    )
    async with at_port(app, issuer, held) as door:
        yield door
    await bus.close()


@contextlib.asynccontextmanager
async def at_port(
    app: Starlette, issuer: DevelopmentIssuer, held: Held, buffer: int = 0, **also: Any
) -> AsyncIterator[Gate]:
    """Serve an app on a port of its own until the block ends; its sockets send by `buffer` bytes where it is said."""
    with socket.socket() as place:
        if buffer:
            place.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        place.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            Cuttable(app),
            log_config=None,
            ws=Denying,
            lifespan="off",
            timeout_graceful_shutdown=5,
            **also,
        )
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        serving = asyncio.create_task(server.serve(sockets=[place]))
        try:
            while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody that it has started
                await asyncio.sleep(0.01)
            yield Gate(place.getsockname()[1], issuer, held, server)
        finally:
            server.should_exit = True
            held.end()
            await serving
