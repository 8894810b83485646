"""Requests that come slowly, half or never: answered or cut off in time; faults stay masked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from yanxiu_gateway import unbroken
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.limits import Limits
from yanxiu_gateway.live_limits import Held
from yanxiu_gateway.prompt import prompt
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire.rpc import Bus

from tests.gateway.conftest import gateway
from tests.gateway.world import World
from tests.services.credits.standings.live import Gate, at_port

HEAD = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
BODY = json.dumps({"query": "{ __typename }"}).encode()
WHOLE = HEAD + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY
NEVER = {
    "nothing": b"",
    "half a header": HEAD[:40],
    "a header without its end": HEAD,
    "a size that has no end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 8,
    "an answered request and half of the next": WHOLE + HEAD,
}


@pytest.fixture
async def door(
    schema: GatewaySchema, world: World, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer
) -> AsyncIterator[Gate]:
    held = Held()
    app = gateway(schema, world.call, tokens, bus, held=held, limits=Limits(body_seconds=0.2))
    async with at_port(app, issuer, held, http=prompt(HttpToolsProtocol, within=0.6)) as open_gate:
        yield open_gate


async def _all(reader: asyncio.StreamReader) -> bytes:
    """Whatever comes until the other side ends."""
    came = b""
    async with asyncio.timeout(20):
        try:
            while part := await reader.read(4_096):
                came += part
        except ConnectionResetError:
            pass
    return came


@pytest.mark.parametrize("which", NEVER)
async def test_who_sends_no_whole_request_is_cut_off(door: Gate, which: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(NEVER[which])
    came = await _all(reader)
    writer.close()
    assert came.count(b"HTTP/1.1 200") == (1 if "answered" in which else 0)
    assert b"Query" in came or "answered" not in which


async def test_a_body_that_does_not_come_is_answered(door: Gate) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(HEAD + b"Content-Length: 500\r\n\r\n" + b'{"query":')
    came = await _all(reader)
    writer.close()
    assert came.startswith(b"HTTP/1.1 408")
    assert b"BODY_TOO_SLOW" in came


async def test_a_connection_that_was_answered_may_rest(door: Gate) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    for _ in range(2):
        writer.write(WHOLE)
        async with asyncio.timeout(20):
            assert b"200" in await reader.readuntil(b"\r\n\r\n")
            assert b"Query" in await reader.readuntil(b"}}")
        # Longer than a request may take: what is measured is the time itself.
        await asyncio.sleep(0.8)
    writer.close()


async def test_what_escapes_the_application_is_logged_as_a_fault_and_never_reaches_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def breaks(*_given: Any) -> None:
        raise ValueError("110101199003077774")

    sent: list[Any] = []
    logged: list[str] = []
    # That it masks is shown where faults are (test_faults).
    monkeypatch.setattr(unbroken, "log_unexpected", lambda error: logged.append(type(error).__name__))

    async def send(message: Any) -> None:
        sent.append(message)

    await unbroken.Unbroken(breaks)({"type": "websocket"}, None, send)  # type: ignore[arg-type]  # nothing is received
    await unbroken.Unbroken(breaks)({"type": "http"}, None, send)  # type: ignore[arg-type]  # nothing is received
    assert [(one["code"], one["reason"]) for one in sent] == [(1011, "")]
    assert logged == ["ValueError", "ValueError"]
