"""The kerb: a whole request of a district that waits beyond its share is sent away as it came, any other goes in."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState
from yanxiu_gateway.door import Door
from yanxiu_gateway.kerb import Kerb, kerb_of
from yanxiu_wire.admission import Admission, Asked, Urgency

READ = b'{"query":"{ district { code } }"}'
WRITE = b'{"query":"mutation { x }"}'


def request(body: bytes = READ, *fields: str, district: str = "crowd", path: str = "/graphql") -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: test", f"Authorization: Bearer {district}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, *fields, "", ""]).encode() + body


def door(waiting: int, urgency: Urgency = Urgency.READ, app: Any = None) -> Door:
    """A door with its four slots taken, before which so many of one district wait."""
    admission = Admission(4, now=lambda: 0.0)
    for district in ("a", "b", "c", "d", *["crowd"] * waiting):
        its = Urgency.WRITE if district != "crowd" else urgency
        admission.enter(Asked(its, district, lambda: None, lambda _ms: None))
    return Door(app, admission, district_of=lambda header: header.partition(" ")[2])


def test_who_waits_beyond_his_districts_share_is_told_when_to_come_again() -> None:
    found = Kerb(door(103)).look(request())
    assert found is not None
    head, _, body = found.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"retry-after: 1" in head
    assert f"content-length: {len(body)}".encode() in head
    assert json.loads(body)["errors"][0]["extensions"] == {"code": "OVERLOADED", "service": "gateway", "retryAfter": 1}
    english = Kerb(door(103)).look(request(READ, "Accept-Language: en"))
    assert english is not None
    assert b"try again in 1 s" in english


@pytest.mark.parametrize(
    "data",
    [
        request(district="quiet"),
        request(WRITE),
        request(path="/live"),
        request()[:-1],
        request() + b"POST",
        request(READ, "Transfer-Encoding: chunked"),
        request(READ, "Upgrade: websocket"),
        request(READ, "Connection: close"),
        request().replace(b"Content-Length: 33", b"Content-Length: many"),
        b"GET /graphql HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01",
        b"",
    ],
    ids=[
        "another district", "a command", "another path", "not whole", "something behind it", "chunked", "upgrade",
        "close", "no length", "no post", "no http", "nothing",
    ],
)  # fmt: skip
def test_whatever_is_not_plainly_beyond_a_share_goes_on_to_the_server(data: bytes) -> None:
    before = door(103)
    assert Kerb(before).look(data) is None
    assert before.admission.turned_away == [0, 0, 0, 0]


def test_below_the_share_everybody_goes_in() -> None:
    assert Kerb(door(102)).look(request()) is None
    assert not Kerb(Door(None, Admission(4))).crowded  # type: ignore[arg-type]  # nobody enters
    assert Kerb(door(0)).crowded, "four are in hand"
    assert Kerb(door(205, Urgency.WRITE)).look(request(WRITE)) is not None, "commands have a longer queue"


def test_of_many_that_come_in_one_moment_no_more_are_let_in_than_there_is_room_for() -> None:
    before = door(0)
    told = [Kerb(before).look(request()) for _ in range(500)]
    assert sum(one is None for one in told) == 103, "none of them has entered yet"
    assert before.admission.turned_away[Urgency.READ] == 397


class Wire(asyncio.Transport):
    """What the server writes to one client."""

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        """The client has gone."""

    def pause_reading(self) -> None:
        """The test says when there is something to read."""

    def resume_reading(self) -> None:
        """As above."""


async def test_a_connection_lives_on_and_an_answer_under_way_is_waited_for() -> None:
    answering = asyncio.Event()

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await answering.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    before = door(103, app=app)
    config = Config(app, log_config=None)
    config.load()
    wire = Wire()
    protocol = kerb_of(before)(config, ServerState(), {})
    protocol.connection_made(wire)
    for _ in range(2):
        protocol.data_received(request())
    assert wire.written.count(b"HTTP/1.1 503") == 2
    half = request(district="quiet")
    protocol.data_received(half[:40])
    protocol.data_received(half[40:])
    protocol.data_received(request())
    assert wire.written.count(b"HTTP/1.1 503") == 2, "not in the middle of another, nor before its answer"
    answering.set()
    async with asyncio.timeout(5):
        while wire.written.count(b"HTTP/1.1 200") < 2:  # noqa: ASYNC110  uvicorn tells nobody
            await asyncio.sleep(0.001)
    protocol.data_received(request())
    assert wire.written.count(b"HTTP/1.1 503") == 3
    protocol.connection_lost(None)


def test_what_first_lines_say_is_kept_for_a_second_and_then_asked_again() -> None:
    time, asked = [0.0], []
    crowded = door(103)

    def district_of(header: str) -> str:
        asked.append(header)
        return "crowd" if time[0] < 1 else "quiet"

    crowded.district_of = district_of
    kerb = Kerb(crowded, now=lambda: time[0])
    assert kerb.look(request()) is not None
    assert kerb.look(request()) is not None
    assert kerb.look(request(WRITE)) is None, "of a kept head too the body is looked at"
    assert len(asked) == 2, "once for each length"
    time[0] = 1.1
    assert kerb.look(request()) is None, "whose it is is found out anew"


def test_heads_that_are_kept_are_bounded_in_bytes() -> None:
    kerb = Kerb(door(103))
    assert kerb.look(request(READ, "X-Long: " + "x" * 8_192)) is not None
    assert kerb.look(request()) is not None
    assert [len(head) for head in kerb._heads] == [len(request().partition(b"\r\n\r\n")[0])]
