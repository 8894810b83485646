"""How a process shows that it answers: a service on $SRV.INFO, a web server on its health address."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec
import nats.errors
from nats.aio.client import Client

ANSWER_WITHIN = 2.0

Probe = Callable[[], Awaitable[bool]]


def http_answers(url: str) -> Probe:
    """A probe that is true while the address, of plain HTTP, answers 200.

    Asked by hand: a client of HTTP is ten megabytes of which one line would be used, and as long as the platform runs.
    """
    at = urlsplit(url)
    request = f"GET {at.path} HTTP/1.0\r\nHost: {at.netloc}\r\n\r\n".encode()

    async def probe() -> bool:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                reader, writer = await asyncio.open_connection(at.hostname, at.port)
                try:
                    writer.write(request)
                    return (await reader.readline()).split()[1:2] == [b"200"]
                finally:
                    writer.close()
        except (OSError, TimeoutError, ValueError):
            return False

    return probe


def service_answers(nats_client: Client, service: str, instances: int, endpoints: int) -> Probe:
    """A probe that is true while at least that many instances of a service answer with all their endpoints."""

    async def probe() -> bool:
        seen: set[str] = set()
        enough = asyncio.Event()

        async def note(message: Any) -> None:
            if not message.data:
                return  # the server's own word: nobody listens there yet
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
                async with asyncio.timeout(ANSWER_WITHIN / 10):
                    await enough.wait()
            finally:
                await subscription.unsubscribe()
        except (nats.errors.Error, TimeoutError, OSError):
            return False
        return True

    return probe
