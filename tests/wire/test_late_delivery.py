"""A request that the server hands over before it has read the end of the subscription is answered.

nats-py's own drain loses it in about 2 of 100 cases under load; with this slow server, of the test's own, in each.
"""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.rpc import Bus

from .conftest import Ask, Sample, Told

SLOW_SECONDS = 0.03
INFO = {"server_id": "late", "version": "2.15.1", "max_payload": 1_000_000, "headers": True, "proto": 1}


class LateServer:
    """Speaks as much NATS as one client needs; it hands over a request just before it reads an UNSUB."""

    def __init__(self) -> None:
        self.published: dict[str, bytes] = {}
        self.answered = asyncio.Event()
        self._subscriptions: dict[bytes, bytes] = {}

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"INFO " + json.dumps(INFO).encode() + b"\r\n")
        while line := (await reader.readline()).split():
            match line[0]:
                case b"PING":
                    writer.write(b"PONG\r\n")
                case b"SUB":
                    self._subscriptions[line[-1]] = line[1]
                case b"UNSUB":
                    await asyncio.sleep(SLOW_SECONDS)
                    writer.write(self._last_request(line[1]))
                case b"PUB" | b"HPUB":
                    data = await reader.readexactly(int(line[-1]) + 2)
                    self.published[line[1].decode()] = data[int(line[-2]) if line[0] == b"HPUB" else 0 : -2]
                    self.answered.set()
        writer.close()

    def _last_request(self, number: bytes) -> bytes:
        subject = self._subscriptions.pop(number, b"")
        if not subject.endswith(b".ask.*"):
            return b""
        body = b'{"caller":{"subject":"s","role":"auditor","district":"puer"},"number":"7"}'
        return b"MSG %s %s reply.7 %d\r\n%s\r\n" % (subject.replace(b"*", b"puer"), number, len(body), body)


async def test_the_last_request_before_the_end_is_answered() -> None:
    late = LateServer()
    server = await asyncio.start_server(late.talk, "127.0.0.1", 0)
    bus = await Bus.connect(f"nats://127.0.0.1:{server.sockets[0].getsockname()[1]}", name="service")
    sample = Sample(bus, "late")

    async def answer(_district: str, ask: Ask, _deadline: Deadline) -> Told:
        return Told(number=ask.number)

    serving = await sample.serve(answer)
    await serving.drain()
    await asyncio.wait_for(late.answered.wait(), 5)
    assert json.loads(late.published["reply.7"])["number"] == str(Decimal(7))
    await bus.close()
    server.close()
    await server.wait_closed()
