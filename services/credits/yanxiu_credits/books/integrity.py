"""Integrity entries as they are stored and as they travel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import from_us
from yanxiu_wire.books import IntegrityEntry

from yanxiu_credits.books.tables import integrity_entry


def integrity_view(row: Any) -> IntegrityEntry:
    """Return a stored row as it travels."""
    consequences = msgspec.json.decode(row["consequences"])
    same = {
        name: row[name]
        for name in (
            "id", "record", "teacher", "school", "actor", "registered_by", "on", "serious", "reason", "proof", "pack",
            "version", "found_by", "role",
        )
    }  # fmt: skip
    return IntegrityEntry(
        **same,
        consequences=consequences["result"],
        sentences_zh=tuple(consequences["zh"]),
        sentences_en=tuple(consequences["en"]),
        clauses=tuple(msgspec.json.decode(row["clauses"])),
        recorded_at=from_us(row["recorded_us"]),
    )


async def page_integrity(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int, after: str, newest: bool = False
) -> tuple[list[IntegrityEntry], int]:
    """Return at most `first` entries after the cursor, oldest or newest first, and how many match in all."""
    its = integrity_entry.c.id
    beyond = [its < after if newest else its > after] if after else []
    total = await conn.scalar(sa.select(sa.func.count()).select_from(integrity_entry).where(*where))
    rows = await conn.execute(
        sa.select(integrity_entry).where(*where, *beyond).order_by(its.desc() if newest else its).limit(first)
    )
    return [integrity_view(row) for row in rows.mappings()], int(total or 0)
