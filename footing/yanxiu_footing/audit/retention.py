"""How long reads stay in the trail: what the law asks or longer, whatever a setting says; commands stay for good."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire import log
from yanxiu_wire.caller import PLATFORM, Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.ending import end
from yanxiu_wire.faults import WireFault

from yanxiu_footing.audit.append import append
from yanxiu_footing.audit.entry import Entry
from yanxiu_footing.audit.tables import audit_gap, audit_object, audit_record
from yanxiu_footing.audit.trailing import Trailing

# Six months at their longest.
FLOOR_DAYS = 184
_DAY_US = 86_400_000_000
FLOOR_US = FLOOR_DAYS * _DAY_US
EXPIRE = "expire-audit"
_AT_ONCE = 5_000
_SECONDS = 60.0
_DAY_SECONDS = 86_400.0
_ITSELF = Caller(subject="yanxiu", role="platform-operator", district=PLATFORM)
_ITS = audit_record.c
_log = log.logger()


@contextlib.asynccontextmanager
async def expiring_daily(service: Trailing, days: int) -> AsyncIterator[None]:
    """Take reads older than `days` out of every district's trail, now and once a day, while the block runs."""

    async def daily() -> None:
        while True:
            for district in await service.databases.districts():
                try:
                    while await expire(service, district, days):
                        pass
                except WireFault as fault:
                    _log.warning("audit-not-expired", district=district, problem=str(fault))
            await asyncio.sleep(_DAY_SECONDS)

    task = asyncio.create_task(daily())
    try:
        yield
    finally:
        await end(task)


async def expire(service: Trailing, district: str, days: int) -> int:
    """Take some reads older than `days` out, leave their digests in a gap and a line that says so; return how many."""
    now_us = service.trail.now_us()
    until_us = now_us - max(days, FLOOR_DAYS) * _DAY_US
    async with service.databases.write(district, Deadline.after(_SECONDS)) as connection:
        old = await _old(connection, district, until_us)
        for run in _runs(old):
            await _leave_gap(connection, district, run, now_us)
        if old:
            told = {"days": str(max(days, FLOOR_DAYS))}
            entry = Entry(
                at_us=now_us, kind="command", action=EXPIRE, caller=_ITSELF, policies=(), outcome="done",
                total=len(old), question=told,
            )  # fmt: skip
            await append(connection, district, [entry])
    return len(old)


async def _old(connection: AsyncConnection, district: str, until_us: int) -> Sequence[Any]:
    last = sa.select(sa.func.max(_ITS.seq)).where(_ITS.district == district).scalar_subquery()
    query = (
        sa.select(_ITS.seq, _ITS.at_us, _ITS.hash)
        # The last line stays, whatever it is: the next one hangs on it.
        .where(_ITS.district == district, _ITS.kind == "read", _ITS.at_us < until_us, _ITS.seq < last)
        .order_by(_ITS.seq)
        .limit(_AT_ONCE)
    )
    return (await connection.execute(query)).all()


def _runs(rows: Sequence[Any]) -> list[list[Any]]:
    """Return rows in stretches without a number between."""
    runs = [[rows[0]]] if rows else []
    for before, row in pairwise(rows):
        if row.seq == before.seq + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


async def _leave_gap(connection: AsyncConnection, district: str, run: Sequence[Any], now_us: int) -> None:
    first, last = run[0].seq, run[-1]
    gap = {"first_seq": first, "last_seq": last.seq, "at_us": last.at_us, "hash": last.hash, "expired_us": now_us}
    await connection.execute(sa.insert(audit_gap).values(district=district, **gap))
    for table in (audit_object, audit_record):
        its = table.c
        await connection.execute(sa.delete(table).where(its.district == district, its.seq.between(first, last.seq)))
