"""Empty a service's copy of the registry's facts and fill it again from the stream."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.events import Delivery, replay_deliveries
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

from yanxiu_footing import refusals
from yanxiu_footing.copying import Copy
from yanxiu_footing.follow_registry import Remember, remember_nothing
from yanxiu_footing.letters.letter_store import dropped

_TOGETHER = 200


async def refill(
    bus: Bus,
    conn: AsyncConnection,
    district: str,
    copy: Copy,
    deadline: Deadline,
    remember: Remember = remember_nothing,
) -> Refused | None:
    """Refill the copy in the caller's transaction, so that nobody sees it half filled; STREAM_EMPTY leaves it alone.

    The write lock is held while the stream is read, so that nothing newer can be overwritten. Where the stream holds
    nothing of the district (it was lost), the copy stays: the registry's `republish` fills the stream again, and the
    ordinary following of it is enough then. The notes of what was applied are emptied too: a stream that is being
    filled again sends the same messages again, and they must count. Announcements that had been given up are read
    again here, but for those that were dropped; where one still cannot be read, the copy stays as it is.
    """
    bodies = await _replayed(bus, conn, district, copy, deadline, remember)
    if not bodies:
        return refusals.stream_empty()
    await copy.empty(conn, district)
    for start in range(0, len(bodies), _TOGETHER):
        await copy.apply(conn, district, bodies[start : start + _TOGETHER])
    return None


async def _replayed(
    bus: Bus, conn: AsyncConnection, district: str, copy: Copy, deadline: Deadline, remember: Remember
) -> list[Any]:
    """Return the newest body of each noun in the stream, and have every one remembered."""
    newest: dict[Any, Any] = {}
    read: list[Delivery] = []

    async def keep(found: Delivery) -> None:
        deadline.check()
        key, version = copy.identity(found.body)
        if key not in newest or copy.identity(newest[key])[1] < version:
            newest[key] = found.body
        read.append(found)
        if len(read) >= _TOGETHER:
            await remember(conn, district, read)
            read.clear()

    await replay_deliveries(bus, copy.events, keep, district=district, without=await dropped(conn, district))
    await remember(conn, district, read)
    return list(newest.values())
