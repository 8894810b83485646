"""The lines of a district: of sealed years from their files where the ledger still says the same, else from it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.stored import thaw
from yanxiu_rulekit.columns import LineBuilder, LineColumns, joined

from yanxiu_credits.books.keys import Signer
from yanxiu_credits.prefecture.read_columns import read_lines_in
from yanxiu_credits.sealing.sealed_year import Statement, read_kept
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import hash_at
from yanxiu_credits.tables import ledger

Stretch = tuple[date, date]


async def lines_of(
    conn: AsyncConnection, service: Service, district: str, stretches: Sequence[Stretch], teachers: Iterable[str] = ()
) -> LineColumns:
    """Return what `read_lines_in` returns, reading the ledger only for the stretches of which no sealed year holds.

    A sealed year holds while its files are what was signed, the ledger has the same entry where it was read, and no
    later entry is of its days: one corrected entry, and the year is read from the ledger until it is sealed again.
    """
    kept: dict[Stretch, LineColumns] = {}
    for start, end in stretches:
        found = await holding(conn, service.sealed, service.signer, district, start, end) if service.sealed else None
        if found is not None:
            kept[start, end] = found[0]
    if not kept:
        return await read_lines_in(conn, district, stretches, teachers)
    missing = [one for one in stretches if one not in kept]
    if missing:
        read = await read_lines_in(conn, district, missing)
        kept |= {(start, end): read.between(start, end) for start, end in missing}
    return joined([LineBuilder(teachers, read=thaw).columns(), *(kept[one] for one in stretches)])


async def holding(
    conn: AsyncConnection, folder: Path, signer: Signer, district: str, start: date, end: date
) -> tuple[LineColumns, Statement] | None:
    """Return a sealed year with its statement while both hold, else None."""
    found = await asyncio.to_thread(read_kept, folder, signer, district, start, end)
    if found is None:
        return None
    stated = found[1]
    if await hash_at(conn, district, stated.seq) != stated.head:
        return None
    later = await conn.scalar(
        sa.select(ledger.c.seq)
        .where(ledger.c.district == district, ledger.c.seq > stated.seq, ledger.c.on >= start, ledger.c.on <= end)
        .limit(1)
    )
    return found if later is None else None
