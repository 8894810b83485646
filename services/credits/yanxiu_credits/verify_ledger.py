"""Recompute the chain of a district's ledger, whole or only its end; the district is closed while it does not hold."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import msgspec
from joserfc.jwk import KeySet
from yanxiu_durable.databases import Databases
from yanxiu_footing.clock import to_us
from yanxiu_footing.persons.sweep_cleared import left_open
from yanxiu_wire import log
from yanxiu_wire.credits import LedgerVerified, VerifyLedger
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.signed import Head, NotSigned, read_head

from yanxiu_credits.books.against_heads import compare_nodes, first_beside
from yanxiu_credits.books.heads import read_heads
from yanxiu_credits.books.redacted import erased_rows, first_forged
from yanxiu_credits.books.refusals import head_not_ours
from yanxiu_credits.books.strays import first_stray
from yanxiu_credits.books.tree import LEVELS
from yanxiu_credits.books.witness import Witness, read_stated
from yanxiu_credits.ledger import Broken, Chain, Row, Verified, first_false
from yanxiu_credits.service import Service
from yanxiu_credits.store.balances import count_wrong
from yanxiu_credits.store.ledger import hash_at, last_seq, read_books, read_chain
from yanxiu_credits.store.ledger import read_head as read_last
from yanxiu_credits.store.ledger_state import LedgerState, close_ledger, read_state, reopen_ledger

_ROWS = 500
_SECONDS = 30.0
_log = log.logger()


async def verify_ledger(
    service: Service, district: str, query: VerifyLedger, deadline: Deadline
) -> LedgerVerified | Refused:
    """Check every entry, its place in the chain, what it rests on, every signed head, and the head kept apart.

    The answer names the first row that does not fit; from then on no process accepts an entry in the district, until
    the whole of it is found to fit again. Balances that are not what a ledger that fits comes to are counted, and
    `problem` says so without a row: a rebuild makes them anew. Refuses with HEAD_NOT_SIGNED a head from outside that
    proves nothing.
    """
    outside = _read_outside(service, district, query.heads)
    if isinstance(outside, Refused):
        return outside
    found, reopened = await verify_whole(service, district, deadline.check, outside=outside)
    return LedgerVerified(
        entries=found.entries,
        head=found.head,
        first_bad=found.broken.seq if found.broken else None,
        problem=found.broken.problem if found.broken else _wrong(found.wrong_balances),
        reopened=reopened,
        signed_heads=found.signed_heads,
        outside_heads=len(outside),
        wrong_balances=found.wrong_balances,
        erased=found.erased,
    )


def _wrong(balances: int) -> str | None:
    if not balances:
        return None
    zh, en = (
        f"台账完好，{balances}名教师的结余与其分录之和不符",
        f"the ledger holds; the balances of {balances} teachers",
    )
    return f"{zh} {en} are not the sums of their entries"


def _read_outside(service: Service, district: str, tokens: Sequence[str]) -> list[Head] | Refused:
    heads: list[Head] = []
    for place, token in enumerate(tokens):
        try:
            head = read_head(token, service.signer.keys)
        except NotSigned as error:
            return head_not_ours(place, str(error))
        if head.origin != district:
            return head_not_ours(place, head.origin)
        heads.append(head)
    return heads


async def verify_whole(
    service: Service, district: str, check: Callable[[], None], *, outside: Sequence[Head] = ()
) -> tuple[Verified, bool]:
    """Check all of a district, close or reopen it by the result; returns what was found, and whether it was reopened.

    `check` is called before each part that is read, and ends the work by what it raises.
    """
    async with service.databases.read(district) as conn:
        before = await read_state(conn, district)
    found = await examine(service.databases, service.signer.keys, district, check, outside=outside)
    if found.broken is not None:
        await close_district(service, district, found)
        return found, False
    if found.wrong_balances:
        _log.error("balances-wrong", district=district, teachers=found.wrong_balances)
    return found, before is not None and before.closed and await _reopen(service, district, before)


async def examine(
    databases: Databases,
    keys: KeySet,
    district: str,
    check: Callable[[], None] = lambda: None,
    *,
    outside: Sequence[Head] = (),
    books: Awaitable[Broken | None] | None = None,
) -> Verified:
    """Check all of a district and change nothing: the chain, what it rests on, each head signed with these keys.

    Of a ledger that holds, the balances kept beside it are held against it too. `books` is `verify_books`, where
    somebody else does that meanwhile.
    """
    async with databases.read(district) as conn:
        stored = await read_heads(conn, district)
        # Before anything is believed by a redaction.
        forged, erased = await first_forged(conn, keys, district), await erased_rows(conn, district)
        forged = forged or _left_open(await left_open(conn, district))
    stated, altered = read_stated(stored, keys)
    witness = Witness([*stated, *outside], levels=LEVELS)
    found = await verify_chain(databases, district, check=check, witness=witness)
    if found.broken is None:
        broken = await (books or verify_books(databases, district, check))
        broken = broken or forged or altered or await first_beside(databases, district, [*stated, *outside])
        found = msgspec.structs.replace(found, broken=broken)
    if found.broken is not None:
        return found
    wrong = await count_wrong(databases, district, check)
    return msgspec.structs.replace(found, signed_heads=len(stored), wrong_balances=wrong, erased=erased)


def _left_open(erasure: str | None) -> Broken | None:
    if erasure is None:
        return None
    zh, en = "文字可被任意改动：表 erasing 中留有一行", "anybody can change texts: a row stands in the table erasing"
    return Broken(seq=0, problem=f"{zh} {en}")


async def verify_chain(
    databases: Databases,
    district: str,
    *,
    tail: int | None = None,
    keys: KeySet | None = None,
    check: Callable[[], None] = lambda: None,
    witness: Witness | None = None,
) -> Verified:
    """Check the whole chain, or its last `tail` rows, in parts: none holds the event loop or the database for long.

    A `witness` sees the whole chain pass and compares it with what was signed. With `keys` the redactions alone are
    believed that they signed; without, whoever asks looks at those himself.
    """
    async with databases.read(district) as conn:
        after = max(await last_seq(conn, district) - tail, 0) if tail is not None else 0
        chain = Chain(after=after, head=await hash_at(conn, district, after) or "")
    while True:
        check()
        async with databases.read(district) as conn:
            rows = await read_chain(conn, district, after=chain.seq, most=_ROWS, keys=keys)
            head_seq, head_hash = await read_last(conn, district)
        # Hashing in a thread: other requests are answered meanwhile.
        fits = await asyncio.to_thread(_take, chain, witness, rows)
        if witness is not None and fits:
            chain.broken = await compare_nodes(databases, district, witness)
        if chain.broken is not None or len(rows) < _ROWS:
            found = chain.close(head_seq, head_hash)
            left = witness.close() if witness is not None and found.broken is None else None
            return msgspec.structs.replace(found, broken=left) if left is not None else found


def _take(chain: Chain, witness: Witness | None, rows: Sequence[Row]) -> bool:
    """Take rows and let the witness see those that fit: of two faults the earlier row is named."""
    seen = chain.seq
    chain.take(rows)
    rewritten = witness.take(row.hash for row in rows[: chain.seq - seen]) if witness is not None else None
    if rewritten is not None:
        chain.broken = rewritten
    return chain.broken is None


async def verify_books(databases: Databases, district: str, check: Callable[[], None] = lambda: None) -> Broken | None:
    """Check what the chain does not reach: records without an entry, and rows of the books that no entry rests on."""
    last = ""
    while True:
        check()
        async with databases.read(district) as conn:
            books = await read_books(conn, district, after=last, most=_ROWS)
            broken = first_false(books)
            if broken is None and len(books) < _ROWS:
                broken = await first_stray(conn, district)
        if broken is not None or len(books) < _ROWS:
            return broken
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
