"""Browsers of a listed origin may ask and read, of any other they may not; without a list nobody is told anything."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.cross_origin import cross_origin
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.settings import GatewaySettings
from yanxiu_wire.rpc import Bus
from yanxiu_wire.settings import SettingRefused, read_settings

from tests.gateway.conftest import gateway
from tests.gateway.world import World

SCREENS = "https://screens.example"


@pytest.fixture
def app(schema: GatewaySchema, world: World, tokens: TokenReader, bus: Bus) -> Starlette:
    return gateway(schema, world.call, tokens, bus)


async def ask(app: Starlette, origins: tuple[str, ...], method: str, headers: Mapping[str, str]) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=cross_origin(app, origins))
    async with httpx2.AsyncClient(transport=transport, base_url="http://gateway") as http:
        return await http.request(method, "/graphql", headers=headers, json={"query": "{ __typename }"})


def preflight(origin: str) -> dict[str, str]:
    wanted = "authorization,content-type,yanxiu-district,yanxiu-grant,accept-language"
    return {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": wanted,
    }


async def test_a_listed_origin_may_ask_and_read(app: Starlette) -> None:
    before = await ask(app, (SCREENS,), "OPTIONS", preflight(SCREENS))
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (200, SCREENS)
    assert "yanxiu-grant" in before.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in before.headers
    answer = await ask(app, (SCREENS,), "POST", {"origin": SCREENS})
    assert answer.json()["data"] == {"__typename": "Query"}
    assert answer.headers["access-control-allow-origin"] == SCREENS
    assert "retry-after" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    "origin", ["https://other.example", "http://screens.example", "null", f"{SCREENS}.evil.example"]
)
async def test_another_origin_may_not(app: Starlette, origin: str) -> None:
    assert (await ask(app, (SCREENS,), "OPTIONS", preflight(origin))).status_code == 400
    assert "access-control-allow-origin" not in (await ask(app, (SCREENS,), "POST", {"origin": origin})).headers


async def test_without_a_list_nothing_is_said(app: Starlette) -> None:
    answers = [await ask(app, (), "OPTIONS", preflight(SCREENS)), await ask(app, (), "POST", {"origin": SCREENS})]
    assert answers[0].status_code == 405
    assert not [name for one in answers for name in one.headers if name.startswith("access-control")]


@pytest.mark.parametrize("wrong", ["*", "https://*.example", "screens.example", "https://screens.example/"])
def test_what_is_no_origin_keeps_the_gateway_from_starting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wrong: str
) -> None:
    monkeypatch.setenv("YANXIU_KEYS", str(tmp_path))
    monkeypatch.setenv("YANXIU_NATS_URL", "nats://localhost:4222")
    monkeypatch.setenv("YANXIU_ALLOWED_ORIGINS", SCREENS)
    assert read_settings(GatewaySettings).allowed_origins == (SCREENS,)
    monkeypatch.setenv("YANXIU_ALLOWED_ORIGINS", wrong)
    with pytest.raises(SettingRefused):
        read_settings(GatewaySettings)
