"""Events over the real stream: order, redelivery, the dead letter, a killed server, a lost stream, a replay."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs
from yanxiu_wire.codec import encode
from yanxiu_wire.endpoint import Event
from yanxiu_wire.events import (
    MESSAGE_ID,
    Consuming,
    Delivery,
    EventUnusable,
    GivenUp,
    consume,
    consume_many,
    ensure_stream,
    replay,
    stream_of,
)
from yanxiu_wire.faults import MessageMalformed, ServiceUnavailable
from yanxiu_wire.rpc import Bus

from .conftest import HAPPENED, Happened

STREAM = stream_of("sample")
SOON = (0.01, 0.01, 0.01, 0.01)
OTHER = Event("sample", "elsewhere", Happened)


class Seen:
    """A handler that notes what it was given and fails when it is told to."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.districts: list[str] = []
        self.ids: list[str] = []
        self.sizes: list[int] = []
        self.bad: set[int] = set()
        self.letters: list[GivenUp] = []
        self._changed = asyncio.Condition()

    async def handle(self, district: str, _event: Event[Any], body: Happened, message_id: str) -> None:
        async with self._changed:
            self.numbers.append(body.number)
            self.districts.append(district)
            self.ids.append(message_id)
            self._changed.notify_all()
        if body.number in self.bad:
            raise RuntimeError("cannot apply that one")

    async def handle_many(self, district: str, deliveries: Sequence[Delivery]) -> None:
        self.sizes.append(len(deliveries))
        for found in deliveries:
            if found.body.number in self.bad:
                raise RuntimeError("cannot apply that one")
        for found in deliveries:
            await self.handle(district, found.event, found.body, found.message_id)

    async def put_aside(self, letter: GivenUp) -> None:
        async with self._changed:
            self.letters.append(letter)
            self._changed.notify_all()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: len(self.numbers) >= count)

    async def until_letters(self, count: int) -> None:
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(lambda: len(self.letters) >= count)


async def announce(bus: Bus, *numbers: int, district: str = "puer", event: Event[Any] = HAPPENED) -> None:
    for number in numbers:
        await bus.jetstream.publish(
            event.subject(district), encode(Happened(number=number)), headers={MESSAGE_ID: f"{district}-{number}"}
        )


async def listen(bus: Bus, seen: Seen, **more: Any) -> Consuming:
    return await consume(bus, durable="sample", events=[HAPPENED], handle=seen.handle, retry_after=SOON, **more)


async def test_the_stream_is_on_disk_and_refuses_to_forget(own_bus: Bus) -> None:
    first, again = await asyncio.gather(ensure_stream(own_bus, "sample"), ensure_stream(own_bus, "sample"))
    assert first.config.name == again.config.name == STREAM
    assert first.config.storage == "file"
    assert first.config.deny_delete
    assert first.config.deny_purge
    assert first.config.subjects == ["yanxiu.v1.events.sample.>"]


async def test_events_come_in_order_with_district_body_and_id_and_only_the_ones_asked_for(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    await announce(own_bus, 1, 2, 3)
    await announce(own_bus, 4, district="putuo")
    await announce(own_bus, 99, event=OTHER)
    seen = Seen()
    consuming = await listen(own_bus, seen)
    await consuming.caught_up()
    await announce(own_bus, 5)
    await consuming.caught_up()
    assert seen.numbers == [1, 2, 3, 4, 5]
    assert seen.districts == ["puer", "puer", "puer", "putuo", "puer"]
    assert seen.ids[3] == "putuo-4"
    await consuming.stop()


async def test_a_consumer_goes_on_where_its_name_left_off(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    await announce(own_bus, 1, 2)
    first, second = Seen(), Seen()
    consuming = await listen(own_bus, first)
    await consuming.caught_up()
    await consuming.stop()
    await announce(own_bus, 3)
    consuming = await listen(own_bus, second)
    await consuming.caught_up()
    await consuming.stop()
    assert (first.numbers, second.numbers) == ([1, 2], [3])


async def test_an_event_whose_handler_fails_comes_again(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    seen = Seen()
    seen.bad = {2}
    consuming = await listen(own_bus, seen)
    with capture_logs():
        await announce(own_bus, 1, 2, 3)
        await seen.until(3)
        seen.bad = set()
        await consuming.caught_up()
    assert seen.numbers == [1, 2, 3, 2]
    await consuming.stop()


async def test_what_goes_wrong_for_a_moment_sends_all_back_together_not_one_by_one(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    await announce(own_bus, *range(5))
    seen, failed = Seen(), list[int]()

    async def locked_at_first(district: str, deliveries: Sequence[Delivery]) -> None:
        if not failed and len(deliveries) > 1:
            failed.append(len(deliveries))
            raise ServiceUnavailable("sample")
        await seen.handle_many(district, deliveries)

    with capture_logs() as logs:
        consuming = await consume_many(
            own_bus, durable="many", events=[HAPPENED], handle=locked_at_first, retry_after=SOON
        )
        await consuming.caught_up()
    assert sorted(seen.numbers) == list(range(5))
    told = [entry["event"] for entry in logs]
    assert (told.count("event-failed"), told.count("events-one-by-one")) == (sum(failed), 0)
    await consuming.stop()


async def test_an_event_that_the_handler_cannot_use_is_put_aside_at_once(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    seen = Seen()

    async def picky(district: str, event: Event[Any], body: Happened, message_id: str) -> None:
        if body.number == 1:
            raise EventUnusable("one is no number")
        await seen.handle(district, event, body, message_id)

    consuming = await consume(
        own_bus, durable="picky", events=[HAPPENED], handle=picky, dead_letter=seen.put_aside, retry_after=SOON
    )
    with capture_logs() as logs:
        await announce(own_bus, 1, 2)
        await consuming.caught_up()
    assert seen.numbers == [2]
    (letter,) = seen.letters
    assert (letter.data, letter.message_id, letter.tries, letter.problem) == (
        b'{"number":1}', "puer-1", 1, "EventUnusable",
    )  # fmt: skip
    assert [entry["tries"] for entry in logs if entry["event"] == "event-given-up"] == [1]
    await consuming.stop()


async def test_an_event_that_does_not_fit_its_type_is_put_aside_at_once(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    seen = Seen()
    consuming = await listen(own_bus, seen, dead_letter=seen.put_aside)
    with capture_logs() as logs:
        await own_bus.jetstream.publish(HAPPENED.subject("puer"), b'{"number":"x"}', headers={MESSAGE_ID: "odd"})
        await announce(own_bus, 2)
        await seen.until_letters(1)
        await consuming.caught_up()
    assert seen.numbers == [2]
    assert (seen.letters[0].data, seen.letters[0].message_id) == (b'{"number":"x"}', "odd")
    assert seen.letters[0].problem == "MessageMalformed number"
    assert [entry["tries"] for entry in logs if entry["event"] == "event-given-up"] == [1]
    await consuming.stop()


async def test_many_at_a_time_are_of_one_district_and_a_bad_one_does_not_hold_up_the_others(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    await announce(own_bus, *range(60))
    await announce(own_bus, *range(60, 64), district="putuo")
    seen = Seen()
    seen.bad = {5}
    with capture_logs():
        consuming = await consume_many(
            own_bus, durable="many", events=[HAPPENED], handle=seen.handle_many, retry_after=SOON, together=3
        )
        await seen.until(63)
        seen.bad = set()
        await consuming.caught_up()
    assert sorted(seen.numbers) == list(range(64))
    # Which events arrive together is the network's affair; that three are the most, and one when one is bad, is ours.
    assert max(seen.sizes) == 3
    assert 1 in seen.sizes
    assert {district for district, number in zip(seen.districts, seen.numbers, strict=True) if number >= 60} == {
        "putuo"
    }
    await consuming.stop()


async def test_two_processes_under_one_name_share_the_events(own_nats: Any, own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    other = await Bus.connect(own_nats.url, name="other")
    seen = Seen()
    consuming = [await listen(own_bus, seen), await listen(other, seen)]
    await announce(own_bus, *range(50))
    await asyncio.gather(*(each.caught_up() for each in consuming))
    assert sorted(seen.numbers) == list(range(50))
    for each in consuming:
        await each.stop()
    await other.close()


async def test_consumers_go_on_after_the_server_was_killed(own_nats: Any, own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    seen = Seen()
    consuming = await listen(own_bus, seen)
    await announce(own_bus, 1, 2)
    await consuming.caught_up()
    for number in (3, 4):
        back = asyncio.Event()
        forget = own_bus.on_reconnect(back.set)
        own_nats.restart()
        await asyncio.wait_for(back.wait(), 20)
        forget()
        await announce(own_bus, number)
        await consuming.caught_up()
    # A killed server may have forgotten the last acknowledgement: an event twice is allowed, one missing is not.
    assert list(dict.fromkeys(seen.numbers)) == [1, 2, 3, 4]
    await consuming.stop()


async def test_a_consumer_finds_its_stream_again_when_it_was_deleted(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    seen = Seen()
    consuming = await listen(own_bus, seen)
    await announce(own_bus, 1)
    await consuming.caught_up()
    await own_bus.jetstream.delete_stream(STREAM)
    await ensure_stream(own_bus, "sample")
    with capture_logs():
        await announce(own_bus, 2)
        await consuming.caught_up()
    assert seen.numbers == [1, 2]
    await consuming.stop()


async def test_a_consumer_that_was_deleted_is_made_anew_and_reads_from_the_first_event(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    seen = Seen()
    consuming = await listen(own_bus, seen)
    await announce(own_bus, 1)
    await consuming.caught_up()
    await own_bus.jetstream.delete_consumer(STREAM, "sample")
    with capture_logs():
        await consuming.caught_up()
    assert seen.numbers == [1, 1]
    await consuming.stop()


async def test_stopping_finishes_the_event_in_hand(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    started, go, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(_district: str, _event: Event[Any], _body: Happened, _message_id: str) -> None:
        started.set()
        await go.wait()
        done.set()

    consuming = await consume(own_bus, durable="slow", events=[HAPPENED], handle=slow)
    await announce(own_bus, 1)
    await started.wait()
    stopping = asyncio.create_task(consuming.stop())
    go.set()
    await stopping
    assert done.is_set()
    await own_bus.nats.flush()
    info = await own_bus.jetstream.consumer_info(STREAM, "slow")
    assert (info.num_ack_pending, info.num_pending) == (0, 0)


async def test_a_replay_reads_everything_there_is_and_leaves_consumers_their_place(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    seen, again = Seen(), Seen()
    consuming = await listen(own_bus, seen)
    await announce(own_bus, *range(300))
    await announce(own_bus, 999, event=OTHER)
    await consuming.caught_up()
    assert await replay(own_bus, [HAPPENED], again.handle) == 300
    assert again.numbers == list(range(300))
    assert again.ids[0] == "puer-0"
    await consuming.caught_up()
    assert len(seen.numbers) == 300
    infos = await own_bus.jetstream.consumers_info(STREAM)
    assert [info.name for info in infos] == ["sample"]
    await consuming.stop()


async def test_a_replay_of_nothing_is_nothing(own_bus: Bus) -> None:
    assert await replay(own_bus, [HAPPENED], Seen().handle) == 0


async def test_what_goes_wrong_in_a_replay_reaches_who_asked_for_it(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    await own_bus.jetstream.publish(HAPPENED.subject("puer"), b'{"number":"x"}', headers={MESSAGE_ID: "odd"})
    with pytest.raises(MessageMalformed):
        await replay(own_bus, [HAPPENED], Seen().handle)
