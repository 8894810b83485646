"""A subscription over either transport, as a front end holds it: a socket (graphql-transport-ws) or a stream (SSE)."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx2

from tests.services.credits.standings.live import Gate

TRANSPORTS = ("websocket", "sse")
Next = Callable[[], Awaitable[Any]]


@contextlib.asynccontextmanager
async def subscribed(door: Gate, token: str, transport: str, query: str) -> AsyncIterator[Next]:
    """Give what waits for the next answer of a subscription and returns its only field's value."""
    async with (_by_socket if transport == "websocket" else _by_stream)(door, token, query) as heard:

        async def pushed() -> Any:
            payload = await heard()
            assert "errors" not in payload, payload
            (value,) = payload["data"].values()
            return value

        yield pushed


@contextlib.asynccontextmanager
async def _by_socket(door: Gate, token: str, query: str) -> AsyncIterator[Next]:
    async with door.socket(token) as watcher:
        await watcher.send(type="subscribe", id="1", payload={"query": query})

        async def heard() -> Any:
            message = await watcher.next()
            assert message["type"] == "next", message
            return message["payload"]

        yield heard


@contextlib.asynccontextmanager
async def _by_stream(door: Gate, token: str, query: str) -> AsyncIterator[Next]:
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}"}
    url = f"http://127.0.0.1:{door.port}/graphql"
    async with (
        httpx2.AsyncClient(trust_env=False, timeout=20) as http,
        http.stream("POST", url, json={"query": query}, headers=headers) as answer,
    ):
        lines = answer.aiter_lines()

        async def heard() -> Any:
            async with asyncio.timeout(20):
                async for line in lines:
                    if line.startswith("data: "):
                        return json.loads(line.removeprefix("data: "))
            raise AssertionError("the stream ended")

        yield heard
