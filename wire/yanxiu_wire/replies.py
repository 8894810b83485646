"""Requests of one connection and their replies: one inbox for all, where nats-py spends most of a request on a token.

Who answers one request learns the inbox, so each reply's subject ends in a secret of its own: nobody can answer what
was asked of another. Secrets are drawn from the system many at a time.
"""

from __future__ import annotations

import asyncio
import functools
import os
from collections.abc import Callable
from typing import Any

from nats.aio.msg import Msg
from nats.errors import NoRespondersError
from nats.js.api import Header

from yanxiu_wire.straight import Came, Straight, Took

_NOBODY = "503"
_SECRET = 12
_DRAWN = 256


class Replies:
    """Sends requests over a client and hands every reply to who waits for it."""

    def __init__(self, client: Straight) -> None:
        self._client = client
        self._inbox = ""
        self._opening: asyncio.Lock | None = None
        self._waiting: dict[str, Took] = {}
        self._secrets = b""
        self._next = 0

    async def request(self, subject: str, body: bytes, *, seconds: float, headers: dict[str, str]) -> Came | Msg:
        """The reply to a request.

        Raises `TimeoutError` after that many seconds, `NoRespondersError` when nobody answers the subject, and what
        publishing raises.
        """
        if not self._inbox:
            await self._open()
        loop = asyncio.get_running_loop()
        token = self._token()
        reply: asyncio.Future[Came | Msg] = loop.create_future()
        self._waiting[token] = functools.partial(_settle, reply)
        late = loop.call_later(seconds, _too_late, reply)
        try:
            await self._client.publish(subject, body, reply=f"{self._inbox}.{token}", headers=headers)
            found = await reply
        finally:
            late.cancel()
            del self._waiting[token]
        if nobody(found):
            raise NoRespondersError
        return found

    async def several(
        self, subject: str, body: bytes, came: Callable[[Any], None], *, headers: dict[str, str]
    ) -> Callable[[], None]:
        """Send a request that is answered in several messages, each of which `came` is told; what ends that.

        Raises what publishing raises. That nobody answers the subject comes as a message too (`nobody`).
        """
        if not self._inbox:
            await self._open()
        token = self._token()
        self._waiting[token] = came
        try:
            await self._client.publish(subject, body, reply=f"{self._inbox}.{token}", headers=headers)
        except BaseException:
            del self._waiting[token]
            raise
        return functools.partial(self._forget, token)

    def several_now(
        self, subject: str, body: bytes, came: Callable[[Any], None], *, headers: dict[str, str]
    ) -> Callable[[], None] | None:
        """As `several`, where the connection takes it at once; None where it does not: nothing was sent."""
        if not self._inbox:
            return None
        token = self._token()
        if not self._client.taken(subject, body, f"{self._inbox}.{token}", headers):
            return None
        self._waiting[token] = came
        return functools.partial(self._forget, token)

    def _forget(self, token: str) -> None:
        self._waiting.pop(token, None)

    def _token(self) -> str:
        """A secret, and the number of the request, so that no two are alike."""
        place = self._next % _DRAWN * _SECRET
        if place == 0:
            self._secrets = os.urandom(_DRAWN * _SECRET)
        self._next += 1
        return f"{self._secrets[place : place + _SECRET].hex()}{self._next:x}"

    async def _open(self) -> None:
        self._opening = self._opening or asyncio.Lock()
        async with self._opening:
            if not self._inbox:
                inbox = self._client.new_inbox()
                await self._client.listen(f"{inbox}.*", self._came)
                self._inbox = inbox

    def _came(self, message: Came | Msg) -> None:
        came = self._waiting.get(message.subject[len(self._inbox) + 1 :])
        if came is not None:
            came(message)


def nobody(message: Came | Msg) -> bool:
    """Whether a reply is the server's, that nobody listens."""
    return not message.data and (message.headers or {}).get(Header.STATUS) == _NOBODY


def _settle(reply: asyncio.Future[Came | Msg], message: Came | Msg) -> None:
    if not reply.done():
        reply.set_result(message)


def _too_late(reply: asyncio.Future[Came | Msg]) -> None:
    if not reply.done():
        reply.set_exception(TimeoutError())
