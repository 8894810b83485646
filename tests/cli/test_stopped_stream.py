"""A stream that nats-server gave up after a failed write: seen, and started again once there is room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nats
import nats.errors
import pytest
from yanxiu_cli.local import stopped_stream
from yanxiu_cli.local.stopped_stream import stream_stopped

from tests.conftest import NatsServer

# Less than one event needs.
FULL = 200
EVENT = b"y" * 3000


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[NatsServer]:
    server = NatsServer(tmp_path, fsync=False, monitored=True)
    yield server
    server.stop()


async def test_a_stream_that_was_full_keeps_nothing_until_its_server_starts_again_and_that_is_seen(
    watched: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = stream_stopped(watched.monitor, watched.store)
    connected = await nats.connect(watched.url)
    stream = connected.jetstream(timeout=0.3)
    await stream.add_stream(name="S", subjects=["s.>"])
    await stream.publish("s.a", b"kept")
    assert not await stopped()

    watched.fill(FULL)
    with pytest.raises(nats.errors.TimeoutError):
        await stream.publish("s.a", EVENT)
    with monkeypatch.context() as without:
        without.setattr(stopped_stream, "ROOM_BYTES", 1 << 62)
        assert not await stopped(), "a start brings nothing while there is no room"
    watched.fill(None)
    # The day this is answered by itself, nobody has to start it again any more.
    with pytest.raises(nats.errors.TimeoutError):
        await stream.publish("s.a", EVENT)
    assert await stopped()
    await connected.close()

    watched.restart()
    assert not await stream_stopped(watched.monitor, watched.store)()
    again = await nats.connect(watched.url)
    assert (await again.jetstream().publish("s.a", EVENT)).seq == 2
    await again.close()


async def test_a_server_that_does_not_answer_is_not_taken_for_a_stopped_one(watched: NatsServer) -> None:
    watched.kill()
    assert not await stream_stopped(watched.monitor, watched.store)()
