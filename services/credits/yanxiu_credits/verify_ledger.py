"""Recompute the chain of a district's ledger, whole or only its end."""

from __future__ import annotations

import asyncio

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.credits import LedgerVerified, VerifyLedger
from yanxiu_wire.deadline import Deadline

from yanxiu_credits.ledger import Chain, Verified
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import hash_at, last_seq, read_head, stream


async def verify_ledger(service: Service, district: str, _query: VerifyLedger, deadline: Deadline) -> LedgerVerified:
    """Check every entry, its place in the chain, the facts and decision under it, and the head kept apart.

    The answer names the first row that does not fit; from then on the district accepts no entry.
    """
    async with service.databases.read(district) as conn:
        found = await verify_chain(conn, district, deadline=deadline)
    if found.broken is not None:
        service.laws.close(district, f"row {found.broken.seq}: {found.broken.problem}")
    return LedgerVerified(
        entries=found.entries,
        head=found.head,
        first_bad=found.broken.seq if found.broken else None,
        problem=found.broken.problem if found.broken else None,
    )


async def verify_chain(
    conn: AsyncConnection, district: str, *, tail: int | None = None, deadline: Deadline | None = None
) -> Verified:
    """Check the whole chain, or its last `tail` rows; raises `DeadlineExceeded` when the time is up before the end."""
    head_seq, head_hash = await read_head(conn, district)
    after = max(await last_seq(conn, district) - tail, 0) if tail is not None else 0
    chain = Chain(after=after, head=await hash_at(conn, district, after) or "")
    async for rows in stream(conn, district, after=after):
        if deadline is not None:
            deadline.check()
        # Hashing in a thread: other requests are answered meanwhile.
        if not await asyncio.to_thread(chain.take, rows):
            break
    return chain.close(head_seq, head_hash)
