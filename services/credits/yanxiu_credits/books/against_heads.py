"""Hold a district's books against its signed heads: the entries by their hashes, and the rows beside the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.databases import Databases
from yanxiu_wire.signed import Head

from yanxiu_credits.books.anchors import first_changed_document, first_changed_list, first_unanchored
from yanxiu_credits.books.heads import last_head, read_heads
from yanxiu_credits.books.redacted import first_forged
from yanxiu_credits.books.strays import first_stray
from yanxiu_credits.books.tree import LEVELS, read_stored
from yanxiu_credits.books.witness import Witness, first_other, read_stated
from yanxiu_credits.ledger import Broken
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import read_hashes
from yanxiu_credits.workflow.verify_signatures import check_signatures

# Hashes of one statement: a leaf is a small thing, and a few milliseconds of hashing a page.
_HASHES = 5_000


async def first_against_heads(service: Service, district: str) -> Broken | None:
    """Return the first row that is not what the heads kept here answer for, None where all are.

    Reads the hashes alone: that each row gives its hash, and continues the one before, is checked apart from this.
    """
    async with service.databases.read(district) as conn:
        stored = await read_heads(conn, district)
    stated, altered = read_stated(stored, service.signer.keys)
    broken = await _entries(service.databases, district, Witness(stated, levels=LEVELS))
    if broken is None:
        async with service.databases.read(district) as conn:
            broken = await first_stray(conn, district) or await first_forged(conn, service.signer.keys, district)
    return broken or altered or await first_beside(service.databases, district, stated)


async def _entries(databases: Databases, district: str, witness: Witness) -> Broken | None:
    after = 0
    while True:
        async with databases.read(district) as conn:
            rows = await read_hashes(conn, district, after=after, most=_HASHES)
        # Hashing in a thread: other requests are answered meanwhile.
        broken = await asyncio.to_thread(witness.take, [its_hash for _, its_hash in rows])
        broken = broken or await compare_nodes(databases, district, witness)
        if broken is not None or len(rows) < _HASHES:
            return broken or witness.close()
        after = rows[-1][0]


async def first_beside(databases: Databases, district: str, heads: Sequence[Head]) -> Broken | None:
    """Return the first row beside the entries that does not hold by itself, or is not what was signed.

    By itself holds a chain of signatures, a public list and a transcript taken in; the rest only by a head.
    """
    async with databases.read(district) as conn:
        return (
            await _first_wrong_chain(conn, district)
            or await first_changed_list(conn, district)
            or await first_changed_document(conn, district)
            or await first_unanchored(conn, district, heads)
        )


async def _first_wrong_chain(conn: AsyncConnection, district: str) -> Broken | None:
    found = await check_signatures(conn, district)
    if found.first_bad is None:
        return None
    return Broken(seq=0, problem=f"事项 process {found.first_bad}：{found.problem}")


async def compare_nodes(databases: Databases, district: str, witness: Witness) -> Broken | None:
    """Return the first stored node of the tree that is another than the one the witness has just computed."""
    computed = witness.take_nodes()
    if not computed:
        return None
    stored: dict[tuple[int, int], str] = {}
    async with databases.read(district) as conn:
        last = await last_head(conn, district)
        for level in {level for level, _ in computed}:
            places = [at for of, at in computed if of == level]
            its = await read_stored(conn, district, level, min(places), max(places) + 1)
            stored.update({(level, at): value for at, value in its.items()})
    return first_other(computed, stored, last.size if last is not None else 0)
