"""Parts of a message whose askers hold the answers: said so before anything is begun, as if each had been answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from prometheus_client import REGISTRY
from yanxiu_wire import tracing
from yanxiu_wire.bundle import Answer, Asked
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.known import HELD, digest_of
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus, Serving

from tests.conftest import NatsServer

from .conftest import Ask, Told

SERVICE = "knows-much"
GET, HANGS = (Endpoint(SERVICE, verb, Ask, Told | Refused) for verb in ("get-one", "get-hanging"))
CALLER = Caller(subject="synthetic", role="auditor", district="puer")


def told(number: int) -> Told:
    return Told(number=Decimal(number))


def digest(number: int) -> str:
    return digest_of(encode(told(number)))


class Knowing:
    """A handler that knows its even answers."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.said: list[tuple[str, int, str | None]] = []
        self.moments: list[object] = []

    async def __call__(self, _district: str, ask: Ask, _deadline: Deadline) -> Told:
        self.begun.append(int(ask.number))
        assert HELD.get()
        return told(int(ask.number))

    def same(self, district: str, body: bytes | memoryview, known: str, moment: object) -> bool:
        number = next(one for one in range(100) if encode(asking(one)) == body)
        if number == 98:
            raise ValueError("a fault of the test's own")
        if number % 2 or known != digest(number):
            return False
        self.said.append((district, number, tracing.trace_id()))
        self.moments.append(moment)
        return True


def asking(number: int) -> Ask:
    return Ask(caller=CALLER, number=Decimal(number))


class Service:
    def __init__(self, asker: Bus, knowing: Knowing, serving: Serving) -> None:
        self.bus = asker
        self.knowing = knowing
        self.serving = serving
        self.released = asyncio.Event()

    def ask(self, number: int, known: str = "", *, seconds: float = 5.0, trace: str = "", verb: str = "get-one") -> Any:
        body, until = encode(asking(number)), Deadline.after(seconds).at_ms
        head = Asked(verb, until, trace, len(body), known or digest(number))
        return self.bus.shared_bundles.ask(SERVICE, "puer", head, body, object())

    async def trace_of_who_reads(self) -> str | None:
        """The trace that the task is in which reads the service's messages."""
        seen: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        heard = await self.serving._bus.nats.listen("trace-of-who-reads", lambda _: seen.set_result(tracing.trace_id()))
        await self.serving._bus.flush()
        await self.bus.nats.publish("trace-of-who-reads")
        found = await seen
        await heard.unsubscribe()
        return found

    async def until_waiting(self, many: int) -> None:
        """Until so many wait for a slot of the service."""
        while sum((one.data or {})["waiting"] for one in self.serving._presence.stats().endpoints) < many:  # noqa: ASYNC110 - it tells no event of it
            await asyncio.sleep(0)


@pytest.fixture
async def service(nats_server: NatsServer) -> AsyncIterator[Service]:
    asker, answering = [await Bus.connect(nats_server.url, name=name) for name in ("asker", "answering")]
    knowing, released = Knowing(), asyncio.Event()

    async def hang(_district: str, ask: Ask, _deadline: Deadline) -> Told:
        await released.wait()
        return told(int(ask.number))

    serving = await answering.serve(SERVICE, "1.0.0", {GET: knowing, HANGS: hang}, concurrency=4)
    found = Service(asker, knowing, serving)
    found.released = released
    yield found
    released.set()
    await serving.drain()
    await answering.close()
    await asker.close()


def counted() -> float:
    labels = {"service": SERVICE, "endpoint": GET.verb, "outcome": "ok"}
    return REGISTRY.get_sample_value("yanxiu_endpoint_requests_total", labels) or 0.0


async def test_what_is_known_is_said_beside_what_is_answered_and_each_is_counted(service: Service) -> None:
    before = counted()
    traces = [f"00-{number:032x}-00000000000000ff-00" for number in range(1, 5)]
    found = await asyncio.gather(
        *(service.ask(number, trace=traces[number]) for number in range(3)),
        service.ask(4, digest(5)),
        service.ask(6, seconds=-1),
    )
    assert [one.same for one in found] == [True, True, True, False, False]
    assert found[3].data == encode(told(4)), "another than he holds"
    assert found[4].fault == "DEADLINE_EXCEEDED"
    assert service.knowing.begun == [1, 4]
    assert [number for _, number, _ in service.knowing.said] == [0, 2]
    assert [trace for *_, trace in service.knowing.said] == [traces[0][3:35], traces[2][3:35]]
    assert service.knowing.moments[0] is service.knowing.moments[1], "nothing had a turn between them"
    assert await service.trace_of_who_reads() is None, "nobody goes on in a part's trace"
    stats = next(one for one in service.serving._presence.stats().endpoints if one.name == "get-one")
    assert (stats.num_requests, stats.num_errors) == (5, 1)
    assert counted() - before == 4


async def test_who_cannot_tell_for_a_fault_answers_as_ever_and_holds_up_no_other_part(service: Service) -> None:
    found = await asyncio.gather(service.ask(0), service.ask(98), service.ask(2))
    assert [one.same for one in found] == [True] * 3
    assert service.knowing.begun == [98]


async def test_a_message_of_nothing_else_is_answered_at_once_also_where_the_connection_is_full(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await service.ask(0) == Answer("", b"", same=True)
    desk = service.serving._bus.nats
    taken = desk.taken
    monkeypatch.setattr(desk, "taken", lambda *given, **named: len(given) > 2 and taken(*given, **named))
    assert await service.ask(2) == Answer("", b"", same=True)
    assert service.knowing.begun == []


async def test_who_would_have_to_wait_his_turn_waits(service: Service) -> None:
    hanging = [service.ask(number, verb="get-hanging") for number in range(5)]
    await service.until_waiting(1)
    waiting = service.ask(0)
    await service.until_waiting(2)
    assert service.knowing.said == []
    service.released.set()
    await asyncio.wait([*hanging, waiting])
    assert waiting.result().same
    assert service.knowing.begun == [0], "begun as any other"


async def test_where_spans_are_recorded_every_question_has_its_own(service: Service) -> None:
    tracing.record_with(TracerProvider().get_tracer("test"))
    try:
        assert (await service.ask(0)).same
    finally:
        tracing.record_with(None)
    assert (service.knowing.said, service.knowing.begun) == ([], [0])
