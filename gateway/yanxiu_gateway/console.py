"""GET /graphql in development: GraphiQL from the gateway's own files, else a plain form that needs none."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

FOLDER = Path(__file__).parent
PAGE = (FOLDER / "console.html").read_text(encoding="utf-8")
# Fetched at set-up by npm; where it is missing the page finds no GraphiQL and shows its form.
STATIC = FOLDER / "static"
# A page that is given a token loads scripts from here alone, and talks to nobody else.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'"
)


def console_routes() -> list[Route | Mount]:
    """The page and the files that it loads."""
    page = Route("/graphql", show_console, methods=["GET"])
    files = StaticFiles(directory=STATIC, check_dir=False)
    return [page, Mount("/console", app=files)] if STATIC.is_dir() else [page]


async def show_console(_request: Request) -> Response:
    """The page holds no data; a query from it needs a token like any other."""
    headers = {"cache-control": "no-store", "x-frame-options": "DENY", "content-security-policy": POLICY}
    return HTMLResponse(PAGE, headers=headers)
