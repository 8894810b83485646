"""What every subscription does: look, show what is found, and look again when word comes of a change."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from typing import Any

from yanxiu_wire.caller import Caller
from yanxiu_wire.endpoint import Event
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable

from yanxiu_gateway.changes import LOOK_AGAIN_SECONDS, Change
from yanxiu_gateway.errors import token_ran_out
from yanxiu_gateway.schema.context import Info, Live

# A service that is away is asked again after so many seconds, twice as many each time, up to the most: what was last
# shown stays true until then, and who asks for nothing is no load on what comes back.
RETRY_SECONDS = 1.0
RETRY_MOST_SECONDS = 30.0
_MOST_DOUBLINGS = 10
_NOTHING: Any = object()


async def watched(
    info: Info,
    event: Event[Any],
    concerns: Callable[[Any], bool],
    look: Callable[[], Awaitable[Any]],
    *,
    ends_with_nothing: bool = False,
    only_a_name: bool = False,
    in_turn: bool = False,
) -> AsyncGenerator[Any, None]:
    """Give what `look` finds, first at once, then whenever an event that concerns it has made it another.

    Each look asks as the caller, with his rights of that moment; what he may not see changes nothing for him. The first
    one fails as a query would; it ends with an error when the token runs out, and quietly when the process ends. Who
    comes with a cursor is looked for when he would have been, had he stayed. Nothing is looked for while an answer is
    on its way: a client that reads slowly gets the newest state next, and waits for nobody but himself. The first look
    was charged with the question, each further one is when it begins, whatever it finds; an outage costs nothing.

    `ends_with_nothing` ends it after null; `only_a_name` is of a row that tells nothing itself, so that its fields
    are read anew each time: what a client was shown already is not sent again in any case. `in_turn` is of what a whole
    district's events may change: what a caller follows of that kind is looked for together, once a second at most.
    """
    live = _means(info)
    ends, shown, away = time.monotonic() + live.seconds, _NOTHING, 0
    with live.held.subscription(info.context.caller):
        async with live.changes.heard(event, info.context.caller.district, concerns) as change:
            if stays := live.place.begin(change.newest(), LOOK_AGAIN_SECONDS):
                await wait_for_change(live, change, ends, seconds=stays)
            while not live.held.ending.is_set():
                looked = time.monotonic() if in_turn else math.inf
                live.place.look(change.newest())
                found = await _looked(info, look, first=shown is _NOTHING and not stays)
                if found is not _NOTHING and (only_a_name or found != shown):
                    shown = found
                    yield found
                    if found is None and ends_with_nothing:
                        return
                await wait_for_change(live, change, ends, away=(away := away + 1 if found is _NOTHING else 0))
                await _turn(live, info.context.caller, change, ends, looked)
                _pay(live, found)


def _means(info: Info) -> Live:
    """What a subscription has beside a query."""
    if info.context.live is None:
        raise RuntimeError("a subscription without its means")
    return info.context.live


async def _turn(live: Live, caller: Caller, change: Change, ends: float, looked: float) -> None:
    """Return when the caller, who `looked` last then (endless: he waits for no turn), may look again.

    All that is heard until then is seen by that look.
    """
    while (
        looked < math.inf
        and (wait := live.held.wait_for_look(caller, looked, time.monotonic()))
        and not live.held.ending.is_set()
    ):
        await _ending(live, ends, asyncio.sleep(wait))
    change.seen()


def _pay(live: Live, found: Any) -> None:
    """Charge the next look; where no service answered the last one, that was paid for and is made again."""
    if found is not _NOTHING and not live.held.ending.is_set():
        live.pay()


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
    live: Live, change: Change, ends: float, *, away: int = 0, seconds: float = LOOK_AGAIN_SECONDS
) -> None:
    """Return when it is time to look again; raises when the token has run out.

    That is after `seconds` at most, or, the service having been `away` for so many looks in a row, after a while.
    """
    await _ending(live, ends, asyncio.sleep(retry_seconds(away)) if away else change.next(seconds))


def retry_seconds(away: int) -> float:
    """How long to wait after `away` looks in a row for which no service answered: 1, 2, 4 ... 30 s."""
    return min(RETRY_SECONDS * 2 ** min(away - 1, _MOST_DOUBLINGS), RETRY_MOST_SECONDS)


async def _ending(live: Live, ends: float, again: Coroutine[Any, Any, None]) -> None:
    """Await `again`, or the end of the process; raises when the token has run out."""
    left = max(0.0, ends - time.monotonic())
    waits: list[asyncio.Task[Any]] = [asyncio.create_task(live.held.ending.wait()), asyncio.create_task(again)]
    try:
        await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waits:
            one.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    if ends <= time.monotonic():
        raise token_ran_out()
