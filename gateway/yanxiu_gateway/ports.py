"""The ports of one gateway process: its own alone, or one that several processes share and one beside it."""

from __future__ import annotations

import asyncio
import socket

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.types import ASGIApp, Receive, Scope, Send
from yanxiu_wire.settings import SettingRefused

from yanxiu_gateway.settings import GatewaySettings

METRICS = "/metrics"


def open_ports(settings: GatewaySettings) -> list[socket.socket] | None:
    """Where the server listens when it shares its port: there, and on its own; None where uvicorn opens the only one.

    The kernel gives each new connection to one of the processes that listen on the port, and none to one that ended.
    Raises `SettingRefused` for a port that cannot be had.
    """
    if not settings.http_own_port:
        return None
    shared = _open(settings.http_host, settings.http_port, "YANXIU_HTTP_PORT", shared=True)
    try:
        return [shared, _open(settings.http_host, settings.http_own_port, "YANXIU_HTTP_OWN_PORT", shared=False)]
    except SettingRefused:
        shared.close()
        raise


def _open(host: str, port: int, variable: str, *, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        # After an end, connections that are being closed still hold the port: that is no other server.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        opened.bind((host, port))
    except OSError as error:
        opened.close()
        raise SettingRefused(variable, f"{host}:{port}: {error.strerror}", "") from None
    opened.set_inheritable(False)
    return opened


class WithMetrics:
    """The application, with what this process counted at `/metrics` of its own port.

    Nothing of it is told on the port that is shared: there the next question would meet another process.
    """

    def __init__(self, app: ASGIApp, own_port: int) -> None:
        self._app = app
        self._own_port = own_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http" or scope["path"] != METRICS or (scope["server"] or ("", 0))[1] != self._own_port:
            await self._app(scope, receive, send)
            return
        told = await asyncio.to_thread(generate_latest)
        headers = [(b"content-type", CONTENT_TYPE_PLAIN_0_0_4.encode()), (b"content-length", b"%d" % len(told))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told})


def with_metrics(app: ASGIApp, settings: GatewaySettings) -> ASGIApp:
    """The application with `/metrics` where the process has a port of its own beside a shared one."""
    return WithMetrics(app, settings.http_own_port) if settings.http_own_port else app
