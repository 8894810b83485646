"""Subscriptions as server-sent events: the cursor is the event's id, which a client sends back when it returns."""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send
from strawberry.http.streaming import SSETransport, merge_stream_with_heartbeat
from strawberry.types import ExecutionResult
from yanxiu_wire.caller import Caller

from yanxiu_gateway.errors import Language, render_refusal, subscriber_slow
from yanxiu_gateway.live_limits import Held, Room
from yanxiu_gateway.patience import Patience, cut_of
from yanxiu_gateway.problems import BadRequest

RETRY_SECONDS = 5
_SSE = SSETransport()


def wants_events(accept: str | None) -> bool:
    """Whether the client asks for a stream of events."""
    return _accepts(accept or "")


@functools.lru_cache(maxsize=64)
def _accepts(accept: str) -> bool:
    return _SSE.accepts(accept)


def last_seen(request: Request, extensions: Any) -> object:
    """The cursor that a client shows: the id of the last event, or `cursor` in the extensions of its request."""
    header = request.headers.get("last-event-id")
    return header if header is not None else (extensions or {}).get("cursor")


class EventStream(StreamingResponse):
    """The results of a subscription, each when the one before it was taken.

    Between them are comments, so that the link is seen to live. A client that takes none for too long is told so when
    it reads on, and cut off when it does not.
    """

    def __init__(
        self, results: AsyncGenerator[ExecutionResult, None], held: Held, language: Language, room: Room
    ) -> None:
        self._room = room
        self._results = results
        self._held = held
        self._language: Language = language
        self._patience: Patience | None = None
        beating = merge_stream_with_heartbeat(
            self._events, lambda: _SSE.heartbeat_message(_json), _SSE.heartbeat_interval, send_initial_heartbeat=False
        )
        super().__init__(beating(), headers=dict(_SSE.headers))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; the reason why a slow client is let go stands in the stream itself."""
        patience = self._patience = Patience(send, self._held)
        try:
            async with patience.kept(_nothing_more, cut_of(scope)):
                await super().__call__(scope, receive, patience)
        finally:
            self._room.leave()

    async def _events(self) -> AsyncGenerator[str, None]:
        async with aclosing(self._results) as results:
            async for result in results:
                yield _event(result)
                if self._patience is not None and self._patience.slow.is_set():
                    refused = render_refusal(subscriber_slow(), self._language)
                    yield _SSE.encode_next({"data": None, "errors": [refused]}, _json)
                    break
            yield _SSE.encode_complete()


async def _nothing_more() -> None:
    """What a slow client is told stands in its stream."""


def event_stream(
    results: AsyncGenerator[ExecutionResult, None], held: Held, language: Language, caller: Caller
) -> Response:
    """The results as server-sent events; raises `BadRequest` (503) before it begins where there is no room for it."""
    room = held.room(caller)
    if room is None:
        raise BadRequest(
            503,
            "TOO_MANY_STREAMS",
            "同时打开的连接过多；请关闭一些，或稍后重试。",
            "Too many connections are open; close some, or try again later.",
            headers={"retry-after": str(RETRY_SECONDS)},
            retryAfter=RETRY_SECONDS,
        )
    return EventStream(results, held, language, room)


def _event(result: ExecutionResult) -> str:
    told: dict[str, Any] = {"data": result.data}
    if result.errors:
        told["errors"] = [error.formatted for error in result.errors]
    if not result.extensions:
        return _SSE.encode_next(told, _json)  # type: ignore[arg-type]  # a TypedDict of the same keys
    told["extensions"] = result.extensions
    return f"id: {result.extensions['cursor']}\r\n{_SSE.encode_next(told, _json)}"  # type: ignore[arg-type]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
