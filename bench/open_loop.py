"""An open-loop HTTP/1.1 generator: requests leave at their times, whether or not those before were answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, cast

MOST_CONNECTIONS = 4000
_TICK = 0.005


class Request(NamedTuple):
    """What is sent, as bytes, of which kind, and within how many seconds an answer is of use."""

    kind: str
    raw: bytes
    seconds: float


@dataclass
class Seen:
    """What came of the requests of one kind: good answers with their seconds, and the others by what they were."""

    sent: int = 0
    good: list[float] = field(default_factory=list)
    away: int = 0
    late: int = 0
    failed: int = 0

    def quantile(self, part: float) -> float:
        """Milliseconds within which that part of the good answers came."""
        ordered = sorted(self.good)
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] * 1e3 if ordered else 0.0


class Connection(asyncio.Protocol):
    """One keep-alive connection with one request on its way at most."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._request: Request | None = None
        self._since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's own is no subclass.
        self._transport = cast("asyncio.Transport", transport)
        if self._request is not None:
            self._transport.write(self._request.raw)

    def send(self, request: Request, due: float) -> None:
        """Send now, or when the connection stands; the time runs from when it was due."""
        self._request, self._since = request, due
        if self._transport is not None:
            self._transport.write(request.raw)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0 or self._request is None:
            return
        start = self._buffer.find(b"content-length:")
        if start < 0 or len(self._buffer) < head + 4 + int(self._buffer[start + 15 : self._buffer.find(b"\r", start)]):
            return
        answer, request = bytes(self._buffer), self._request
        self._buffer.clear()
        self._request = None
        self._loop.answered(request, answer, time.perf_counter() - self._since)
        self._loop.idle.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None
        if self in self._loop.idle:
            self._loop.idle.remove(self)
        if self._request is not None:
            self._loop.seen[self._request.kind].failed += 1
            self._loop.on_the_way -= 1
        self._loop.connections -= 1

    def close(self) -> None:
        """End it."""
        if self._transport is not None:
            self._transport.abort()


class Loop:
    """Sends at a rate for a time and counts what came of it."""

    def __init__(self, port: int, kinds: Iterator[Request], good: Callable[[bytes], bool]) -> None:
        self._port = port
        self._kinds = kinds
        self._good = good
        self.idle: list[Connection] = []
        self._all: list[Connection] = []
        self.connections = 0
        self.on_the_way = 0
        self.unsent = 0
        # The first answer that was neither good nor turned away.
        self.wrong = b""
        self.seen: dict[str, Seen] = {}

    async def run(self, rate: float, seconds: float) -> dict[str, Seen]:
        """Send at that rate for so long, then wait until all is answered or too late."""
        self.seen, self.unsent = {}, 0
        began, sent = time.perf_counter(), 0
        while (now := time.perf_counter() - began) < seconds:
            while sent < now * rate:
                await self._send(began + sent / rate)
                sent += 1
            await asyncio.sleep(_TICK)
        # No event tells that a lost answer will not come any more.
        give_up = time.perf_counter() + 9
        while self.on_the_way and time.perf_counter() < give_up:  # noqa: ASYNC110
            await asyncio.sleep(_TICK)
        return self.seen

    async def _send(self, due: float) -> None:
        request = next(self._kinds)
        seen = self.seen.setdefault(request.kind, Seen())
        if not self.idle:
            if self.connections >= MOST_CONNECTIONS:
                self.unsent += 1
                return
            self.connections += 1
            connection = Connection(self)
            self._all.append(connection)
            await asyncio.get_running_loop().create_connection(lambda: connection, "127.0.0.1", self._port)
        else:
            connection = self.idle.pop()
        seen.sent += 1
        self.on_the_way += 1
        connection.send(request, due)

    def answered(self, request: Request, answer: bytes, seconds: float) -> None:
        """Count one answer."""
        self.on_the_way -= 1
        seen = self.seen.setdefault(request.kind, Seen())
        if answer.startswith(b"HTTP/1.1 503") or b'"OVERLOADED"' in answer:
            seen.away += 1
        elif not self._good(answer):
            seen.failed += 1
            self.wrong = self.wrong or answer[:2000]
        elif seconds > request.seconds:
            seen.late += 1
        else:
            seen.good.append(seconds)

    def close(self) -> None:
        """End all connections."""
        for one in self._all:
            one.close()
