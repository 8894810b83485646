"""The short way through the client: in order with everything else, safe against odd texts, and hearing goes on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from nats.errors import BadSubjectError
from yanxiu_wire.rpc import Bus
from yanxiu_wire.straight import Came, Straight

SUBJECT = "test.straight"


class Heard:
    """What came, and word of when so many did."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self._came = asyncio.Event()

    def took(self, message: Any) -> None:
        self.messages.append(message)
        self._came.set()

    async def until(self, many: int) -> list[Any]:
        async with asyncio.timeout(5):
            while len(self.messages) < many:
                self._came.clear()
                await self._came.wait()
        return self.messages


async def test_what_is_published_comes_in_its_order_whichever_way_it_goes(bus: Bus) -> None:
    heard = Heard()
    hearing = await bus.nats.listen(SUBJECT, heard.took)
    for number in range(300):
        # A break in a value is what nats-py itself has to make harmless.
        odd = {"Name": "a\r\nb"} if number % 7 == 0 else {"Name": "a"}
        await bus.nats.publish(SUBJECT, b"%d" % number, headers=odd)
        if number % 50 == 0:
            await asyncio.sleep(0)
    came = await heard.until(300)
    await hearing.unsubscribe()
    assert [int(one.data) for one in came] == list(range(300))
    assert {type(one) for one in came} == {Came}
    assert came[0].headers["Name"].split() == ["a", "b"]


async def test_more_than_the_buffer_holds_leaves_in_one_turn_and_comes(bus: Bus) -> None:
    heard = Heard()
    hearing = await bus.nats.listen(SUBJECT, heard.took)
    body = b"x" * 300_000
    await asyncio.gather(*(bus.nats.publish(SUBJECT, body) for _ in range(40)))
    assert [len(one.data) for one in await heard.until(40)] == [len(body)] * 40
    await hearing.unsubscribe()


async def test_who_publishes_in_one_turn_to_who_reads_nothing_waits_as_nats_py_has_it(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is beyond the room of this turn goes the client's own way, which knows how to wait."""
    client = Straight()
    await client.connect(bus.nats.connected_url.geturl())  # type: ignore[union-attr]
    monkeypatch.setattr(client, "_has_room", lambda: not client._ending)
    body, taken = b"x" * 30_000, []
    for _ in range(5):
        taken.append(client.taken(SUBJECT, body))
    assert taken == [True, True, True, False, False]
    await client.close()


@pytest.mark.parametrize("subject", ["", "a b", "a\r\nPUB b 0", "a\tb"])
async def test_no_subject_becomes_two_commands(bus: Bus, subject: str) -> None:
    with pytest.raises(BadSubjectError):
        await bus.nats.publish(subject, b"", headers={"Name": "a"})
    with pytest.raises(BadSubjectError):
        await bus.nats.publish(SUBJECT, b"", reply=subject or "a b")


async def test_who_fails_at_one_message_is_given_the_next_and_it_is_said(bus: Bus) -> None:
    said: list[Exception] = []
    client = Straight()

    async def say(error: Exception) -> None:
        said.append(error)

    await client.connect(bus.nats.connected_url.geturl(), error_cb=say)  # type: ignore[union-attr]
    heard = Heard()

    def fails_first(message: Any) -> None:
        heard.took(message)
        if len(heard.messages) == 1:
            raise ValueError("made up")

    await client.listen(SUBJECT, fails_first)
    for body in (b"first", b"second"):
        await client.publish(SUBJECT, body)
    await heard.until(2)
    await client.close()
    assert [type(one) for one in said] == [ValueError]
    assert not client._took, "what listened lives no longer than the connection"


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (b"A: b\r\nC: d: e", {"A": "b", "C": "d: e"}),
        (b"A:b\r\nC: d ", {"A": "b", "C": "d"}),
        ("A: 中".encode(), {"A": "中"}),
        (b"A: \xff", {"A": "\ufffd"}),
    ],
)
def test_headers_are_read_as_the_client_reads_them(lines: bytes, wanted: dict[str, str]) -> None:
    assert Came("a", "", b"", b"NATS/1.0\r\n" + lines + b"\r\n\r\n").headers == wanted


def test_without_headers_there_are_none() -> None:
    assert Came("a", "", b"", None).headers is None
