"""A light HTTP/1.1 load generator on asyncio streams: keep-alive, a fixed number of requests, latencies in seconds."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

Body = Mapping[str, Any]


class Measured(NamedTuple):
    """Requests per second and the median and 99th-percentile latency in milliseconds."""

    rate: float
    p50: float
    p99: float


async def post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: Body, headers: str, path: str = "/graphql"
) -> bytes:
    """Send one POST and return the body of the answer; anything but 200 raises RuntimeError."""
    raw = json.dumps(body).encode()
    writer.write(
        f"POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n{headers}"
        f"content-length: {len(raw)}\r\n\r\n".encode()
        + raw
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length:"))
    answer = await reader.readexactly(length)
    if not head.startswith("http/1.1 200"):
        raise RuntimeError(f"{head.splitlines()[0]}: {answer[:300]!r}")
    return answer


async def measure(
    port: int,
    make: Callable[[int], Body],
    *,
    requests: int,
    connections: int,
    headers: str = "",
    path: str = "/graphql",
    check: Callable[[Any], None] = lambda _answer: None,
) -> Measured:
    """Send `requests` bodies `make(0..n-1)` over so many connections; `check` sees every decoded answer."""
    numbers = iter(range(requests))
    latencies: list[float] = []

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        for number in numbers:
            started = time.perf_counter()
            answer = await post(reader, writer, make(number), headers, path)
            latencies.append(time.perf_counter() - started)
            check(msgspec.json.decode(answer))
        writer.close()
        await writer.wait_closed()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    took = time.perf_counter() - began
    latencies.sort()
    return Measured(requests / took, latencies[len(latencies) // 2] * 1e3, latencies[int(len(latencies) * 0.99)] * 1e3)
