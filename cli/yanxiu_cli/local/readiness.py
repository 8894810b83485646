"""How a process shows that it answers: a service on $SRV.INFO, a web server on its health address."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import msgspec
import nats.errors
from nats.aio.client import Client

ANSWER_WITHIN = 2.0

Probe = Callable[[], Awaitable[bool]]


def http_answers(url: str) -> Probe:
    """A probe that is true while the address answers 200."""

    async def probe() -> bool:
        try:
            async with httpx2.AsyncClient(timeout=ANSWER_WITHIN, trust_env=False) as client:
                return (await client.get(url)).status_code == 200
        except httpx2.HTTPError:
            return False

    return probe


def service_answers(nats_client: Client, service: str, instances: int, endpoints: int) -> Probe:
    """A probe that is true while at least that many instances of a service answer with all their endpoints."""

    async def probe() -> bool:
        seen: set[str] = set()
        enough = asyncio.Event()

        async def note(message: Any) -> None:
            told = msgspec.json.decode(message.data)
            if len(told["endpoints"] or ()) >= endpoints:
                seen.add(told["id"])
            if len(seen) >= instances:
                enough.set()

        try:
            inbox = nats_client.new_inbox()
            subscription = await nats_client.subscribe(inbox, cb=note)
            try:
                await nats_client.publish(f"$SRV.INFO.{service}", b"", reply=inbox)
                await asyncio.wait_for(enough.wait(), ANSWER_WITHIN / 10)
            finally:
                await subscription.unsubscribe()
        except (nats.errors.Error, TimeoutError, OSError):
            return False
        return True

    return probe
