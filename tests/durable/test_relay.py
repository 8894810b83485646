"""The relay: every event announced reaches the stream, in order, also after the stream or the server was lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs
from yanxiu_durable import Databases, Relay, announce, announce_all, apply_once
from yanxiu_durable import relay as relay_module
from yanxiu_durable.tables import OUTBOX, OUTBOX_PROGRESS
from yanxiu_wire import tracing
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Event
from yanxiu_wire.events import consume, ensure_stream, replay, stream_of
from yanxiu_wire.faults import MessageTooLarge
from yanxiu_wire.rpc import Bus

from .conftest import LEDGER


class Written(msgspec.Struct, frozen=True, kw_only=True):
    seq: int


WRITTEN = Event("test", "written", Written)
STREAM = stream_of("test")


@pytest.fixture
async def relay(databases: Databases, own_bus: Bus) -> AsyncIterator[Relay]:
    """A running relay whose poll is too slow to help: what works, works by being woken."""
    running = Relay(databases, own_bus, poll=60)
    await running.start()
    yield running
    await running.stop()


async def say(databases: Databases, *numbers: int, district: str = "puer") -> tuple[str, ...]:
    """Announce numbers in one transaction."""
    async with databases.write(district, Deadline.after(10)) as connection:
        return await announce_all(connection, district, [(WRITTEN, Written(seq=number)) for number in numbers])


async def heard(bus: Bus) -> list[tuple[str, int, str]]:
    """What the stream holds: district, number, message id."""
    found: list[tuple[str, int, str]] = []

    async def keep(district: str, _event: Event[Any], body: Written, message_id: str) -> None:
        found.append((district, body.seq, message_id))

    await replay(bus, [WRITTEN], keep)
    return found


async def numbers(bus: Bus) -> list[int]:
    return [number for _, number, _ in await heard(bus)]


async def outbox(databases: Databases) -> list[sa.Row[Any]]:
    async with databases.read("puer") as connection:
        return list((await connection.execute(sa.select(OUTBOX).order_by(OUTBOX.c.seq))).all())


async def test_events_leave_in_order_under_the_id_they_were_announced_with(
    databases: Databases, own_bus: Bus, relay: Relay
) -> None:
    ids = await say(databases, *range(300))
    relay.wake()
    await relay.settled()
    assert await heard(own_bus) == [("puer", number, ids[number]) for number in range(300)]
    rows = await outbox(databases)
    assert [row.seq for row in rows] == list(range(1, 301))
    assert [row.stream_seq for row in rows] == list(range(1, 301))
    assert all(row.sent_ms >= row.recorded_ms for row in rows)


async def test_an_event_of_a_transaction_that_failed_never_leaves(
    databases: Databases, own_bus: Bus, relay: Relay
) -> None:
    async def fail() -> None:
        async with databases.write("puer", Deadline.after(10)) as connection:
            await announce(connection, WRITTEN, "puer", Written(seq=1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    await say(databases, 2)
    await relay.settled()
    assert await numbers(own_bus) == [2]


async def test_events_of_every_district_leave(databases: Databases, own_bus: Bus, relay: Relay) -> None:
    await databases.ensure("putuo")
    await say(databases, 1)
    await say(databases, 2, district="putuo")
    await relay.settled()
    assert {(district, number) for district, number, _ in await heard(own_bus)} == {("puer", 1), ("putuo", 2)}


async def test_what_another_process_announced_is_found_by_looking(
    databases: Databases, second: Databases, own_bus: Bus
) -> None:
    seen = asyncio.Event()

    async def note(_district: str, _event: Event[Any], _body: Written, _message_id: str) -> None:
        seen.set()

    relay = Relay(databases, own_bus, poll=0.05)
    await relay.start()
    await relay.settled()
    consuming = await consume(own_bus, durable="other", events=[WRITTEN], handle=note)
    await say(second, 1)
    await asyncio.wait_for(seen.wait(), 10)
    await consuming.stop()
    await relay.stop()


async def test_two_relays_on_one_file_send_each_event_once(
    databases: Databases, second: Databases, own_bus: Bus
) -> None:
    relays = [Relay(databases, own_bus, poll=0.02), Relay(second, own_bus, poll=0.02)]
    for each in relays:
        await each.start()
    for start in range(0, 100, 10):
        await say((databases, second)[start % 20 // 10], *range(start, start + 10))
        for each in relays:
            each.wake()
    await asyncio.gather(*(each.settled() for each in relays))
    assert await numbers(own_bus) == list(range(100))
    for each in relays:
        await each.stop()


async def test_stopping_sends_what_waits(databases: Databases, own_bus: Bus) -> None:
    relay = Relay(databases, own_bus, poll=60)
    await relay.start()
    await relay.settled()
    await say(databases, 1, 2)
    await relay.stop()
    assert await numbers(own_bus) == [1, 2]


async def test_who_ends_sends_for_a_while_and_leaves_the_rest_to_the_next(
    databases: Databases, own_bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = Relay(databases, own_bus, poll=60)
    await relay.start()
    await relay.settled()
    await say(databases, 1, 2)
    monkeypatch.setattr(relay_module, "LAST_SECONDS", -1.0)
    await relay.stop()
    assert await numbers(own_bus) == []
    following = Relay(databases, own_bus, poll=60)
    await following.start()
    await following.settled()
    await following.stop()
    assert await numbers(own_bus) == [1, 2]


async def test_who_ends_looks_up_no_more_of_what_was_sent(
    databases: Databases, own_bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(databases, *range(300))
    relay = Relay(databases, own_bus, poll=60)
    await relay.start()
    await relay.settled()
    looks, look_up = 0, relay._rows.look_up
    begun = asyncio.Event()
    ended: list[asyncio.Task[None]] = []

    async def ending(district: str, after: int, most: int = 100) -> Any:
        nonlocal looks
        looks += 1
        if not ended:
            ended.append(asyncio.create_task(relay.stop()))
            await asyncio.sleep(0)
            begun.set()
        return await look_up(district, after, most)

    monkeypatch.setattr(relay._rows, "look_up", ending)
    await own_bus.jetstream.delete_stream(STREAM)
    relay.distrust()
    with capture_logs():
        async with asyncio.timeout(30):
            await begun.wait()
            await ended[0]
    assert looks == 1


async def test_a_crash_between_sending_and_noting_it_sends_no_second_copy(
    databases: Databases, own_bus: Bus, relay: Relay
) -> None:
    await say(databases, 1, 2, 3)
    await relay.settled()
    async with databases.write("puer", Deadline.after(10)) as connection:
        await connection.execute(sa.update(OUTBOX).where(OUTBOX.c.seq > 1).values(sent_ms=None, stream_seq=None))
    await relay.settled()
    assert await numbers(own_bus) == [1, 2, 3]
    assert [row.stream_seq for row in await outbox(databases)] == [1, 2, 3]


async def test_after_the_stream_was_deleted_everything_is_sent_again(
    databases: Databases, own_bus: Bus, relay: Relay
) -> None:
    ids = await say(databases, 1, 2, 3)
    await relay.settled()
    await own_bus.jetstream.delete_stream(STREAM)
    with capture_logs() as logs:
        await relay.verify()
    assert await heard(own_bus) == [("puer", number, ids[number - 1]) for number in (1, 2, 3)]
    assert [entry["events"] for entry in logs if entry["event"] == "stream-lost-events"] == [3]


async def test_a_stream_that_is_found_deleted_when_sending_gets_the_old_events_first(
    databases: Databases, own_bus: Bus, relay: Relay
) -> None:
    await say(databases, 1, 2)
    await relay.settled()
    await own_bus.jetstream.delete_stream(STREAM)
    await say(databases, 3)
    with capture_logs():
        await relay.settled()
    assert await numbers(own_bus) == [1, 2, 3]


async def test_lost_events_are_found_though_their_numbers_were_given_to_others(
    databases: Databases, own_bus: Bus, relay: Relay
) -> None:
    """What a power cut does: the newest part is gone and its sequence numbers are used again."""
    ids = await say(databases, *range(1, 11))
    await relay.settled()
    kept = [(await own_bus.jetstream.get_msg(STREAM, seq)) for seq in range(1, 7)]
    await own_bus.jetstream.delete_stream(STREAM)
    await ensure_stream(own_bus, "test")
    for message in kept:
        await own_bus.jetstream.publish(message.subject, message.data or b"", headers=message.headers)
    for other in range(20):
        await own_bus.jetstream.publish(WRITTEN.subject("putuo"), b'{"seq":0}', headers={"Nats-Msg-Id": f"o{other}"})
    with capture_logs():
        await relay.verify()
    mine = [(number, message_id) for district, number, message_id in await heard(own_bus) if district == "puer"]
    assert mine == [(number, ids[number - 1]) for number in range(1, 11)]


async def test_events_announced_while_the_server_was_killed_leave_when_it_is_back(
    own_nats: Any, databases: Databases, own_bus: Bus, relay: Relay
) -> None:
    await say(databases, 1)
    await relay.settled()
    own_nats.kill()
    with capture_logs():
        await say(databases, 2, 3)
        relay.wake()
        own_nats.start()
        await relay.settled()
    assert list(dict.fromkeys(await numbers(own_bus))) == [1, 2, 3]


async def test_what_was_found_on_the_streams_disk_is_not_looked_up_again(
    databases: Databases, own_bus: Bus, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "FSYNC_HORIZON_MS", -1000)
    await say(databases, *range(1, 6))
    await relay.verify()
    await relay.verify()
    async with databases.read("puer") as connection:
        assert (await connection.execute(sa.select(OUTBOX_PROGRESS.c.verified_seq))).scalar_one() == 5
    looked: list[int] = []
    real = own_bus.jetstream.get_msg

    async def counting(stream: str, seq: int | None = None, **more: Any) -> Any:
        if seq is not None:
            looked.append(seq)
        return await real(stream, seq, **more)

    monkeypatch.setattr(own_bus.jetstream, "get_msg", counting)
    await relay.verify()
    assert looked == [5]
    await own_bus.jetstream.delete_stream(STREAM)
    with capture_logs():
        await relay.verify()
    assert await numbers(own_bus) == [1, 2, 3, 4, 5]


async def test_a_trace_reaches_the_consumer(databases: Databases, own_bus: Bus, relay: Relay) -> None:
    seen: list[str | None] = []

    async def note(_district: str, _event: Event[Any], _body: Written, _message_id: str) -> None:
        seen.append(tracing.trace_id())

    consuming = await consume(own_bus, durable="traced", events=[WRITTEN], handle=note)
    with tracing.continued():
        mine = tracing.trace_id()
        await say(databases, 1)
    await relay.settled()
    await consuming.caught_up()
    assert seen == [mine]
    await consuming.stop()


async def test_an_event_that_comes_twice_is_applied_once(databases: Databases, own_bus: Bus, relay: Relay) -> None:
    async def apply(district: str, _event: Event[Any], body: Written, message_id: str) -> None:
        async with databases.write(district, Deadline.after(10)) as connection:
            if await apply_once(connection, district, message_id):
                row = {"district": district, "seq": body.seq, "what": message_id}
                await connection.execute(sa.insert(LEDGER).values(row))

    await say(databases, 1, 2)
    await relay.settled()
    for durable in ("first", "second"):
        consuming = await consume(own_bus, durable=durable, events=[WRITTEN], handle=apply)
        await consuming.caught_up()
        await consuming.stop()
    async with databases.read("puer") as connection:
        assert (await connection.execute(sa.select(LEDGER.c.seq).order_by(LEDGER.c.seq))).scalars().all() == [1, 2]


async def test_twenty_thousand_announcements_are_written_with_one_statement(databases: Databases) -> None:
    started = time.perf_counter()
    ids = await say(databases, *range(20_000))
    assert len(set(ids)) == 20_000
    assert sorted(ids) == list(ids)
    # One by one they would take above ten seconds: aiosqlite needs most of a millisecond for a statement.
    assert time.perf_counter() - started < 8


async def test_an_event_that_the_stream_would_never_take_is_not_announced(databases: Databases) -> None:
    class Much(msgspec.Struct, frozen=True, kw_only=True):
        text: str

    async def say_much() -> None:
        async with databases.write("puer", Deadline.after(10)) as connection:
            await announce(connection, Event("test", "much", Much), "puer", Much(text="x" * 1_000_001))

    with pytest.raises(MessageTooLarge):
        await say_much()
    assert await outbox(databases) == []
