"""A bit turns over in an old part of the stream: what it takes is found and sent again, though newer parts hold."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from prometheus_client import REGISTRY
from yanxiu_durable import Databases, Relay, announce_all
from yanxiu_durable import relay as relay_module
from yanxiu_durable import sweep as sweep_module
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Event
from yanxiu_wire.events import replay
from yanxiu_wire.rpc import Bus

# Large, so that few of them fill several of the stream's blocks of 8 MB.
MANY, LETTERS = 24, 900_000


class Long(msgspec.Struct, frozen=True, kw_only=True):
    seq: int
    text: str


LONG = Event("test", "long", Long)


async def announced(databases: Databases, relay: Relay) -> None:
    """Three blocks of events that the relay takes to be on the stream's disk for good."""
    for start in range(0, MANY, 6):
        news = [(LONG, Long(seq=number, text="长" * (LETTERS // 3))) for number in range(start, start + 6)]
        async with databases.write("puer", Deadline.after(30)) as connection:
            await announce_all(connection, "puer", news)
    await relay.settled()
    await relay.verify()


def lost() -> float:
    labels = {"service": "test", "district": "puer"}
    return REGISTRY.get_sample_value("yanxiu_stream_lost_events_total", labels) or 0.0


async def kept(bus: Bus) -> list[int]:
    found: list[int] = []

    async def keep(_district: str, _event: Event[Any], body: Long, _id: str) -> None:
        found.append(body.seq)

    await replay(bus, [LONG], keep)
    return found


def turned_over(own_nats: Any) -> None:
    """One bit in the middle of the oldest of the blocks, while the server is away."""
    blocks = sorted(own_nats.store.rglob("*.blk"), key=lambda path: int(path.stem))
    assert len(blocks) > 2
    with blocks[0].open("r+b") as block:
        at = blocks[0].stat().st_size // 2
        block.seek(at)
        (byte,) = block.read(1)
        block.seek(at)
        block.write(bytes([byte ^ 4]))


@pytest.mark.parametrize("end", ["kill", "stop"])
async def test_events_that_a_bit_takes_from_an_old_block_are_sent_again(
    end: str, own_nats: Any, databases: Databases, own_bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed, the server counts fewer than it numbered; ended well, it counts all, and only a look finds the one."""
    monkeypatch.setattr(relay_module, "FSYNC_HORIZON_MS", -60_000)
    monkeypatch.setattr(sweep_module, "ROUND_SECONDS", 0.5)
    relay = Relay(databases, own_bus, poll=0.2)
    await relay.start()
    await announced(databases, relay)
    before = lost()
    getattr(own_nats, end)()
    turned_over(own_nats)
    own_nats.start()
    await relay.swept("puer")
    await relay.settled()
    assert set(await kept(own_bus)) == set(range(MANY))
    # The bit lay in the block's middle: with a clean end one event was in it, without one all that came after it too.
    assert lost() - before == 1 if end == "stop" else lost() - before > 1
    await relay.stop()
