"""The door of the gateway: how many operations are in hand, who waits, and who is told at once to come again.

It stands before everything else, for under ten times the load even finding out who asks would take all the time there
is: who finds no room costs a queue entry and an answer made beforehand. A slot is held until the answer begins, so that
a stream of events holds none. Probes and websockets pass it by.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from yanxiu_wire.admission import Admission, Asked, Urgency
from yanxiu_wire.faults import Overloaded

from yanxiu_gateway.errors import Language, language_of, overloaded, seconds

PATH = "/graphql"
NAME = "gateway"
# At 2 to 4 ms each, so many are answered in a quarter of a second: enough for both cores, far from any deadline.
SLOTS = 64

DistrictOf = Callable[[str], str]
"""The district that a token shows which was verified before; empty for any other."""


class _Turn:
    """One request's turn: at once, later, or never (`again_ms`)."""

    __slots__ = ("again_ms", "came", "left", "told")

    def __init__(self) -> None:
        self.came = False
        self.again_ms = 0
        self.told: asyncio.Future[None] | None = None
        self.left: Callable[[], None] | None = None

    def go(self) -> None:
        self.came = True
        if self.left is not None:
            self.left()
        self._tell()

    def away(self, again_ms: int) -> None:
        self.again_ms = again_ms
        self._tell()

    def _tell(self) -> None:
        if self.told is not None and not self.told.done():
            self.told.set_result(None)

    async def wait(self) -> None:
        """Return when it is known."""
        if not self.came and not self.again_ms:
            self.told = asyncio.get_running_loop().create_future()
            await self.told


class Door:
    """The application behind its door; `commands` are the ids of registered documents that write."""

    def __init__(
        self,
        app: ASGIApp,
        admission: Admission,
        *,
        district_of: DistrictOf = lambda _token: "",
        commands: Iterable[str] = (),
    ) -> None:
        self._app = app
        self.admission = admission
        self.district_of = district_of
        self._commands = tuple(name.encode() for name in commands)
        # Below this nobody needs to know whose request it is, nor what it does.
        self._easy = admission.slots * 3 // 10
        self._answers: dict[tuple[Language, int], tuple[Message, Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, when there is room."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            return await self._app(scope, receive, send)
        if self.admission.running < self._easy:
            return await self._enter(Urgency.WRITE, "", scope, receive, send)
        first = await receive()
        body = first.get("body", b"")
        urgency = self.urgency_of(body)
        district = self.district_of(_header(scope, b"authorization"))

        async def again() -> Message:
            nonlocal first
            if first is None:
                return await receive()
            found, first = first, None
            return found

        return await self._enter(urgency, district, scope, again, send)

    def urgency_of(self, body: bytes) -> Urgency:
        """A command's or a read's, as far as its text tells: a guess that only decides who goes first."""
        if b"mutation" in body:
            return Urgency.WRITE
        known = bool(self._commands) and b"documentId" in body and any(name in body for name in self._commands)
        return Urgency.WRITE if known else Urgency.READ

    async def _enter(self, urgency: Urgency, district: str, scope: Scope, receive: Receive, send: Send) -> None:
        turn = _Turn()
        self.admission.enter(Asked(urgency, district, turn.go, turn.away))
        try:
            await turn.wait()
        except asyncio.CancelledError:
            # Told to go after all, or before he could hear it, he gives his slot back.
            turn.left = lambda: self.admission.leave(urgency, district)
            if turn.came:
                turn.left()
            raise
        if not turn.came:
            return await self._send_away(turn.again_ms, scope, send)
        held = True

        def leave() -> None:
            nonlocal held
            if held:
                held = False
                self.admission.leave(urgency, district)

        async def begun(message: Message) -> None:
            if message["type"] == "http.response.start":
                leave()
            await send(message)

        try:
            return await self._app(scope, receive, begun)
        finally:
            leave()

    async def _send_away(self, again_ms: int, scope: Scope, send: Send) -> None:
        language = language_of(_header(scope, b"accept-language"))
        known = self._answers.get((language, again_ms))
        if known is None:
            known = self._answers[language, again_ms] = _messages(language, again_ms)
        await send(known[0])
        await send(known[1])


def answer_of(language: Language, again_ms: int) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body for who finds no room, of a 503: the time to wait, in the shape of GraphQL's errors."""
    message, facts = overloaded(Overloaded(NAME, again_ms), language)
    body = msgspec.json.encode({"errors": [{"message": message, "extensions": facts}]})
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"retry-after", str(seconds(again_ms)).encode()),
    ]
    return headers, body


def _messages(language: Language, again_ms: int) -> tuple[Message, Message]:
    headers, body = answer_of(language, again_ms)
    return (
        {"type": "http.response.start", "status": 503, "headers": headers},
        {"type": "http.response.body", "body": body},
    )


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""
