"""Requests that do not come: who holds a connection without sending a whole request in time is cut off."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from yanxiu_wire.metrics import Count

WITHIN_SECONDS = 15.0
"""From the connection, or from the first byte after an answer, to the last byte of a request."""
_TOO_SLOW = Count(
    "yanxiu_connections_too_slow_total",
    "未在时限内发完请求而被断开的连接数",
    "connections cut off because no whole request came in time",
    (),
)


class _Awaited:
    """The time that one connection has for a request."""

    def __init__(self, within: float) -> None:
        self._within = within
        self._late: asyncio.TimerHandle | None = None

    def expect(self, transport: asyncio.Transport) -> None:
        """From now on; a request that is awaited already has the time that it has."""
        if self._late is None:
            self._late = asyncio.get_running_loop().call_later(self._within, _cut, transport)

    def came(self) -> None:
        """The request is there, or will never be."""
        if self._late is not None:
            self._late.cancel()
            self._late = None


def _cut(transport: asyncio.Transport) -> None:
    _TOO_SLOW.add()
    transport.abort()


def prompt(protocol: type[HttpToolsProtocol], within: float = WITHIN_SECONDS) -> type[HttpToolsProtocol]:
    """The protocol of a connection with a time limit for each request: what uvicorn takes as `http`.

    How long an answer takes is not limited here, nor how long a connection rests between requests: uvicorn has a limit
    for that. A body that is too slow is answered by the application, which waits a little less.
    """

    class Prompt(protocol):  # type: ignore[misc, valid-type]  # a class that was given
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._awaited = _Awaited(within)
            self._awaited.expect(transport)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._awaited.expect(self.transport)

        def on_message_complete(self) -> None:
            super().on_message_complete()
            self._awaited.came()

        def handle_websocket_upgrade(self) -> None:
            self._awaited.came()
            super().handle_websocket_upgrade()

        def connection_lost(self, exc: Exception | None) -> None:
            self._awaited.came()
            super().connection_lost(exc)

    return Prompt
