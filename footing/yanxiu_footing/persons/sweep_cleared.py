"""Write over what an erasure freed: at once after it, and at the next start where the process ended in between.

The start also takes away a row of `erasing` that stands, and tells of it: by the service none can, so somebody put it
there past the table's rules.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.databases import Databases
from yanxiu_wire import log
from yanxiu_wire.deadline import Deadline

from yanxiu_footing.persons.clearing_tables import erasing, erasure_cleared

_SECONDS = 60.0
_log = log.logger()


async def sweep_cleared(databases: Databases, district: str) -> bool:
    """Sweep a district where an erasure was not followed by it; returns whether there was one."""
    its = erasure_cleared.c
    waiting = sa.and_(its.district == district, its.swept_us.is_(None))
    async with databases.read(district) as conn:
        erasures = (await conn.execute(sa.select(its.erasure).where(waiting))).scalars().all()
    if not erasures:
        return False
    await databases.sweep_freed(district)
    done = sa.update(erasure_cleared).where(waiting, its.erasure.in_(erasures))
    async with databases.write(district, Deadline.after(_SECONDS), few_rows=True) as conn:
        await conn.execute(done.values(swept_us=time.time_ns() // 1000))
    return True


async def left_open(conn: AsyncConnection, district: str) -> str | None:
    """Return the erasure for which texts of append-only tables can be changed by anybody; None, as it should be."""
    return await conn.scalar(sa.select(erasing.c.erasure).where(erasing.c.district == district))


async def shut_left_open(databases: Databases, district: str) -> bool:
    """Take away a row that stands, and say so in the log; returns whether there was one."""
    async with databases.read(district) as conn:
        found = await left_open(conn, district)
    if found is None:
        return False
    _log.error("erasing-left-open", district=district, erasure=found)
    async with databases.write(district, Deadline.after(_SECONDS), few_rows=True) as conn:
        await conn.execute(sa.delete(erasing).where(erasing.c.district == district))
    return True


@contextlib.asynccontextmanager
async def sweeping_cleared(databases: Databases) -> AsyncIterator[None]:
    """Sweep every district that waits for it while the block runs, one after the other; its end ends the work."""
    stopping = asyncio.Event()
    work = asyncio.create_task(_sweep_all(databases, stopping))
    try:
        yield
    finally:
        stopping.set()
        await work


async def _sweep_all(databases: Databases, stopping: asyncio.Event) -> None:
    for district in await databases.districts():
        if stopping.is_set():
            return
        try:
            # One of the processes of this service is enough.
            async with databases.claim(district, "sweep") as mine:
                if mine:
                    await shut_left_open(databases, district)
                if mine and await sweep_cleared(databases, district):
                    _log.info("erasure-swept", district=district)
        except Exception:  # noqa: BLE001 - one district's trouble is not the next one's; the log has it
            _log.exception("erasure-not-swept", district=district)
