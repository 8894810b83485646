"""A digest of a service's copy of others' facts: two that are equal hold the same, row for row."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import encode_canonical

from yanxiu_footing.copying import Copy


async def digest_of(conn: AsyncConnection, district: str, copy: Copy) -> str:
    """Return the SHA-256 (hex) over every row of the district's copy, tables and rows in order."""
    seen = hashlib.sha256()
    for table in sorted(copy.tables, key=lambda one: one.name):
        seen.update(table.name.encode())
        query = sa.select(table).where(table.c.district == district).order_by(*table.primary_key)
        for row in await conn.execute(query):
            seen.update(encode_canonical([None if value is None else str(value) for value in row]))
    return seen.hexdigest()
