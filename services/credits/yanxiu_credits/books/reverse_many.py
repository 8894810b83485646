"""Take many recognitions back at once: the reversals and their entries, each written in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import to_us
from yanxiu_wire.caller import Caller
from yanxiu_wire.credits import LedgerEntry

from yanxiu_credits.books.kinds import Why
from yanxiu_credits.books.post import post
from yanxiu_credits.books.reverse import ADD, mirror, reversal_row
from yanxiu_credits.ledger import Entry, evidence_of
from yanxiu_credits.service import Service
from yanxiu_credits.tables import ledger

# Entries read by one statement.
PART = 500


async def reverse_recognitions(
    conn: AsyncConnection,
    service: Service,
    district: str,
    recognitions: Sequence[Mapping[str, Any]],
    *,
    reason: str,
    by: Caller,
    why: Why,
) -> list[LedgerEntry]:
    """Reverse the entries of recognitions (rows of the table) that stand, in the caller's transaction.

    The caller has seen that the ledger is not closed, that the period is open, and that there is a reason.
    """
    now_us = to_us(service.clock.now())
    entries = await _entries(conn, district, [one["entry"] for one in recognitions])
    rows = [reversal_row(entry, why=why, reason=reason, by=by, now_us=now_us) for entry in entries]
    if rows:
        await conn.execute(ADD, rows)
    drafts = [mirror(entry, row, evidence_of(row, {})) for entry, row in zip(entries, rows, strict=True)]
    return await post(conn, district, drafts)


async def _entries(conn: AsyncConnection, district: str, places: Sequence[int]) -> list[Entry]:
    found: list[Entry] = []
    for start in range(0, len(places), PART):
        rows = await conn.execute(
            sa.select(*(ledger.c[name] for name in Entry.__struct_fields__))
            .where(ledger.c.district == district, ledger.c.seq.in_(list(places[start : start + PART])))
            .order_by(ledger.c.seq)
        )
        found += [Entry(**row) for row in rows.mappings()]
    return found
