"""What every service's cell is made with: its settings, and its use cases as answers to encoded messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.rpc import Handler

from yanxiu_footing.fence.inside import Answer
from yanxiu_footing.fence.settings import FenceSettings

# The word to the cells when the main process has taken in facts of the registry.
FACTS_ARRIVED = "facts-arrived"
# A cell serves one district: one writer, a few readers, and the connection of claims.
CONNECTIONS = 4
S = TypeVar("S", bound=FenceSettings)
Before = Callable[[], Awaitable[None]]


def cell_settings(cls: type[S], given: Mapping[str, Any]) -> S:
    """The service's settings again, with as many connections to the database as a cell may hold."""
    return replace(msgspec.convert(given, cls, strict=False, dec_hook=_path), database_connections=CONNECTIONS)


def answers_of(
    handlers: Mapping[Endpoint[Any, Any], Handler], district: str, before: Mapping[Endpoint[Any, Any], Before]
) -> dict[str, Answer]:
    """For each verb what answers it; `before` an endpoint, something may have to be done first, such as connecting."""
    return {endpoint.verb: _answer(endpoint, handle, district, before) for endpoint, handle in handlers.items()}


def _answer(
    endpoint: Endpoint[Any, Any], handle: Handler, district: str, before: Mapping[Endpoint[Any, Any], Before]
) -> Answer:
    first = before.get(endpoint)

    async def answer(message: bytes, deadline: Deadline) -> bytes:
        if first is not None:
            await first()
        return encode(await handle(district, decode(endpoint.request, message), deadline))

    return answer


def _path(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(str(value))
    raise NotImplementedError(kind)  # msgspec's own way to hear that a hook does not know a type
