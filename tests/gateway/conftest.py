"""A gateway in this process over the synthetic world, and a client that asks it as HTTP clients do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from yanxiu_gateway.app import build_app
from yanxiu_gateway.backend import Backend, Call
from yanxiu_gateway.bundling import Bundling
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.health import Health
from yanxiu_gateway.schema.build import GatewaySchema, build_schema
from yanxiu_gateway.signing_keys import KeyFile
from yanxiu_gateway.tokens import AUDIENCE, ISSUER, PUBLIC_FILE, DevelopmentIssuer
from yanxiu_wire.caller import Caller, Role
from yanxiu_wire.rpc import Bus

from tests.gateway.world import World


class Client:
    """Asks one gateway, by default as an institute officer of Pu'er."""

    def __init__(self, app: Starlette, issuer: DevelopmentIssuer) -> None:
        # A fault in the application must come back as an answer, as it does from a server.
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://gateway")
        self.issuer = issuer

    def token(self, district: str = "puer", role: Role = "institute-officer", **scope: Any) -> str:
        return self.issuer.issue(Caller(subject="synthetic", role=role, district=district, **scope))

    async def post(self, query: str, *, token: str | None = "", headers: Any = None, **body: Any) -> httpx2.Response:
        """The raw answer; `token=None` sends none."""
        sent = dict(headers or {})
        if token is not None:
            sent["authorization"] = f"Bearer {token or self.token()}"
        return await self.http.post("/graphql", json={"query": query, **body}, headers=sent)

    async def ask(self, query: str, **more: Any) -> dict[str, Any]:
        """The answer's body, without what it cost."""
        answer = (await self.post(query, **more)).json()
        answer.pop("extensions", None)
        return answer

    async def data(self, query: str, **more: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = await self.ask(query, **more)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def issuer(keys: Path) -> DevelopmentIssuer:
    return DevelopmentIssuer.open(keys)


@pytest.fixture
def tokens(keys: Path, issuer: DevelopmentIssuer) -> TokenReader:
    return TokenReader(KeyFile(keys / PUBLIC_FILE), issuer=ISSUER, audience=AUDIENCE)


@pytest.fixture(scope="session")
def schema() -> GatewaySchema:
    return build_schema()


@pytest.fixture
def world() -> World:
    return World()


def gateway(schema: GatewaySchema, call: Call, tokens: TokenReader, bus: Bus, **options: Any) -> Starlette:
    return build_app(
        schema=schema,
        backend=Backend(call),
        tokens=tokens,
        health=Health(bus, tokens, ("registry", "credits")),
        **options,
    )


@pytest.fixture
async def client(
    schema: GatewaySchema, world: World, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer
) -> AsyncIterator[Client]:
    """Over the world in this process."""
    found = Client(gateway(schema, world.call, tokens, bus, console=True), issuer)
    async with found.http:
        yield found


@pytest.fixture
async def wired(
    schema: GatewaySchema, world: World, tokens: TokenReader, own_bus: Bus, issuer: DevelopmentIssuer
) -> AsyncIterator[Client]:
    """Over a real nats-server; a test serves the world there as it likes."""
    found = Client(gateway(schema, Bundling(own_bus), tokens, own_bus), issuer)
    async with found.http:
        yield found
