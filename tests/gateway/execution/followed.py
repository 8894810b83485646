"""Services that are made up answer follow-up questions as real ones do: from their own endpoints."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from yanxiu_wire.contracts import AREAS, endpoints_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.following import with_follow_ups
from yanxiu_wire.rpc import Handler

Answer = Callable[[Endpoint[Any, Any], Any], Awaitable[Any]]


def following(answer: Answer) -> Mapping[str, Handler]:
    """The handlers of every service, by service and verb; `answer` gives the reply to one question alone."""
    found: dict[str, Handler] = {}
    for service in AREAS:
        handlers = with_follow_ups({one: _handler(answer, one) for one in endpoints_of(service)})
        found.update({f"{service}.{one.verb}": handler for one, handler in handlers.items()})
    return found


def _handler(answer: Answer, endpoint: Endpoint[Any, Any]) -> Handler:
    async def handle(_district: str, request: Any, _deadline: Deadline) -> Any:
        return await answer(endpoint, request)

    return handle
