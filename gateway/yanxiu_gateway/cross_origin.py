"""Browsers on other origins: which of them may ask, as the operator lists them. Without a list, none."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

SENT = (
    "authorization",
    "content-type",
    "accept-language",
    "yanxiu-district",
    "yanxiu-grant",
    "last-event-id",
    "traceparent",
    "tracestate",
)
SHOWN = ("retry-after", "x-trace-id", "traceresponse")
REMEMBERED_SECONDS = 600


def cross_origin(app: ASGIApp, origins: Collection[str]) -> ASGIApp:
    """The application, which lets scripts of these origins read its answers; a token goes in a header, no cookie."""
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=sorted(origins),
        allow_methods=["POST"],
        allow_headers=SENT,
        expose_headers=SHOWN,
        max_age=REMEMBERED_SECONDS,
    )
