"""GET /graphql in development: GraphiQL where its scripts can be loaded, else a plain form that needs nothing."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

PAGE = (Path(__file__).parent / "console.html").read_text(encoding="utf-8")


async def show_console(_request: Request) -> Response:
    """The page holds no data; a query from it needs a token like any other."""
    return HTMLResponse(PAGE, headers={"cache-control": "no-store", "x-frame-options": "DENY"})
