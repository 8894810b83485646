"""A light HTTP/1.1 load generator on asyncio streams: keep-alive, a fixed number of requests, latencies in seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

Body = Mapping[str, Any]
# Questions of which the right answer is remembered.
MOST_KNOWN = 4_096


class Measured(NamedTuple):
    """Requests per second, the median and 99th-percentile latency in milliseconds, and what of a core asking took."""

    rate: float
    p50: float
    p99: float
    own: float


class Checked:
    """Answers that were looked at: one that is, byte for byte, what was right for the same question is right again.

    So a long answer is decoded once and compared from then on, of every stack in the same way: this process has no
    core of its own.
    """

    def __init__(self, check: Callable[[Any], object]) -> None:
        self._check = check
        self._right: dict[bytes, bytes] = {}

    def look(self, asked: bytes, answer: bytes) -> None:
        """Check an answer; whatever `check` raises is raised."""
        if self._right.get(asked) == answer:
            return
        self._check(msgspec.json.decode(answer))
        if len(self._right) < MOST_KNOWN or asked in self._right:
            self._right[asked] = answer


async def post(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, raw: bytes, headers: str, path: str = "/graphql"
) -> bytes:
    """Send one POST and return the body of the answer; anything but 200 raises RuntimeError."""
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
    checked: Checked | None = None,
) -> Measured:
    """Send `requests` bodies `make(0..n-1)` over so many connections; `checked` looks at every answer."""
    numbers = iter(range(requests))
    latencies: list[float] = []

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        for number in numbers:
            raw = msgspec.json.encode(make(number))
            started = time.perf_counter()
            answer = await post(reader, writer, raw, headers, path)
            latencies.append(time.perf_counter() - started)
            if checked is not None:
                checked.look(raw, answer)
        writer.close()
        await writer.wait_closed()

    began, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(connections)))
    took = time.perf_counter() - began
    own = (time.process_time() - used) / took
    latencies.sort()
    p50, p99 = (latencies[int(len(latencies) * share)] * 1e3 for share in (0.5, 0.99))
    return Measured(requests / took, p50, p99, own)
