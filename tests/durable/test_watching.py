"""What is measured of districts: what waits, for how long, and that the stream lacks what was sent, which is mended."""

from __future__ import annotations

import asyncio

from prometheus_client import REGISTRY
from yanxiu_durable import Databases, Relay
from yanxiu_durable.watching import Watching
from yanxiu_wire.rpc import Bus

from .test_relay import STREAM, numbers, say


def shown(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"service": "test", "district": "puer", **labels})


async def test_what_waits_and_what_the_stream_lost_is_seen_and_sent_again(databases: Databases, own_bus: Bus) -> None:
    relay = Relay(databases, own_bus, poll=60)
    watch = Watching(
        databases, own_bus, relay, packs={"puer": "2023.1"}, facts=(lambda _look, _of: {"dead_letters": 2},)
    )
    await say(databases, 1, 2, 3)
    its = (await watch.measure()).districts["puer"]
    assert (its.waiting, its.dead_letters, its.stream_behind) == (3, 2, False)
    assert its.ill
    assert shown("yanxiu_outbox_waiting") == 3
    await relay.start()
    try:
        await relay.settled()
        its = (await watch.measure()).districts["puer"]
        assert (its.waiting, its.oldest_seconds, its.stream_behind) == (0, 0, False)
        await own_bus.jetstream.delete_stream(STREAM)
        # Nobody has connected anew: without a look nobody would notice before the next round of the relay.
        assert (await watch.measure()).districts["puer"].stream_behind is True
        assert shown("yanxiu_stream_behind") == 1
        async with asyncio.timeout(10):
            await relay.settled()
        assert await numbers(own_bus) == [1, 2, 3]
        assert (await watch.measure()).districts["puer"].stream_behind is False
        assert shown("yanxiu_stream_behind") == 0
    finally:
        await relay.stop()


async def test_a_district_that_cannot_be_measured_is_named_and_the_others_are(
    databases: Databases, own_bus: Bus
) -> None:
    await databases.ensure("putuo")

    def facts(_look: object, district: str) -> dict[str, int]:
        if district == "puer":
            raise OSError("disk")
        return {"job_parts": 7}

    watch = Watching(databases, own_bus, Relay(databases, own_bus), packs={}, facts=(facts,))
    vitals = await watch.measure()
    assert vitals.problem == "puer: OSError"
    assert {name: its.job_parts for name, its in vitals.districts.items()} == {"putuo": 7}
