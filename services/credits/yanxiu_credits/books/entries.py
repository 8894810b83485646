"""Entries of the ledger as they travel, and how one is found again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import from_us
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.credits import LedgerEntry

from yanxiu_credits.ledger import Entry
from yanxiu_credits.tables import ledger

_BY_ID = sa.select(ledger).where(ledger.c.district == sa.bindparam("of"), ledger.c.entry_id == sa.bindparam("its"))


def entry_view(entry: Any, sealed: str) -> LedgerEntry:
    """Return an entry (or a row of the ledger) as it travels."""
    return LedgerEntry(
        seq=entry.seq,
        id=entry.entry_id,
        teacher=entry.teacher,
        record=entry.record,
        kind=entry.kind,
        on=entry.on,
        hours=from_micro(entry.micro_hours),
        credits=from_micro(entry.micro_credits),
        recorded_at=from_us(entry.recorded_us),
        previous=entry.previous,
        hash=sealed,
        activity=entry.activity,
        generation=entry.generation,
        reverses=entry.reverses,
    )


async def read_entry(conn: AsyncConnection, district: str, entry_id: str) -> Entry | None:
    """Return an entry by its id, None where there is none."""
    row = (await conn.execute(_BY_ID, {"of": district, "its": entry_id})).mappings().first()
    return Entry(**{name: row[name] for name in Entry.__struct_fields__}) if row is not None else None
