"""What a subscription to lists and objects of others does: look at once, and again when word comes of a change."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from yanxiu_wire.endpoint import Event
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.standing_changed import wait_for_change

_NOTHING: Any = object()


async def watched(
    info: Info, event: Event[Any], concerns: Callable[[Any], bool], look: Callable[[], Awaitable[Any]]
) -> AsyncGenerator[Any, None]:
    """Give what `look` finds, first at once, then whenever an event that concerns it has made it another.

    Each look asks as the caller, with his rights of that moment; what he may not see changes nothing for him. The first
    one fails as a query would; it ends with an error when the token runs out, and quietly when the process ends.
    """
    live = info.context.live
    if live is None:
        raise RuntimeError("a subscription without its means")
    ends, shown = time.monotonic() + live.seconds, _NOTHING
    with live.held.subscription(info.context.caller):
        async with live.changes.heard(event, info.context.caller.district, concerns) as change:
            while not live.held.ending.is_set():
                found = await _looked(info, look, first=shown is _NOTHING)
                if found is not _NOTHING and found != shown:
                    shown = found
                    yield found
                await wait_for_change(live, change, ends, retry=found is _NOTHING)


async def _looked(info: Info, look: Callable[[], Awaitable[Any]], *, first: bool) -> Any:
    """What is found, or nothing while the service is away."""
    info.context.renew()
    try:
        return await look()
    except (ServiceUnavailable, DeadlineExceeded):
        if first:
            raise
        return _NOTHING
