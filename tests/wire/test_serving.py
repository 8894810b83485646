"""The answering side: bounded concurrency, deadlines at pickup, true statistics, an end that loses nothing."""

from __future__ import annotations

import asyncio
import json
import time
from contextvars import ContextVar
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest
from nats.errors import NoRespondersError
from yanxiu_wire import log, serving, tracing
from yanxiu_wire.admission import Admission
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded, MessageMalformed, Overloaded, ServiceUnavailable
from yanxiu_wire.rpc import Bus

from .conftest import Ask, Sample, Told


class Barrier:
    """A handler that holds every request until it is opened, and tells when so many have come in."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self.started: list[Decimal] = []
        self._open = asyncio.Event()
        self._changed = asyncio.Condition()

    async def handle(self, _district: str, ask: Ask, _deadline: Deadline) -> Told:
        self.started.append(ask.number)
        await self._count(1)
        await self._open.wait()
        await self._count(-1)
        return Told(number=ask.number)

    async def _count(self, change: int) -> None:
        async with self._changed:
            self.inside += change
            self.most = max(self.most, self.inside)
            self._changed.notify_all()

    async def until_inside(self, count: int) -> None:
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: self.inside == count)

    def open(self) -> None:
        self._open.set()


async def stats(bus: Bus, service: str) -> dict[str, Any]:
    return json.loads((await bus.nats.request(f"$SRV.STATS.{service}", timeout=2)).data)


async def test_32_requests_run_at_once_and_the_33rd_waits_for_a_slot(bus: Bus, sample: Sample) -> None:
    barrier = Barrier()
    # One district may have 80 of 100 slots.
    await sample.serve(barrier.handle, concurrency=40)
    calls = [asyncio.create_task(sample.call(str(number))) for number in range(33)]
    await barrier.until_inside(32)
    # The server hands messages to one connection in order: the flush returns after the 33rd has been received.
    await bus.nats.flush()
    data = (await stats(bus, sample.service))["endpoints"][0]["data"]
    assert data == {"running": 32, "waiting": 1, "urgency": "read", "concurrency": 40}
    assert len(barrier.started) == 32
    barrier.open()
    answers = await asyncio.gather(*calls)
    assert [answer.number for answer in answers] == list(range(33))
    assert barrier.most == 32


async def test_no_slot_at_all_is_a_mistake_in_the_program(bus: Bus, sample: Sample) -> None:
    with pytest.raises(ValueError, match="at least one slot"):
        await sample.serve(Barrier().handle, concurrency=0)


async def test_work_that_expired_while_it_waited_for_a_slot_is_not_started(bus: Bus, sample: Sample) -> None:
    barrier = Barrier()
    await sample.serve(barrier.handle, concurrency=1)
    first = asyncio.create_task(sample.call("1"))
    await barrier.until_inside(1)
    with pytest.raises(DeadlineExceeded):
        await bus.call(sample.endpoint, sample.ask("2"), district="puer", deadline=Deadline.after(0.05))
    barrier.open()
    assert (await first).number == 1
    assert (await sample.call("3")).number == 3
    assert barrier.started == [1, 3]
    assert (await stats(bus, sample.service))["endpoints"][0]["last_error"] == "DEADLINE_EXCEEDED"


async def test_a_request_that_arrives_expired_is_answered_and_not_started(bus: Bus, sample: Sample) -> None:
    barrier = Barrier()
    barrier.open()
    await sample.serve(barrier.handle)
    body = b'{"caller":{"subject":"s","role":"auditor","district":"puer"}}'
    past = {"Yanxiu-Deadline": str(int(time.time() * 1000) - 1)}
    answer = await bus.nats.request(sample.endpoint.subject("puer"), body, timeout=2, headers=past)
    assert answer.headers is not None
    assert answer.headers["Nats-Service-Error-Code"] == "DEADLINE_EXCEEDED"
    assert barrier.started == []


async def test_a_call_with_a_deadline_in_the_past_is_not_sent(bus: Bus, sample: Sample) -> None:
    barrier = Barrier()
    await sample.serve(barrier.handle)
    with pytest.raises(DeadlineExceeded):
        await bus.call(sample.endpoint, sample.ask(), district="puer", deadline=Deadline.after(-1))
    assert (await stats(bus, sample.service))["endpoints"][0]["num_requests"] == 0


async def test_the_handler_gets_the_deadline_of_the_caller_less_the_answers_way(bus: Bus, sample: Sample) -> None:
    seen: list[Deadline] = []

    async def keep(_district: str, ask: Ask, deadline: Deadline) -> Told:
        seen.append(deadline)
        return Told(number=ask.number)

    await sample.serve(keep)
    deadline = Deadline.after(5)
    await bus.call(sample.endpoint, sample.ask(), district="puer", deadline=deadline)
    assert seen == [Deadline(deadline.at_ms - 50)], "a moment earlier, so that the answer comes in time"


async def test_statistics_count_requests_and_errors_and_tell_the_time_that_handlers_really_took(
    bus: Bus, sample: Sample
) -> None:
    barrier = Barrier()
    await sample.serve(barrier.handle)
    calls = [asyncio.create_task(sample.call()) for _ in range(4)]
    await barrier.until_inside(4)
    held = time.perf_counter_ns()
    for _ in range(20):
        await bus.nats.flush()
    held = time.perf_counter_ns() - held
    barrier.open()
    await asyncio.gather(*calls)
    await bus.nats.request(sample.endpoint.subject("puer"), b"not json", timeout=2)
    found = await stats(bus, sample.service)
    endpoint = found["endpoints"][0]
    assert found["version"] == "1.2.3"
    assert endpoint["name"] == "ask"
    assert endpoint["num_requests"] == 5
    assert endpoint["num_errors"] == 1
    assert endpoint["last_error"] == "MESSAGE_MALFORMED"
    assert endpoint["processing_time"] >= 4 * held
    assert endpoint["average_processing_time"] == endpoint["processing_time"] // 5


async def test_ping_and_info_answer_with_the_endpoints(bus: Bus, sample: Sample) -> None:
    serving = await sample.serve(Barrier().handle)
    ping = json.loads((await bus.nats.request(f"$SRV.PING.{sample.service}", timeout=2)).data)
    info = json.loads((await bus.nats.request(f"$SRV.INFO.{sample.service}.{serving.id}", timeout=2)).data)
    assert (ping["name"], ping["id"], ping["version"]) == (sample.service, serving.id, "1.2.3")
    assert info["endpoints"] == [
        {
            "name": "ask",
            "subject": f"yanxiu.v1.{sample.service}.ask.*",
            "queue_group": sample.service,
            "metadata": {"request": "Ask", "writes": "false"},
        }
    ]


async def test_a_service_without_endpoints_answers_too_until_it_ends(bus: Bus) -> None:
    serving = await bus.serve("nothing-yet", "0.1.0", {})
    assert (await stats(bus, "nothing-yet"))["endpoints"] == []
    await serving.drain()
    with pytest.raises(NoRespondersError):
        await bus.nats.request("$SRV.PING.nothing-yet", timeout=2)


async def test_the_orderly_end_answers_everything_that_was_taken(nats_server: Any, bus: Bus, sample: Sample) -> None:
    barrier = Barrier()
    other = await Bus.connect(nats_server.url, name="leaving")
    serving = await sample.serve(barrier.handle, bus=other, concurrency=4)
    calls = [asyncio.create_task(sample.call(str(number))) for number in range(20)]
    await barrier.until_inside(4)
    await bus.nats.flush()
    draining = asyncio.create_task(serving.drain())
    barrier.open()
    answers = await asyncio.gather(*calls)
    assert [answer.number for answer in answers] == list(range(20))
    await draining
    with pytest.raises(ServiceUnavailable):
        await sample.call()
    await other.close()


async def test_two_instances_share_the_requests_and_one_may_leave_without_a_failed_call(
    nats_server: Any, sample: Sample
) -> None:
    counts = [0, 0]

    def counting(place: int) -> Any:
        async def handle(_district: str, ask: Ask, _deadline: Deadline) -> Told:
            counts[place] += 1
            return Told(number=ask.number)

        return handle

    buses = [await Bus.connect(nats_server.url, name=f"instance-{place}") for place in range(2)]
    servings = [await sample.serve(counting(place), bus=buses[place]) for place in range(2)]
    await asyncio.gather(*(sample.call() for _ in range(100)))
    assert min(counts) > 0
    calls = [asyncio.create_task(sample.call()) for _ in range(100)]
    await servings[0].drain()
    calls += [asyncio.create_task(sample.call()) for _ in range(100)]
    await asyncio.gather(*calls)
    assert sum(counts) == 300
    await servings[1].drain()
    for other in buses:
        await other.close()


async def test_a_deadline_that_is_no_number_is_malformed(bus: Bus, sample: Sample) -> None:
    barrier = Barrier()
    barrier.open()
    await sample.serve(barrier.handle)
    body = b'{"caller":{"subject":"s","role":"auditor","district":"puer"}}'
    answer = await bus.nats.request(
        sample.endpoint.subject("puer"), body, timeout=2, headers={"Yanxiu-Deadline": "soon"}
    )
    assert answer.headers is not None
    assert answer.headers["Nats-Service-Error-Code"] == MessageMalformed.code
    assert barrier.started == []


_LEFT: ContextVar[str] = ContextVar("left_behind", default="")


class _Told:
    """A question by hand, and under which facts and trace its answer was sent."""

    def __init__(self, headers: dict[str, str] | None) -> None:
        self.headers = headers
        self.data = b"{}"
        self.about: dict[str, Any] = {}
        self.trace: str | None = None
        self.code = ""

    async def answer(self, _body: bytes, headers: dict[str, str] | None) -> None:
        self.about, self.trace = dict(log._ABOUT.get()), tracing.trace_id()
        self.code = (headers or {}).get(serving.FAULT_HEADER, "")


def _desk(monkeypatch: pytest.MonkeyPatch, handler: Any, admission: Admission) -> serving._Desk:
    monkeypatch.setattr(serving, "decode", lambda *_: None)
    bus: Any = SimpleNamespace(max_message=1_000, nats=None)
    endpoint: Any = SimpleNamespace(service="test", verb="note", seconds=1.0, writes=False, request=None)
    return serving._Desk(bus, endpoint, handler, admission, cast("Any", None), lambda *_: None)


async def test_a_request_has_no_part_in_the_trace_and_the_log_of_the_one_before_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One at a time: the end of a request begins the next, of another district and without a trace of its own."""
    left: list[str] = []

    async def note(district: str, _request: Any, _deadline: Any) -> Any:
        left.append(_LEFT.get())
        _LEFT.set(district)
        await asyncio.sleep(0)
        return {}

    desk = _desk(monkeypatch, note, Admission(1))
    first = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    asked = {"puer": _Told(first), "simao": _Told({}), "ouhai": _Told(None)}
    for district, question in asked.items():
        desk.take(cast("Any", question), district)
    await desk.answered()
    assert [question.about["district"] for question in asked.values()] == list(asked)
    assert asked["puer"].trace == "a" * 32
    assert len({question.trace for question in asked.values()}) == 3
    assert left == ["", "", ""]


async def test_who_is_turned_away_is_told_under_his_own_district_and_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    async def note(*_: Any) -> Any:
        return {}

    admission: Any = SimpleNamespace(enter=lambda asked: asked.away(50))
    desk = _desk(monkeypatch, note, admission)
    question = _Told({"traceparent": f"00-{'c' * 32}-{'b' * 16}-00"})
    desk.take(cast("Any", question), "simao")
    await desk.answered()
    assert (question.code, question.trace) == (Overloaded.code, "c" * 32)
    assert (question.about["endpoint"], question.about["district"]) == ("note", "simao")
