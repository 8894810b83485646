"""Recompute the chain of a district's ledger, whole or only its end; the district is closed while it does not hold."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from yanxiu_durable.databases import Databases
from yanxiu_wire import log
from yanxiu_wire.credits import LedgerVerified, VerifyLedger
from yanxiu_wire.deadline import Deadline

from yanxiu_credits.clock import to_us
from yanxiu_credits.ledger import Chain, Verified, first_false
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import hash_at, last_seq, read_books, read_chain, read_head
from yanxiu_credits.store.ledger_state import LedgerState, close_ledger, read_state, reopen_ledger

_ROWS = 500
_SECONDS = 30.0
_log = log.logger()


async def verify_ledger(service: Service, district: str, _query: VerifyLedger, deadline: Deadline) -> LedgerVerified:
    """Check every entry, its place in the chain, every record with its decision, and the head kept apart.

    The answer names the first row that does not fit; from then on no process accepts an entry in the district, until
    the whole of it is found to fit again.
    """
    found, reopened = await verify_whole(service, district, deadline.check)
    return LedgerVerified(
        entries=found.entries,
        head=found.head,
        first_bad=found.broken.seq if found.broken else None,
        problem=found.broken.problem if found.broken else None,
        reopened=reopened,
    )


async def verify_whole(service: Service, district: str, check: Callable[[], None]) -> tuple[Verified, bool]:
    """Check all of a district, close or reopen it by the result; returns what was found, and whether it was reopened.

    `check` is called before each part that is read, and ends the work by what it raises.
    """
    async with service.databases.read(district) as conn:
        before = await read_state(conn, district)
    found = await verify_chain(service.databases, district, check=check)
    if found.broken is None:
        found = await _verify_records(service.databases, district, found, check)
    if found.broken is not None:
        await close_district(service, district, found)
        return found, False
    return found, before is not None and before.closed and await _reopen(service, district, before)


async def verify_chain(
    databases: Databases, district: str, *, tail: int | None = None, check: Callable[[], None] = lambda: None
) -> Verified:
    """Check the whole chain, or its last `tail` rows, in parts: none holds the event loop or the database for long."""
    async with databases.read(district) as conn:
        after = max(await last_seq(conn, district) - tail, 0) if tail is not None else 0
        chain = Chain(after=after, head=await hash_at(conn, district, after) or "")
    while True:
        check()
        async with databases.read(district) as conn:
            rows = await read_chain(conn, district, after=chain.seq, most=_ROWS)
            head_seq, head_hash = await read_head(conn, district)
        # Hashing in a thread: other requests are answered meanwhile.
        if not await asyncio.to_thread(chain.take, rows) or len(rows) < _ROWS:
            return chain.close(head_seq, head_hash)


async def _verify_records(databases: Databases, district: str, found: Verified, check: Callable[[], None]) -> Verified:
    last = ""
    while True:
        check()
        async with databases.read(district) as conn:
            books = await read_books(conn, district, after=last, most=_ROWS)
        broken = first_false(books)
        if broken is not None or len(books) < _ROWS:
            return Verified(entries=found.entries, head=found.head, broken=broken)
        last = books[-1].record


async def close_district(service: Service, district: str, found: Verified) -> None:
    """Write down that the ledger does not hold, for every process of the service, and say so in the log."""
    if found.broken is None:
        return
    first_bad, reason = found.broken.seq, found.broken.problem
    _log.error("ledger-broken", district=district, seq=first_bad, reason=reason)
    now = to_us(service.clock.now())
    async with service.databases.write(district, Deadline.after(_SECONDS)) as conn:
        await close_ledger(conn, district, first_bad=first_bad, reason=reason, now_us=now)


async def _reopen(service: Service, district: str, seen: LedgerState) -> bool:
    now = to_us(service.clock.now())
    async with service.databases.write(district, Deadline.after(_SECONDS)) as conn:
        reopened = await reopen_ledger(conn, district, seen, now_us=now)
    if reopened:
        _log.warning("ledger-reopened", district=district, seq=seen.first_bad, reason=seen.reason)
    return reopened
