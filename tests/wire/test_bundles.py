"""Bundles on a real bus: each part is answered as if it had come alone, in as few messages as they fit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from nats.errors import Error as NatsError
from yanxiu_wire import bundle, denied
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, MessageMalformed, RemoteFault, ServiceUnavailable
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rounds import Round
from yanxiu_wire.rpc import Bus, Serving
from yanxiu_wire.serving import FAULT_HEADER

from .conftest import Ask, Told

CALLER = Caller(subject="synthetic", role="auditor", district="puer")
READS = ("get-one", "get-two", "get-long", "get-failing", "get-hanging")


class Service:
    """A service of several endpoints, and what leaves for it."""

    def __init__(self, bus: Bus, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bus = bus
        self.name = name
        self.reads = {verb: Endpoint(name, verb, Ask, Told | Refused) for verb in READS}
        self.command = Endpoint(name, "do", Ask, Told | Refused, writes=True)
        self.verify = Endpoint(name, "verify", Ask, Told | Refused, by_operators=True)
        self.asked: list[tuple[str, Decimal]] = []
        self.sent: list[str] = []
        self.answered = 0
        self.released = asyncio.Event()
        taken = bus.nats.taken

        def counted(subject: str, *given: Any, **named: Any) -> bool:
            self.sent += [subject] if name in subject else []
            self.answered += subject.startswith("_INBOX")
            return taken(subject, *given, **named)

        monkeypatch.setattr(bus.nats, "taken", counted)

    def handler(self, verb: str) -> Any:
        async def handle(_district: str, ask: Ask, _deadline: Deadline) -> Told:
            self.asked.append((verb, ask.number))
            if verb == "get-failing":
                raise ValueError("a fault of the test's own")
            if verb == "get-hanging":
                await self.released.wait()
            facts = {"text": "x" * 400_000} if verb == "get-long" else {}
            return Told(number=ask.number, facts=facts)

        return handle

    async def serve(self) -> Serving:
        every = [*self.reads.values(), self.command, self.verify]
        return await self.bus.serve(self.name, "1.0.0", {one: self.handler(one.verb) for one in every})

    async def together(self, *asked: tuple[Endpoint[Any, Any], int], seconds: float = 3.0) -> list[Any]:
        """What comes of questions that one operation asks at once; faults stand in their places."""
        its = Round(self.bus)
        return await asyncio.gather(
            *(
                self.bus.call(
                    one,
                    Ask(caller=CALLER, number=Decimal(number)),
                    district="puer",
                    deadline=Deadline.after(seconds),
                    carry=its.carry,
                )
                for one, number in asked
            ),
            return_exceptions=True,
        )


@pytest.fixture
async def service(bus: Bus, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    found = Service(bus, request.node.originalname.replace("_", "-")[:60], monkeypatch)
    serving = await found.serve()
    yield found
    found.released.set()
    await serving.drain()


async def test_questions_of_one_moment_are_one_message_and_one_answer(service: Service) -> None:
    reads = service.reads
    found = await service.together((reads["get-one"], 1), (reads["get-two"], 2), (reads["get-one"], 3))
    assert [one.number for one in found] == [1, 2, 3]
    assert service.sent == [bundle.subject(service.name, "puer")]
    assert service.answered == 1
    assert sorted(service.asked) == [("get-one", 1), ("get-one", 3), ("get-two", 2)]


async def test_a_single_question_goes_as_ever(service: Service) -> None:
    (found,) = await service.together((service.reads["get-one"], 1))
    assert found.number == 1
    assert service.sent == [service.reads["get-one"].subject("puer")]


async def test_a_part_that_fails_fails_alone(service: Service) -> None:
    one, failing = await service.together((service.reads["get-one"], 1), (service.reads["get-failing"], 2))
    assert one.number == 1
    assert isinstance(failing, RemoteFault)
    assert failing.answered


async def test_a_part_that_hangs_holds_up_none_of_the_others(service: Service) -> None:
    one, hanging = await service.together((service.reads["get-one"], 1), (service.reads["get-hanging"], 2), seconds=0.4)
    assert one.number == 1
    assert isinstance(hanging, DeadlineExceeded)
    assert not hanging.answered


async def test_answers_that_fit_no_message_together_come_in_several(service: Service) -> None:
    found = await service.together(*((service.reads["get-long"], number) for number in range(5)))
    assert [one.number for one in found] == [0, 1, 2, 3, 4]
    assert len(service.sent) == 1
    assert 3 <= service.answered <= 5


async def test_commands_and_what_operators_alone_ask_never_travel_in_a_bundle(service: Service) -> None:
    found = await service.together((service.command, 1), (service.command, 2), (service.verify, 3), (service.verify, 4))
    assert [one.number for one in found] == [1, 2, 3, 4]
    assert service.sent == [one.subject("puer") for one in [service.command] * 2 + [service.verify] * 2]


async def test_a_service_refuses_a_part_that_may_not_be_asked_so(service: Service) -> None:
    for verb in ("do", "verify", "get-unknown"):
        body = encode(Ask(caller=CALLER))
        heads = [
            bundle.Asked("get-one", Deadline.after(3).at_ms, "", len(body)),
            bundle.Asked(verb, Deadline.after(3).at_ms, "", len(body)),
        ]
        message = bundle.pack(heads, [body, body])
        answer = await service.bus.nats.request(bundle.subject(service.name, "puer"), message, timeout=2)
        told = {head.number: (head.fault, bytes(its)) for head, its in bundle.unpack_told(answer.data)}
        assert told[0][0] == ""
        assert told[1][0] == ServiceUnavailable.code
    assert {verb for verb, _ in service.asked} == {"get-one"}


async def test_a_part_that_comes_too_late_is_not_begun_and_one_that_does_not_fit_names_its_field(
    service: Service,
) -> None:
    body = encode(Ask(caller=CALLER))
    heads = [bundle.Asked("get-one", 1, "", len(body)), bundle.Asked("get-two", Deadline.after(3).at_ms, "", 2)]
    answer = await service.bus.nats.request(
        bundle.subject(service.name, "puer"), bundle.pack(heads, [body, b"{}"]), timeout=2
    )
    told = {head.number: (head.fault, its) for head, its in bundle.unpack_told(answer.data)}
    assert told[0][0] == DeadlineExceeded.code
    assert told[1][0] == MessageMalformed.code
    assert decode(dict[str, Any], told[1][1])["field"] == "caller"
    assert not service.asked


@pytest.mark.parametrize(
    "message", [b"", b"[]", b"[]\n", b"{}\n{}", b'[["get-one",1,"",5]]\n{}', b'[["get-one",1,"",-1]]\n', b"\xff\n"]
)
async def test_what_is_no_bundle_is_refused_whole(service: Service, message: bytes) -> None:
    answer = await service.bus.nats.request(bundle.subject(service.name, "puer"), message, timeout=2)
    assert (answer.headers or {})[FAULT_HEADER] == MessageMalformed.code


async def test_a_service_that_knows_no_bundles_is_asked_each_alone(bus: Bus) -> None:
    older = Endpoint("older-service", "get-one", Ask, Told | Refused)
    seen: list[str] = []

    async def answer(message: Any) -> None:
        seen.append(message.subject)
        await message.respond(encode(Told(number=Decimal(len(seen)))))

    subscription = await bus.nats.subscribe(older.subject("*"), cb=answer)
    its = Round(bus)
    found = await asyncio.gather(
        *(bus.call(older, Ask(caller=CALLER, number=Decimal(n)), district="puer", carry=its.carry) for n in (1, 2))
    )
    assert {one.number for one in found} == {1, 2}
    assert seen == [older.subject("puer")] * 2
    await subscription.unsubscribe()


async def test_where_the_server_denies_bundles_each_part_is_asked_alone_and_no_bundle_is_tried_for_a_while(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, bus, subject = service.reads["get-one"], service.bus, bundle.subject(service.name, "puer")
    tried: list[str] = []

    def in_vain(to: str, *_given: Any, **_named: Any) -> Any:
        tried.append(to)
        told = NatsError(f'Permissions Violation for Publish to "{to}"')
        asyncio.get_running_loop().call_soon(bus.denials.told, told)
        return lambda: None

    monkeypatch.setattr(bus.replies, "several_now", in_vain)
    for _ in range(2):
        assert [told.number for told in await service.together((one, 1), (one, 2))] == [1, 2]
    assert tried == [subject]
    monkeypatch.setattr(denied, "LATELY_SECONDS", 0.0)
    await service.together((one, 1), (one, 2))
    assert tried == [subject] * 2, "after a while it is tried again"


async def test_a_bundle_that_cannot_be_sent_is_told_to_each_at_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_given: Any, **_named: Any) -> Any:
        raise LookupError("a fault of the test's own")

    one = service.reads["get-one"]
    monkeypatch.setattr(service.bus.replies, "several_now", lambda *_given, **_named: None)
    monkeypatch.setattr(service.bus.replies, "several", broken)
    async with asyncio.timeout(2):
        found = await service.together((one, 1), (one, 2), seconds=20)
    assert [type(told) for told in found] == [LookupError] * 2


async def test_where_nobody_listens_each_part_is_told_so(bus: Bus) -> None:
    nowhere = Endpoint("nowhere-service", "get-one", Ask, Told | Refused)
    its = Round(bus)
    found = await asyncio.gather(
        *(bus.call(nowhere, Ask(caller=CALLER, number=Decimal(n)), district="puer", carry=its.carry) for n in (1, 2)),
        return_exceptions=True,
    )
    assert all(isinstance(one, ServiceUnavailable) and one.nobody for one in found)


async def test_questions_wait_for_what_may_be_asked_beside_them_but_not_for_who_hangs(service: Service) -> None:
    one, two, hanging = (service.reads[verb] for verb in ("get-one", "get-two", "get-hanging"))
    its = Round(service.bus)

    async def branch(first: Endpoint[Any, Any], number: int) -> None:
        for endpoint in (first, two):
            await service.bus.call(
                endpoint, Ask(caller=CALLER, number=Decimal(number)), district="puer", carry=its.carry
            )

    # The second answers a moment after the first, whose next question is ready by then.
    asyncio.get_running_loop().call_later(0.05, service.released.set)
    await asyncio.gather(branch(one, 1), branch(hanging, 2))
    assert len(service.sent) == 2, "two levels"
    service.released.clear()
    hung = asyncio.create_task(branch(hanging, 3))
    async with asyncio.timeout(2):
        await branch(one, 4)
    assert not hung.done()
    service.released.set()
    await hung
