"""What `yanxiu backup` and `yanxiu restore` need of this service: its copies, and a check of a copied ledger."""

from __future__ import annotations

import asyncio
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.backup import Copies, settle
from yanxiu_footing.persons.carry_texts import Done, Lacking, cleared_again, not_cleared_in
from yanxiu_wire import credits as wire
from yanxiu_wire.erasure import Erasure, ErasureWords
from yanxiu_wire.signed import read_keys

from yanxiu_credits.all_tables import metadata
from yanxiu_credits.books.keys import Signer
from yanxiu_credits.erasing.clear_person import clear_as_of
from yanxiu_credits.ledger import Broken, Verified
from yanxiu_credits.migrating import MIGRATIONS
from yanxiu_credits.store.ledger import last_seq
from yanxiu_credits.verify_ledger import examine, verify_books

# Entries from which on a second process is worth its start.
_LARGE = 20_000
__all__ = ["cleared", "copies", "not_cleared", "settle", "verify"]

# A signature is another each time.
copies = Copies(wire.SERVICE, metadata, MIGRATIONS, drawn={"redaction": ("token",)})


async def not_cleared(file: Path, district: str, done: Done, scratch: Path) -> list[str]:
    """Return which of these erasures are not done, or not whole, in a file of this service."""
    return await not_cleared_in(copies, file, district, done, scratch)


async def cleared(file: Path, district: str, lacking: Lacking, scratch: Path, keys: Path) -> Path:
    """Return a file in which these erasures are done, with redactions signed by the key in the folder `keys`.

    Raises `LedgerKeyUnusable`.
    """
    if not lacking:
        return file
    signer = Signer.open(keys)

    async def clear(conn: AsyncConnection, one: Erasure, words: ErasureWords) -> None:
        await clear_as_of(conn, district, one, words, signer.sign)

    return await cleared_again(copies, file, district, lacking, scratch, clear)


async def verify(data: Path | None, district: str, public: str) -> Verified:
    """Check the ledger there by the rules of a running service, given the public keys of who signed its heads.

    Raises `NotSigned` where that are no keys.
    """
    keys = read_keys(public)
    async with copies.opened(data) as databases:
        await databases.ensure(district)
        async with databases.read(district) as conn:
            large = await last_seq(conn, district) >= _LARGE
        if not large:
            return await examine(databases, keys, district)
        # Nobody waits for an answer of this process: a second one takes a third of the time away.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
            books = asyncio.get_running_loop().run_in_executor(beside, _books, data, district)
            return await examine(databases, keys, district, books=books)


def _books(data: Path | None, district: str) -> Broken | None:
    async def look() -> Broken | None:
        async with copies.opened(data) as databases:
            return await verify_books(databases, district)

    return asyncio.run(look())
