"""What escapes the application ends here: logged masked like any fault, not with its text by the server."""

from __future__ import annotations

import contextlib

from starlette.types import ASGIApp, Receive, Scope, Send

from yanxiu_gateway.errors import log_unexpected

_INTERNAL = 1011


class Unbroken:
    """The application; the server never sees an exception of it, whose text could hold anything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As the application. A request was answered by then; a socket is closed."""
        try:
            await self._app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - whatever it is, its text must not reach the server's log
            log_unexpected(error)
            if scope["type"] == "websocket":
                # Where the client is gone already there is nobody to tell.
                with contextlib.suppress(Exception):
                    await send({"type": "websocket.close", "code": _INTERNAL, "reason": ""})
