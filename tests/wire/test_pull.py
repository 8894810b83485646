"""Who is told to stop stops, also in the moment in which the server says something."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from nats.aio.msg import Msg
from yanxiu_wire.pull import Pull

HEARTBEAT = {"Status": "100", "Description": "Idle Heartbeat"}


class Meeting:
    """A subscription whose message meets the cancellation, which Python 3.11 then forgets (`asyncio.wait_for`)."""

    pending_msgs = 0

    def __init__(self, headers: dict[str, str] | None) -> None:
        self.waited_for = asyncio.Event()
        self._message = Msg(_client=None, subject="inbox", data=b"told", headers=headers)  # type: ignore[arg-type]

    async def next_msg(self, timeout: float) -> Msg:  # noqa: ASYNC109 - as nats-py has it
        self.waited_for.set()
        try:
            async with asyncio.timeout(timeout):
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            return self._message
        raise AssertionError("nobody interrupted it")


async def interrupted_by(meeting: Meeting) -> list[Msg]:
    async def subscribe(_inbox: str) -> Meeting:
        return meeting

    async def publish(*_told: Any, **_more: Any) -> None:
        return None

    nats = SimpleNamespace(new_inbox=lambda: "inbox", subscribe=subscribe, publish=publish)
    pull = Pull(SimpleNamespace(nats=nats), "STREAM", "durable", batch=1)  # type: ignore[arg-type]
    await pull.open()
    interrupted = asyncio.Event()
    reading = asyncio.create_task(pull.next(interrupted))
    await meeting.waited_for.wait()
    interrupted.set()
    return await asyncio.wait_for(reading, 2)


async def test_an_interruption_that_meets_a_heartbeat_is_not_lost() -> None:
    assert await interrupted_by(Meeting(HEARTBEAT)) == []


async def test_an_event_that_meets_the_interruption_is_handed_over() -> None:
    assert [one.data for one in await interrupted_by(Meeting(None))] == [b"told"]
