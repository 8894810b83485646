"""Whether answers at hand hold, asked of real services on the short way: what comes of it is as on the long one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from prometheus_client import REGISTRY
from yanxiu_gateway import asking_again
from yanxiu_gateway.asking_again import AskingAgain
from yanxiu_gateway.asking_briefly import Briefly
from yanxiu_gateway.bundling import Bundling, one_operation
from yanxiu_gateway.circuits import Circuits
from yanxiu_gateway.equal_reads import EqualReads
from yanxiu_gateway.executing import Executed
from yanxiu_gateway.execution.company import Company
from yanxiu_gateway.kept_answers import KeptAnswers
from yanxiu_gateway.metrics import Counted
from yanxiu_gateway.retrying import Retrying
from yanxiu_wire import registry, tracing
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import RemoteFault, ServiceUnavailable, WireFault
from yanxiu_wire.known import digest_of
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus, Serving

from tests.conftest import NatsServer

CALLER = Caller(subject="synthetic", role="auditor", district="puer")
ONE, TWO = (Endpoint(name, "get-one", registry.GetSchools, registry.Schools | Refused) for name in ("some", "others"))


class Knowing:
    """A service whose answer may change, hang or fail; `asked` are its questions, `begun` those that were begun."""

    def __init__(self) -> None:
        self.answer = registry.Schools(items=())
        self.asked = self.begun = self.away = 0
        self.fails = False
        self.going = asyncio.Event()
        self.going.set()

    async def __call__(self, _district: str, _asked: Any, _deadline: Deadline) -> Any:
        self.asked, self.begun = self.asked + 1, self.begun + 1
        await self.going.wait()
        if self.fails:
            raise RemoteFault("some", "1")
        if self.away:
            self.away -= 1
            raise ServiceUnavailable("some")
        return self.answer

    def same(self, _district: str, _body: bytes | memoryview, known: str, _moment: object) -> bool:
        same = self.going.is_set() and not (self.fails or self.away) and known == digest_of(encode(self.answer))
        self.asked += same
        return same

    def change(self) -> None:
        self.answer = registry.Schools(items=(*self.answer.items, None))


class Platform(NamedTuple):
    bus: Bus
    answering: Bus
    again: AskingAgain
    circuits: Circuits
    services: dict[str, Knowing]
    servings: dict[str, Serving]
    sent: list[str]

    async def ask(self, key: str = "q", seconds: float = 3.0) -> list[Any]:
        """What an operation is told that asks one thing of a service, and then of both."""

        async def execute(until: Deadline) -> Executed:
            with one_operation(Company(counted=False)):
                first = await self._one(ONE, key, until)
                found = [first, *await asyncio.gather(*(self._one(its, f"{key}+", until) for its in (ONE, TWO)))]
            failed = any(isinstance(one, Exception) for one in found)
            return Executed(None if failed else encode(found), found if failed else ())  # type: ignore[arg-type]

        with tracing.continued():
            deadline = Deadline.after(seconds)
            told = await self.again.with_known((key,), execute)(deadline)
        return list(told.errors) if told.data is None else [told.data]

    async def _one(self, endpoint: Endpoint[Any, Any], key: str, until: Deadline) -> Any:
        asked = registry.GetSchools(caller=CALLER, ids=(key,))
        try:
            return await self.again(endpoint, asked, district="puer", deadline=until)
        except WireFault as fault:
            return fault

    def asked(self) -> list[int]:
        """How often each service was asked and had to begin something, since the last time."""
        found = [number for its in self.services.values() for number in (its.asked, its.begun)]
        for its in self.services.values():
            its.asked = its.begun = 0
        self.sent.clear()
        return found


@pytest.fixture
async def platform(nats_server: NatsServer) -> AsyncIterator[Platform]:
    bus, answering = [await Bus.connect(nats_server.url, name=name) for name in ("gateway", "answering")]
    services = {"some": Knowing(), "others": Knowing()}
    servings = {
        its.service: await answering.serve(its.service, "1.0.0", {its: services[its.service]}) for its in (ONE, TWO)
    }
    circuits, sent = Circuits(Counted(Bundling(bus))), list[str]()
    again = AskingAgain(EqualReads(Retrying(circuits)), KeptAnswers(), Briefly(bus, circuits))
    taken = bus.nats.taken

    def counting(subject: str, *given: Any, **named: Any) -> bool:
        sent.append(subject)
        return taken(subject, *given, **named)

    bus.nats.taken = counting  # type: ignore[method-assign]  # what leaves is counted
    found = Platform(bus, answering, again, circuits, services, servings, sent)
    for _ in range(2):
        await found.ask()
    found.asked()
    yield found
    for its in services.values():
        its.going.set()
    for serving in servings.values():
        await serving.drain()
    await answering.close()
    await bus.close()


def calls() -> float:
    labels = {"service": "some", "endpoint": "get-one", "outcome": "ok"}
    return REGISTRY.get_sample_value("yanxiu_service_calls_total", labels) or 0.0


async def test_what_holds_is_asked_round_by_round_in_a_message_a_service_and_counted(platform: Platform) -> None:
    before, first = calls(), await platform.ask()
    assert Counter(platform.sent) == {"yanxiu.v1.some.bundle.puer": 2, "yanxiu.v1.others.bundle.puer": 1}
    assert platform.asked() == [2, 0, 1, 0], "nothing was begun"
    assert calls() - before == 2
    assert await platform.ask() == first
    many = await asyncio.gather(*(platform.ask() for _ in range(8)))
    assert many == [first] * 8
    assert len(platform.sent) < 3 * 8, "what operations ask in one turn leaves together"
    assert not platform.bus.replies._waiting


async def test_what_has_changed_is_executed_and_nothing_asked_twice(platform: Platform) -> None:
    before = await platform.ask()
    platform.asked()
    platform.services["others"].change()
    after = await platform.ask()
    assert after != before
    assert platform.asked() == [2, 0, 1, 1]
    assert await platform.ask() == after
    assert platform.asked() == [2, 0, 1, 0]
    platform.services["some"].change()
    assert await platform.ask() not in (before, after)
    assert platform.asked() == [2, 2, 1, 1], "what followed from another answer than before was not asked yet"


async def test_whoever_hangs_is_asked_once_and_told_when_he_answers(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking_again, "MOMENT_SECONDS", 0.02)
    before = await platform.ask()
    platform.asked()
    others = platform.services["others"]
    others.going.clear()
    asking = asyncio.create_task(platform.ask())
    while not others.begun:  # noqa: ASYNC110 - the service tells no event of it
        await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.1, others.going.set)
    assert await asking == before
    assert platform.asked() == [2, 0, 1, 1]


async def test_whose_time_is_up_is_told_so_and_who_goes_away_leaves_nothing_behind(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking_again, "MOMENT_SECONDS", 0.02)
    platform.services["others"].going.clear()
    late = await platform.ask(seconds=0.4)
    assert [getattr(one, "code", "") for one in late] == ["", "", "DEADLINE_EXCEEDED"]
    platform.services["others"].going.set()
    for _ in range(2):
        await platform.ask()
    platform.services["some"].going.clear()
    platform.asked()
    asking = asyncio.create_task(platform.ask())
    while not platform.services["some"].begun:  # noqa: ASYNC110 - the service tells no event of it
        await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    await asyncio.sleep(0)
    assert not platform.bus.replies._waiting


async def test_a_fault_is_told_as_it_came_and_an_outage_as_ever(platform: Platform) -> None:
    platform.services["some"].fails = True
    told = await platform.ask()
    assert [type(one) for one in told] == [RemoteFault, RemoteFault, registry.Schools]
    platform.services["some"].fails = False
    for _ in range(2):
        await platform.ask()
    await platform.servings.pop("others").drain()
    platform.asked()
    told = await platform.ask()
    assert [getattr(one, "nobody", None) for one in told] == [None, None, True]
    assert platform.asked()[:2] == [2, 0], "what was the same is not asked again"


async def test_who_is_away_for_a_moment_is_asked_a_second_time(platform: Platform) -> None:
    before = await platform.ask()
    platform.asked()
    platform.services["others"].away = 1
    assert await platform.ask() == before
    assert platform.asked() == [2, 0, 2, 1], "once in vain, and then he says that it is the same"


async def test_who_says_that_it_is_the_same_is_there(platform: Platform) -> None:
    platform.circuits._of["some"]._lost = 5
    await platform.ask()
    assert platform.circuits._of["some"]._lost == 0


async def test_an_endpoint_whose_circuit_is_open_is_not_asked_at_all(platform: Platform) -> None:
    for _ in range(2):
        await platform.ask("another")
    await platform.servings.pop("others").drain()
    while platform.circuits.closed(TWO):
        await platform.ask("another")
    platform.asked()
    told = await platform.ask()
    assert [getattr(one, "nobody", None) for one in told] == [None, None, True]
    assert not [one for one in platform.sent if ".others." in one]


async def test_where_spans_are_recorded_each_question_goes_the_long_way_with_a_span_of_its_own(
    platform: Platform,
) -> None:
    before, spans = await platform.ask(), InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    platform.asked()
    tracing.record_with(provider.get_tracer("test"))
    try:
        assert await platform.ask() == before
    finally:
        tracing.record_with(None)
    assert platform.asked() == [2, 2, 1, 1]
    clients = [one.name for one in spans.get_finished_spans() if one.kind is SpanKind.CLIENT]
    assert sorted(clients) == ["others.get-one", "some.get-one", "some.get-one"]


async def test_outside_of_any_trace_the_long_way_begins_one(platform: Platform) -> None:
    assert platform.again._briefly is not None
    assert platform.again._briefly.ask((), Deadline.after(2)) is None
    with tracing.continued():
        assert platform.again._briefly.ask((), Deadline.after(2)) == []
