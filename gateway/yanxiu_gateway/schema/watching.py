"""What every subscription does: look, show what is found, and look again when word comes of a change."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from yanxiu_wire.endpoint import Event
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable

from yanxiu_gateway.changes import LOOK_AGAIN_SECONDS, Change
from yanxiu_gateway.errors import token_ran_out
from yanxiu_gateway.schema.context import Info, Live

# A service that is away is asked again after so many seconds: what was last shown stays true until then.
RETRY_SECONDS = 1.0
_NOTHING: Any = object()


async def watched(
    info: Info,
    event: Event[Any],
    concerns: Callable[[Any], bool],
    look: Callable[[], Awaitable[Any]],
    *,
    ends_with_nothing: bool = False,
    only_a_name: bool = False,
) -> AsyncGenerator[Any, None]:
    """Give what `look` finds, first at once, then whenever an event that concerns it has made it another.

    Each look asks as the caller, with his rights of that moment; what he may not see changes nothing for him. The first
    one fails as a query would; it ends with an error when the token runs out, and quietly when the process ends. Who
    comes with a cursor is looked for when he would have been, had he stayed. Nothing is looked for while an answer is
    on its way: a client that reads slowly gets the newest state next, and waits for nobody but himself.

    `ends_with_nothing` ends it after null; `only_a_name` is of a row that tells nothing itself, so that its fields
    are read anew each time: what a client was shown already is not sent again in any case.
    """
    live = info.context.live
    if live is None:
        raise RuntimeError("a subscription without its means")
    ends, shown = time.monotonic() + live.seconds, _NOTHING
    with live.held.subscription(info.context.caller):
        async with live.changes.heard(event, info.context.caller.district, concerns) as change:
            stays = live.place.begin(change.newest(), LOOK_AGAIN_SECONDS)
            if stays:
                await wait_for_change(live, change, ends, seconds=stays)
            while not live.held.ending.is_set():
                live.place.look(change.newest())
                found = await _looked(info, look, first=shown is _NOTHING and not stays)
                if found is not _NOTHING and (only_a_name or found != shown):
                    shown = found
                    yield found
                    if found is None and ends_with_nothing:
                        return
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


async def wait_for_change(
    live: Live, change: Change, ends: float, *, retry: bool = False, seconds: float = LOOK_AGAIN_SECONDS
) -> None:
    """Return when it is time to look again, after `seconds` at most; raises when the token has run out."""
    left = ends - time.monotonic()
    if left <= 0:
        raise token_ran_out()
    again = asyncio.sleep(min(RETRY_SECONDS, left)) if retry else change.next(seconds)
    waits: list[asyncio.Task[Any]] = [asyncio.create_task(live.held.ending.wait()), asyncio.create_task(again)]
    try:
        await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waits:
            one.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    if ends <= time.monotonic():
        raise token_ran_out()
