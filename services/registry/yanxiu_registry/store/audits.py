"""Why national ids were shown: what the official stated stands beside the trail, which has no text of anybody's."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_registry.tables import reveal_reason


async def record_reason(conn: AsyncConnection, district: str, seq: int, reason: str) -> None:
    """Keep the reason for a look that the trail has under this number."""
    await conn.execute(sa.insert(reveal_reason).values(district=district, seq=seq, reason=reason))


async def reasons_of(conn: AsyncConnection, district: str, seqs: Sequence[int]) -> dict[int, str]:
    """Return the reasons that were stated for looks, by their numbers; others had none to state."""
    its = reveal_reason.c
    found = await conn.execute(sa.select(its.seq, its.reason).where(its.district == district, its.seq.in_(seqs)))
    return {one.seq: one.reason for one in found}
