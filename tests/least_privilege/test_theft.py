"""What a stolen credential is good for: the whole matrix of attempts on a real server, and each denial is seen."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeout
from structlog.testing import capture_logs
from yanxiu_cli.nats.parties import SERVICES
from yanxiu_wire import erasure
from yanxiu_wire.bundle import MOST_PARTS
from yanxiu_wire.credits import CREDIT_RECOGNISED
from yanxiu_wire.denied_metrics import DENIED
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.rpc import Bus

from .attempts import DISTRICT, THIEVES, Attempt, asked_of, attempts
from .conftest import ANSWER, Guarded, admitted

# The client's own half a second is not enough where two cores have much to do.
PATIENCE = 10.0


async def attempt_all(bus: Bus, wanted: list[Attempt]) -> list[str]:
    """Try each; returns what the server denied, in the client's small letters."""
    for one in wanted:
        if one.what == "publish":
            await bus.nats.publish(one.subject, b'{"evil":true}', reply=bus.nats.new_inbox())
        else:
            subscription = await bus.nats.subscribe(one.subject, queue=one.queue)
            await subscription.unsubscribe()
    await bus.flush()
    return [f"{what} {subject}" for what, subject in bus.denials.subjects]


@pytest.mark.parametrize("thief", THIEVES)
async def test_a_thief_may_do_what_the_process_had_to_do_and_every_other_attempt_is_denied_and_seen(
    guarded: Guarded, thief: str
) -> None:
    bus = await guarded.connect(thief)
    wanted = list(attempts(thief))
    before = await guarded.streams()
    with capture_logs() as logged:
        denied = Counter(await attempt_all(bus, wanted))
    expected = Counter(f"{one.what} {one.subject.lower()}" for one in wanted if not one.allowed)
    assert denied - expected == Counter(), "denied what it has to do"
    assert expected - denied == Counter(), "allowed what it has no business with"
    assert [line["credential"] for line in logged if line["event"] == "nats-denied"] == [thief] * denied.total()
    if thief not in ("keeper", "jobs", *SERVICES):
        assert await guarded.streams() == before


@pytest.mark.parametrize("thief", [*SERVICES, "monitor"])
async def test_a_thief_gets_no_request_and_no_reply_of_another(guarded: Guarded, thief: str) -> None:
    """Beside every true process the thief listens wherever it may; each answer is the true one's."""
    bus, gateway = await guarded.connect(thief), await guarded.connect("gateway")
    heard: list[str] = []

    async def steal(message: Msg) -> None:
        heard.append(message.subject)
        await message.respond(b"forged")

    victims = [service for service in SERVICES if service != thief]
    asked = [asked_of(victim).subject(DISTRICT) for victim in victims]
    with capture_logs():
        for victim, subject in zip(victims, asked, strict=True):
            for listened, queue in ((subject, victim), (subject, ""), ("_INBOX.gateway.>", ""), ("_INBOX.>", "")):
                await bus.nats.subscribe(listened, queue=queue, cb=steal)
        await bus.flush()
        asking = (gateway.nats.request(subject, b"{}", timeout=PATIENCE) for subject in asked for _ in range(10))
        answers = await asyncio.gather(*asking)
        await bus.flush()
    assert {answer.data for answer in answers} == {ANSWER}
    assert heard == []


async def test_answers_go_only_to_who_asked_and_no_more_of_them_than_a_bundle_has_parts(guarded: Guarded) -> None:
    """Who was asked may answer that inbox, so often at the most: it is no way to speak to another's inboxes afterwards,
    and what comes after the answer, the asking side gives to nobody (`Replies`).
    """
    bus, gateway = await guarded.connect("credits"), await guarded.connect("gateway")
    endpoint, inbox = asked_of("credits"), gateway.nats.new_inbox()
    replies = await gateway.nats.subscribe(f"{inbox}.*")
    given: asyncio.Queue[str] = asyncio.Queue()

    async def take(message: Msg) -> None:
        given.put_nowait(message.reply)
        await message.respond(ANSWER)

    await bus.nats.subscribe(endpoint.subject("*"), queue="credits", cb=take)
    with capture_logs():
        await bus.nats.publish(f"{inbox}.0", b"before it was asked")
        await bus.flush()
        # The true process is in the same queue group: after so many requests this one was given some.
        for number in range(40):
            await gateway.nats.publish(endpoint.subject(DISTRICT), b"{}", reply=f"{inbox}.{number}")
        heard = [await replies.next_msg(timeout=10) for _ in range(40)]
        mine = await asyncio.wait_for(given.get(), 10)
        for _ in range(MOST_PARTS):
            await bus.nats.publish(mine, b"again")
        await bus.flush()
        await gateway.flush()
    assert {message.data for message in heard} == {ANSWER}
    assert replies.pending_msgs == MOST_PARTS - 1
    assert bus.denials.of("publish", mine)
    await replies.unsubscribe()


async def test_another_account_hears_nothing(guarded: Guarded) -> None:
    """Who runs the servers sees the servers, and not a word of the platform's."""
    system = await guarded.connect("system")
    heard = await system.nats.subscribe(">")
    gateway = await guarded.connect("gateway")
    subject = asked_of("registry").subject(DISTRICT)
    assert (await gateway.nats.request(subject, b"{}", timeout=PATIENCE)).data == ANSWER
    await system.flush()
    found: list[str] = []
    try:
        while True:
            found.append((await heard.next_msg(timeout=0.05)).subject)
    except NatsTimeout:
        await heard.unsubscribe()
    assert not [one for one in found if not one.startswith("$SYS.")]


async def test_a_gateway_bound_to_a_district_reaches_no_other(guarded: Guarded) -> None:
    """The server holds it to its district, and its own process does not even try."""
    guarded.guard.mint.ensure(["gateway"], ("puer",))
    guarded.guard.mint.write()
    guarded.server.reload()
    with capture_logs():
        bus = await admitted(guarded.server.url, guarded.guard.access("gateway-puer"))
    guarded.buses.append(bus)
    endpoint = asked_of("credits")
    assert (await bus.nats.request(endpoint.subject("puer"), b"{}", timeout=PATIENCE)).data == ANSWER
    with pytest.raises(ServiceUnavailable):
        await bus.call(endpoint, {}, district="putuo")
    with capture_logs():
        await bus.nats.publish(endpoint.subject("putuo"), b"{}")
        await bus.nats.subscribe(CREDIT_RECOGNISED.subject("putuo"))
        await bus.flush()
    assert bus.denials.of("publish", endpoint.subject("putuo"))
    assert bus.denials.of("subscribe", CREDIT_RECOGNISED.subject("putuo"))


@pytest.mark.parametrize("thief", [one for one in THIEVES if one not in ("gateway", "operator")])
async def test_who_is_asked_on_whose_behalf_two_credentials_alone_can_say(guarded: Guarded, thief: str) -> None:
    """A caller is plain data, which the service believes: an erasure's two officials are as true as who speaks for
    them. What else is taken on trust there, that two of them have begun it, the registry alone can announce.
    """
    steps = (erasure.PROPOSE_ERASURE, erasure.BEGIN_ERASURE, erasure.GET_ERASURE_WORDS, erasure.CONFIRM_ERASURE)
    subjects = [one.subject(DISTRICT) for one in (*steps, *erasure.CLEARS, *erasure.COUNTS)]
    subjects += [] if thief == "registry" else [erasure.ERASURE_BEGUN.subject(DISTRICT)]
    bus = await guarded.connect(thief)
    with capture_logs():
        denied = await attempt_all(bus, [Attempt("publish", one, "", allowed=False) for one in subjects])
    assert denied == [f"publish {one.lower()}" for one in subjects]


def test_a_denial_is_counted_for_the_alarm() -> None:
    assert DENIED.name == "yanxiu_nats_denied_total"
