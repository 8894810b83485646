"""Subscription standingChanged: a teacher's standing at once, and again whenever it has become another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

import strawberry
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable

from yanxiu_gateway.changes import Change
from yanxiu_gateway.errors import token_ran_out
from yanxiu_gateway.schema.context import Info, Live
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.standing import Kind, OfTeacher, On, Standing

# A service that is away is asked again after so many seconds: what was last shown stays true until then.
RETRY_SECONDS = 1.0


async def standing_changed(
    info: Info, teacher: OfTeacher, kind: Kind, on: On = None
) -> AsyncGenerator[Standing | None, None]:
    """Give the standing as the query gives it, first at once, then each time that it is another than before.

    It ends with an error when the token runs out, and quietly when the process ends or there is nothing to see.
    """
    live = info.context.live
    if live is None:
        raise RuntimeError("a subscription without its means")
    named, ends = plain_id("Teacher", teacher), time.monotonic() + live.seconds
    with live.held.subscription(info.context.caller):
        async with live.changes.of(info.context.caller.district, named) as change:
            shown: Any = _NOTHING
            while not live.held.ending.is_set():
                found = await _standing(info, named, kind, on, first=shown is _NOTHING)
                if found is not _NOTHING and found != shown:
                    shown = found
                    yield found
                    if found is None:
                        return
                await wait_for_change(live, change, ends, retry=found is _NOTHING)


_NOTHING: Any = object()


async def _standing(info: Info, teacher: str, kind: str, on: Any, *, first: bool) -> Any:
    """The standing, or nothing while the service is away; the first question fails as a query would."""
    info.context.renew()
    try:
        return await info.context.loaders.standing(teacher, kind, on)
    except (ServiceUnavailable, DeadlineExceeded):
        if first:
            raise
        return _NOTHING


async def wait_for_change(live: Live, change: Change, ends: float, *, retry: bool) -> None:
    """Return when it is time to look again; raises when the token has run out."""
    left = ends - time.monotonic()
    if left <= 0:
        raise token_ran_out()
    again = asyncio.sleep(min(RETRY_SECONDS, left)) if retry else change.next()
    waits: list[asyncio.Task[Any]] = [asyncio.create_task(live.held.ending.wait()), asyncio.create_task(again)]
    try:
        await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waits:
            one.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    if ends <= time.monotonic():
        raise token_ran_out()


@strawberry.type(description="达标情况的订阅。Subscriptions of standings.")
class StandingSubscriptions:
    """Root fields."""

    standing_changed: AsyncGenerator[Standing | None, None] = strawberry.subscription(
        resolver=standing_changed,
        description="一位教师在某类周期中的达标情况：立即给出一次，此后每有变化再给出；不在可见范围时给出空值后结束。"
        "A teacher's standing: at once, then whenever it has changed; null and the end when out of scope.",
    )
