"""An answer that its asker holds is not sent again: alone, in a bundle, and beside versions that know nothing of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_wire import bundle
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import MessageMalformed, RemoteFault
from yanxiu_wire.follow_up import FollowUp
from yanxiu_wire.following import with_follow_ups
from yanxiu_wire.known import HELD, KNOWN_HEADER, SAME, SAME_HEADER, Encoded, Replied, digest_of, told_of
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.rounds import Round
from yanxiu_wire.rpc import Bus
from yanxiu_wire.serving import FAULT_HEADER

from .conftest import Ask, Told

CALLER = Caller(subject="synthetic", role="auditor", district="puer")
NO = Refused(errors=(RefusalItem(code="NO", message_zh="否", message_en="no", remedy_zh="无", remedy_en="none"),))


class Service:
    """A service whose answer is `number`, or what the question asks for; `came` counts its questions."""

    def __init__(self, bus: Bus, name: str) -> None:
        self.bus = bus
        self.endpoint = Endpoint(name, "get", Ask, Told | Refused)
        self.number = 1
        self.came = 0

    async def handle(self, _district: str, ask: Ask, _deadline: Deadline) -> Any:
        self.came += 1
        if ask.number == 13:
            raise ValueError("a fault of the test's own")
        return NO if ask.number == 7 else Told(number=Decimal(self.number), facts={"asked": str(ask.number)})

    def told(self, ask: int = 0) -> bytes:
        return encode(Told(number=Decimal(self.number), facts={"asked": str(ask)}))

    async def ask(self, *known: str, ask: int = 0) -> list[Any]:
        """What comes of the question for each digest that is known, all at once."""
        its = Round(self.bus)
        body = encode(Ask(caller=CALLER, number=Decimal(ask)))
        calls = (self.bus.call(self.endpoint, Encoded(body, one), district="puer", carry=its.carry) for one in known)
        return await asyncio.gather(*calls, return_exceptions=True)


@pytest.fixture
async def service(bus: Bus, request: pytest.FixtureRequest) -> AsyncIterator[Service]:
    found = Service(bus, request.node.originalname.replace("_", "-")[:60])
    serving = await bus.serve(found.endpoint.service, "1.0.0", {found.endpoint: found.handle})
    yield found
    await serving.drain()


async def test_who_holds_the_answer_is_told_that_it_is_the_same_and_who_holds_another_or_none_all_of_it(
    service: Service,
) -> None:
    known = digest_of(service.told())
    whole = Replied(Told(number=Decimal(1), facts={"asked": "0"}), service.told())
    assert await service.ask(known) == [Replied(None, None)]
    assert [one.same for one in await service.ask("")] == [False]
    assert await service.ask(known, "", digest_of(b"another")) == [Replied(None, None), whole, whole]
    assert service.came == 5, "everybody is answered, whatever he holds"
    service.number = 2
    assert [one.value.number for one in await service.ask(known, known)] == [2, 2]


async def test_what_is_the_same_is_an_empty_message_that_says_so(service: Service) -> None:
    body, known = encode(Ask(caller=CALLER)), digest_of(service.told())
    answer = await service.bus.nats.request(service.endpoint.subject("puer"), body, headers={KNOWN_HEADER: known})
    assert (answer.data, SAME_HEADER in (answer.headers or {})) == (SAME, True)
    assert FAULT_HEADER not in (answer.headers or {})


@pytest.mark.parametrize("bundled", [1, 2])
async def test_faults_and_refusals_are_always_told(service: Service, bundled: int) -> None:
    refused = await service.ask(*[digest_of(encode(NO))] * bundled, ask=7)
    assert [one.value for one in refused] == [NO] * bundled
    assert [type(one) for one in await service.ask(*["0" * 32] * bundled, ask=13)] == [RemoteFault] * bundled


async def test_a_question_as_a_message_is_answered_with_the_reply_itself(service: Service) -> None:
    reply = await service.bus.call(service.endpoint, Ask(caller=CALLER), district="puer")
    assert reply == Told(number=Decimal(1), facts={"asked": "0"})


@pytest.mark.parametrize("parts", [1, 2])
async def test_a_service_that_knows_no_digests_tells_everything(bus: Bus, parts: int) -> None:
    older = Endpoint(f"no-digests-{parts}", "get", Ask, Told | Refused)
    body = encode(Told(number=Decimal(5)))

    async def answer(message: Any) -> None:
        if "bundle" not in message.subject:
            return await message.respond(body)
        # As its own version reads and writes it: without what it has not heard of.
        heads = msgspec.json.decode(message.data.partition(b"\n")[0], type=list[list[Any]])
        told = msgspec.json.encode([[number, "", len(body)] for number, _ in enumerate(heads)])
        return await message.respond(b"".join((told, b"\n", *[body] * len(heads))))

    listens = [
        await bus.nats.subscribe(one, cb=answer) for one in (older.subject("*"), bundle.subject(older.service, "*"))
    ]
    its, asked = Round(bus), Encoded(encode(Ask(caller=CALLER)), digest_of(body))
    found = await asyncio.gather(*(bus.call(older, asked, district="puer", carry=its.carry) for _ in range(parts)))
    assert [(one.value.number, one.same) for one in found] == [(Decimal(5), False)] * parts
    for one in listens:
        await one.unsubscribe()


async def test_an_asker_that_knows_no_digests_is_told_everything(service: Service) -> None:
    body = encode(Ask(caller=CALLER))
    head = msgspec.json.encode([["get", Deadline.after(3).at_ms, "", len(body)]] * 2)
    message = b"".join((head, b"\n", body, body))
    answer = await service.bus.nats.request(bundle.subject(service.endpoint.service, "puer"), message, timeout=2)
    told, _, bodies = answer.data.partition(b"\n")
    assert [one[:3] for one in msgspec.json.decode(told)] == [
        [0, "", len(service.told())],
        [1, "", len(service.told())],
    ]
    assert bodies == service.told() * 2


async def test_nobody_who_holds_nothing_is_told_that_it_is_the_same(bus: Bus) -> None:
    wrong = Endpoint("same-as-what", "get", Ask, Told | Refused)

    async def answer(message: Any) -> None:
        await bus.nats.publish(message.reply, b"", headers={SAME_HEADER: "1"})

    listens = await bus.nats.subscribe(wrong.subject("*"), cb=answer)
    with pytest.raises(MessageMalformed):
        await bus.call(wrong, Ask(caller=CALLER), district="puer")
    await listens.unsubscribe()


def test_only_the_very_answer_is_the_same() -> None:
    assert told_of(b"{}", digest_of(b"{}")) == SAME
    assert told_of(b"{}", "") == b"{}"
    assert told_of(b"{ }", digest_of(b"{}")) == b"{ }"
    assert told_of(encode(NO), digest_of(encode(NO))) == encode(NO)


async def test_what_is_held_is_the_answer_with_what_follows_and_no_part_of_it() -> None:
    class Leading(msgspec.Struct, frozen=True, kw_only=True):
        caller: Caller
        then: tuple[FollowUp, ...] = ()

    class Items(msgspec.Struct, frozen=True, kw_only=True):
        followed: tuple[msgspec.Raw, ...] = ()

    held: list[str] = []

    async def handle(_district: str, _request: Any, _deadline: Deadline) -> Items:
        held.append(HELD.get())
        return Items()

    leading = Endpoint("leading", "get", Leading, Items)
    handler = with_follow_ups({leading: handle})[leading]
    follow_up = FollowUp("get", "items.id", "ids", 1, msgspec.Raw(b"{}"))
    for then in ((), (follow_up,)):
        HELD.set("a digest")
        await handler("puer", Leading(caller=CALLER, then=then), Deadline.after(3))
    assert held == ["a digest", ""]
