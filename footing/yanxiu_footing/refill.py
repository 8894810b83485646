"""Empty a service's copy of the registry's facts and fill it again from the stream."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.tables import CONSUMED
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
    *,
    accept_loss: bool = False,
) -> Refused | None:
    """Refill the copy in the caller's transaction, so that nobody sees it half filled; a refusal leaves it alone.

    The write lock is held while the stream is read, so that nothing newer can be overwritten. Where the stream holds
    nothing of the district (it was lost), the copy stays: the registry's `republish` fills the stream again, and the
    ordinary following of it is enough then (STREAM_EMPTY). Where it lacks announcements that were applied here before
    (a part of it was lost, or it is being filled again at this moment), the copy would lose what they told:
    STREAM_BEHIND, unless the loss is accepted. Then what comes later counts: noted as applied is only what was read
    here. Announcements that had been given up are read
    again here, but for those that were dropped; where one still cannot be read, the copy stays as it is.
    """
    bodies, read = await _replayed(bus, conn, district, copy, deadline, remember)
    if not bodies:
        return refusals.stream_empty()
    applied = sa.select(CONSUMED.c.message_id).where(CONSUMED.c.district == district)
    lacking = set((await conn.execute(applied)).scalars()) - read - await dropped(conn, district)
    if lacking and not accept_loss:
        return refusals.stream_behind(len(lacking))
    await copy.empty(conn, district)
    for start in range(0, len(bodies), _TOGETHER):
        await copy.apply(conn, district, bodies[start : start + _TOGETHER])
    now = int(time.time() * 1000)
    notes = [{"district": district, "message_id": one, "applied_ms": now} for one in sorted(read)]
    await conn.execute(sa.insert(CONSUMED), notes)
    return None


async def _replayed(
    bus: Bus, conn: AsyncConnection, district: str, copy: Copy, deadline: Deadline, remember: Remember
) -> tuple[list[Any], set[str]]:
    """Return the newest body of each noun in the stream, and the ids of all that was read; have it all remembered."""
    newest: dict[Any, Any] = {}
    ids: set[str] = set()
    read: list[Delivery] = []

    async def keep(found: Delivery) -> None:
        deadline.check()
        key, version = copy.identity(found.body)
        if key not in newest or copy.identity(newest[key])[1] < version:
            newest[key] = found.body
        ids.add(found.message_id)
        read.append(found)
        if len(read) >= _TOGETHER:
            await remember(conn, district, read)
            read.clear()

    await replay_deliveries(bus, copy.events, keep, district=district, without=await dropped(conn, district))
    await remember(conn, district, read)
    return list(newest.values()), ids
