"""A client that does not read: what waits for it is bounded, it is told why it is let go, and in the end cut off."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from yanxiu_wire.log import logger

from yanxiu_gateway.live_limits import Held

CUT = "yanxiu.cut"
WHOLE = "yanxiu.whole"


class Cuttable:
    """The application, which can cut off a client: closing waits until all was read, which may be never."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As the application; uvicorn's `send` belongs to what holds the transport, of both protocols."""
        its = getattr(send, "__self__", None)
        transport = getattr(its, "transport", None)
        if transport is not None:
            extensions = scope.setdefault("extensions", {})
            extensions[CUT] = transport.abort
            extensions[WHOLE] = getattr(its, "more_body", True) is False
        await self._app(scope, receive, send)


def is_whole(scope: Scope) -> bool:
    """Whether the server had read the whole request before anybody was asked to answer it."""
    return scope.get("extensions", {}).get(WHOLE, False)


def cut_of(scope: Scope) -> Callable[[], Any]:
    """What cuts the client off; where no server holds a transport there is nobody to cut off."""
    return scope.get("extensions", {}).get(CUT, lambda: None)


class Patience:
    """Sends to one client; `slow` is set when a message was not taken for too long.

    Each message waits for the one before it in the server, which buffers a few pages at most: so nothing gathers here.
    """

    def __init__(self, send: Send, held: Held) -> None:
        self._send = send
        self._held = held
        self.slow = asyncio.Event()

    async def __call__(self, message: Message) -> None:
        """Send as the server does, and say so when it takes too long."""
        late = asyncio.get_running_loop().call_later(self._held.limits.slow_seconds, self.slow.set)
        try:
            await self._send(message)
        finally:
            late.cancel()

    @contextlib.asynccontextmanager
    async def kept(self, told: Callable[[], Awaitable[None]], cut: Callable[[], Any]) -> AsyncIterator[None]:
        """For as long as the block lasts, tell a slow client why it is let go; then cut it off."""
        watching = asyncio.create_task(self._keep(told, cut))
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _keep(self, told: Callable[[], Awaitable[None]], cut: Callable[[], Any]) -> None:
        await self.slow.wait()
        limits = self._held.limits
        # Whatever becomes of what it is told, which stands behind all that it has not read.
        asyncio.get_running_loop().call_later(limits.cut_seconds, cut)
        self._held.slow += 1
        logger().warning("subscriber-slow", seconds=limits.slow_seconds)
        await told()
