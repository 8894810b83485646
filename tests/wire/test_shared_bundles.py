"""What many operations ask at once is answered and recorded as if each had asked by itself, in few messages."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_wire import bundle
from yanxiu_wire.bundle import Answer
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, RemoteFault, ServiceUnavailable, WireFault
from yanxiu_wire.known import Encoded, Replied, digest_of
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rounds import Round
from yanxiu_wire.rpc import Bus, Carry, Serving
from yanxiu_wire.shared_bundles import ENOUGH_PARTS

from tests.conftest import NatsServer
from tests.examples import with_service

from .conftest import Ask, Told

SERVICE = "gathered"
READS = ("get-one", "get-two", "get-refused", "get-failing", "get-hanging", "get-long")
READ = {verb: Endpoint(SERVICE, verb, Ask, Told | Refused) for verb in READS}
DO = Endpoint(SERVICE, "do", Ask, Told | Refused, writes=True)
DISTRICTS = ("puer", "simao")
# Time enough to be begun, also on a busy machine.
SOON, LATE = 0.6, 20.0


class Question(NamedTuple):
    """One question: what is asked, by whom, about which district, and whether its asker holds the answer."""

    verb: str
    number: int
    subject: str
    district: str
    known: bool

    @property
    def seconds(self) -> float:
        return SOON if self.verb == "get-hanging" else LATE


QUESTIONS = st.builds(
    Question,
    st.sampled_from((*READS, "do")),
    st.integers(0, 9),
    st.sampled_from(("a", "b")),
    st.sampled_from(DISTRICTS),
    st.booleans(),
)
OPERATIONS = st.lists(st.lists(QUESTIONS, min_size=1, max_size=6), min_size=1, max_size=12)


def one(verb: str = "get-one", number: int = 0, district: str = "puer") -> Question:
    return Question(verb, number, "a", district, known=False)


class Service:
    """A service and who asks it, each with a connection of its own."""

    def __init__(self, asker: Bus, answering: Bus) -> None:
        self.bus = asker
        self.answering = answering
        # Who asked what about whom, as a trail has it.
        self.trail: Counter[tuple[str, str, str, int]] = Counter()
        self.sent: list[tuple[str, int]] = []
        self.released = asyncio.Event()
        taken = asker.nats.taken

        def counted(subject: str, payload: bytes, *given: Any, **named: Any) -> bool:
            if subject.split(".")[2:3] == [SERVICE]:
                self.sent.append((subject, len(bundle.unpack_asked(payload)) if ".bundle." in subject else 1))
            return taken(subject, payload, *given, **named)

        asker.nats.taken = counted  # type: ignore[method-assign]  # what leaves is counted

    async def serve(self, bus: Bus) -> Serving:
        every = [*READ.values(), DO]
        return await bus.serve(SERVICE, "1.0.0", {its: self._handler(its.verb) for its in every}, concurrency=200)

    def _handler(self, verb: str) -> Any:
        async def handle(district: str, ask: Ask, _deadline: Deadline) -> Told | Refused:
            self.trail[verb, district, ask.caller.subject, int(ask.number)] += 1
            if verb == "get-failing":
                raise RemoteFault(SERVICE, "1")
            if verb == "get-hanging":
                await self.released.wait()
            if verb == "get-refused":
                return Refused(errors=())
            return told(verb, ask.number)

        return handle

    async def ask(self, question: Question, carry: Carry | None) -> Any:
        """What comes of it, as something that can be compared."""
        endpoint = READ.get(question.verb, DO)
        caller = Caller(subject=question.subject, role="auditor", district=question.district)
        asked: Any = Ask(caller=caller, number=Decimal(question.number))
        if question.known:
            asked = Encoded(encode(asked), digest_of(encode(told(question.verb, asked.number))))
        until = Deadline.after(question.seconds)
        try:
            found = await self.bus.call(endpoint, asked, district=question.district, deadline=until, carry=carry)
        except WireFault as fault:
            return type(fault), fault.answered, getattr(fault, "nobody", None)
        return tuple(found) if isinstance(found, Replied) else found

    async def each_alone(self, operations: list[list[Question]]) -> list[Any]:
        return await asyncio.gather(*(self.ask(its, None) for asked in operations for its in asked))

    async def gathered(self, operations: list[list[Question]]) -> list[Any]:
        rounds = [(asked, Round(self.bus)) for asked in operations]
        return await asyncio.gather(*(self.ask(its, whose.carry) for asked, whose in rounds for its in asked))

    def taken(self) -> Counter[tuple[str, str, str, int]]:
        """The trail since the last time."""
        found, self.trail = self.trail, Counter()
        return found


def told(verb: str, number: Decimal) -> Told:
    return Told(number=number, facts={"text": "x" * 300_000} if verb == "get-long" else {})


@pytest.fixture
async def service(nats_server: NatsServer) -> AsyncIterator[Service]:
    asker, answering = [await Bus.connect(nats_server.url, name=name) for name in ("asker", "answering")]
    found = Service(asker, answering)
    serving = await found.serve(answering)
    yield found
    found.released.set()
    if answering.connected:
        await serving.drain()
    await answering.close()
    await asker.close()


@with_service(12)
@given(operations=OPERATIONS)
async def test_many_operations_are_answered_and_recorded_as_if_each_question_came_alone(
    service: Service, operations: list[list[Question]]
) -> None:
    expected, trail = await service.each_alone(operations), service.taken()
    service.sent.clear()
    assert await service.gathered(operations) == expected
    assert service.taken() == trail
    assert sum(parts for _, parts in service.sent) == len(expected)
    assert not service.bus.replies._waiting, "nothing is waited for any more"


async def test_a_hanging_a_failing_and_a_refused_part_are_nobody_elses(service: Service) -> None:
    operations = [[one(verb)] for verb in ("get-hanging", "get-failing", "get-refused", "get-one")]
    started = asyncio.get_running_loop().time()
    rounds = [Round(service.bus) for _ in operations]
    asked = [
        asyncio.create_task(service.ask(its, whose.carry)) for (its,), whose in zip(operations, rounds, strict=True)
    ]
    others = await asyncio.gather(*asked[1:])
    assert not asked[0].done()
    assert asyncio.get_running_loop().time() - started < SOON
    assert others[0][0] is RemoteFault
    assert isinstance(others[1], Refused)
    assert others[2] == told("get-one", Decimal(0))
    assert (await asked[0])[0] is DeadlineExceeded
    assert service.sent == [(bundle.subject(SERVICE, "puer"), 4)]


async def test_a_service_that_dies_leaves_its_parts_to_their_deadlines_and_the_next_answers(
    service: Service, nats_server: NatsServer
) -> None:
    hanging = asyncio.create_task(service.gathered([[one("get-hanging", number)] for number in range(4)]))
    while sum(service.trail.values()) < 4:  # noqa: ASYNC110 - the service tells no event of it
        await asyncio.sleep(0)
    await service.answering.nats.close()
    assert [found[0] for found in await hanging] == [DeadlineExceeded] * 4
    nobody = await service.gathered([[one(number=number)] for number in range(4)])
    assert nobody == [(ServiceUnavailable, False, True)] * 4, (
        "as each is told who asks alone, so that it is asked again"
    )
    again = await Bus.connect(nats_server.url, name="again")
    serving = await service.serve(again)
    assert len(set(map(str, await service.gathered([[one(number=number)] for number in range(4)])))) == 4
    await serving.drain()
    await again.close()


async def test_a_message_takes_so_many_operations_parts_none_of_them_and_no_two_districts(service: Service) -> None:
    await service.gathered([[one(number=number)] for number in range(2 * ENOUGH_PARTS + 3)])
    assert [parts for _, parts in service.sent] == [ENOUGH_PARTS, ENOUGH_PARTS, 3]
    service.sent.clear()
    await service.gathered([[one()] * 2] * (ENOUGH_PARTS // 2 - 1) + [[one()] * 5, [one()] * 30])
    assert [parts for _, parts in service.sent] == [ENOUGH_PARTS + 3, 30]
    service.sent.clear()
    await service.gathered([[one()], [one(district="simao")], [one()], [one(district="simao")]])
    assert service.sent == [(bundle.subject(SERVICE, district), 2) for district in DISTRICTS]


async def test_questions_that_fit_no_message_together_leave_in_several(service: Service) -> None:
    facts = {"text": "x" * 400_000}
    asked = Ask(caller=Caller(subject="a", role="auditor", district="puer"), facts=facts)
    rounds = [Round(service.bus) for _ in range(5)]
    await asyncio.gather(
        *(service.bus.call(READ["get-one"], asked, district="puer", carry=its.carry) for its in rounds)
    )
    assert sum(parts for _, parts in service.sent) == 5
    assert len(service.sent) == 3


async def test_who_is_cancelled_before_the_turn_ends_asks_nothing_and_who_is_after_it_holds_up_nobody(
    service: Service,
) -> None:
    def begin(verb: str, number: int) -> asyncio.Task[Answer]:
        caller = Caller(subject="a", role="auditor", district="puer")
        body, until = encode(Ask(caller=caller, number=Decimal(number))), Deadline.after(LATE)
        headers = {"Yanxiu-Deadline": str(until.at_ms)}
        return asyncio.create_task(service.bus.shared_bundles.carry(READ[verb], "puer", body, headers, until, object()))

    asked = [begin("get-one", number) for number in range(3)]
    await asyncio.sleep(0)
    asked[1].cancel()
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(its) for its in found] == [Answer, asyncio.CancelledError, Answer]
    assert {number for *_, number in service.taken()} == {0, 2}

    asked = [begin("get-hanging", 1), begin("get-one", 2)]
    assert isinstance(await asked[1], Answer)
    asked[0].cancel()
    await asyncio.wait(asked)
    # What is told of the end of a future comes a turn after it.
    await asyncio.sleep(0)
    assert not service.bus.replies._waiting, "the bundle has ended"


async def test_whose_time_was_up_before_asks_nothing(service: Service) -> None:
    caller = Caller(subject="a", role="auditor", district="puer")
    asked = Ask(caller=caller, number=Decimal(1))

    def call(seconds: float) -> Any:
        until = Deadline.after(seconds)
        headers = {"Yanxiu-Deadline": str(until.at_ms)}
        return service.bus.shared_bundles.carry(READ["get-one"], "puer", encode(asked), headers, until, object())

    found = await asyncio.gather(call(-0.1), call(LATE), call(LATE), return_exceptions=True)
    assert [type(its) for its in found] == [DeadlineExceeded, Answer, Answer]
    assert [parts for _, parts in service.sent] == [2], "the late one is no part of it"


async def test_a_message_that_fails_as_it_is_sent_is_told_to_who_waits_for_its_parts(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any, **_named: Any) -> Any:
        raise LookupError("a fault of the test's own")

    monkeypatch.setattr(service.bus.replies, "several_now", broken)
    rounds = [Round(service.bus) for _ in range(2)]
    found = await asyncio.gather(*(service.ask(one(), its.carry) for its in rounds), return_exceptions=True)
    assert [type(its) for its in found] == [LookupError] * 2
