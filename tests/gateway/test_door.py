"""The door of the gateway: what begins, who waits, who is sent away at once and what he is told."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from yanxiu_gateway.door import Door
from yanxiu_wire.admission import Admission

READ = b'{"query":"{ district { code } }"}'
WRITE = b'{"query":"mutation { x }"}'


class Inside:
    """An application that answers when it is told to, and keeps in which order it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may: dict[str, asyncio.Event] = {}
        self.bodies: dict[str, bytes] = {}
        self.changed = asyncio.Condition()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        name = scope["name"]
        async with self.changed:
            self.asked.append(name)
            self.changed.notify_all()
        may = self.may.setdefault(name, asyncio.Event())
        if scope["method"] == "POST":
            self.bodies[name] = (await receive())["body"]
        await may.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: len(self.asked) >= count)

    def answer(self, name: str) -> None:
        self.may.setdefault(name, asyncio.Event()).set()


class Street:
    """Clients before the door; time stands still until the test moves it."""

    def __init__(self, slots: int) -> None:
        self.time = 0.0
        self.inside = Inside()
        self.admission = Admission(slots, now=lambda: self.time)
        self.door = Door(
            self.inside, self.admission, district_of=lambda header: header.partition(" ")[2], commands=("sha256:abc",)
        )
        self.answers: dict[str, list[Any]] = {}

    def knock(self, name: str, body: bytes = READ, district: str = "puer", **scope: Any) -> asyncio.Task[None]:
        headers = [(b"authorization", f"Bearer {district}".encode()), (b"accept-language", b"en")]
        given = {"type": "http", "path": "/graphql", "method": "POST", "headers": headers, "name": name, **scope}
        self.answers[name] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            self.answers[name].append(message)

        return asyncio.create_task(self.door(given, receive, send))

    async def full(self, slots: int) -> list[asyncio.Task[None]]:
        """As many inside as there is room for, of districts that are not asked about."""
        tasks = [self.knock(f"full{number}", WRITE, f"other{number}") for number in range(slots)]
        await self.inside.until(slots)
        return tasks

    async def leave(self, *tasks: asyncio.Task[None]) -> None:
        for name in self.answers:
            self.inside.answer(name)
        await asyncio.gather(*tasks)


async def test_commands_go_in_before_reads_and_their_bodies_are_whole() -> None:
    street = Street(4)
    inside = await street.full(4)
    waiting = [
        street.knock("read"),
        street.knock("write", WRITE),
        street.knock("known", b'{"documentId":"sha256:abc"}'),
    ]
    await asyncio.sleep(0)
    await street.leave(*inside, *waiting)
    assert street.inside.asked[4:] == ["write", "known", "read"]
    assert street.inside.bodies["write"] == WRITE
    assert street.inside.bodies["read"] == READ
    assert street.admission.idle


async def test_who_finds_no_room_is_told_at_once_when_to_come_again() -> None:
    street = Street(4)
    inside = await street.full(4)
    waiting = [street.knock(f"read{number}") for number in range(257)]
    await waiting[0]
    start, body = street.answers["read0"]
    assert start["status"] == 503
    headers = dict(start["headers"])
    assert headers[b"retry-after"] == b"1"
    (error,) = json.loads(body["body"])["errors"]
    assert error["extensions"] == {"code": "OVERLOADED", "service": "gateway", "retryAfter": 1}
    assert "try again in 1 s" in error["message"]
    assert "read0" not in street.inside.asked
    await street.leave(*inside, *waiting)


async def test_probes_pass_by_and_a_stream_holds_no_slot() -> None:
    street = Street(4)
    inside = await street.full(4)
    probe = street.knock("probe", path="/ready", method="GET")
    await street.inside.until(5)
    assert street.inside.asked[-1] == "probe"
    await street.leave(*inside, probe)

    streaming = asyncio.Event()

    async def stream(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await streaming.wait()

    admission = Admission(4)
    held = asyncio.create_task(
        Door(stream, admission)({"type": "http", "path": "/graphql", "method": "POST", "headers": []}, None, _nothing)  # type: ignore[arg-type]
    )
    await asyncio.sleep(0)
    assert admission.idle
    streaming.set()
    await held


async def test_one_district_before_the_door_leaves_room_for_another() -> None:
    street = Street(10)
    crowd = [street.knock(f"crowd{number}", WRITE, "crowd") for number in range(30)]
    await street.inside.until(8)
    other = street.knock("other", WRITE, "quiet")
    await street.inside.until(9)
    assert street.inside.asked[-1] == "other"
    await street.leave(*crowd, other)
    assert street.admission.idle


async def test_who_leaves_while_he_waits_takes_no_slot_with_him() -> None:
    street = Street(4)
    inside = await street.full(4)
    gone = street.knock("gone")
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await street.leave(*inside)
    assert "gone" not in street.inside.asked
    assert street.admission.idle


async def _nothing(_message: Any) -> None:
    return None
