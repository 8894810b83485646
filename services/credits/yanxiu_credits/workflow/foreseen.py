"""Standings that were judged before a transaction, and of whom they still hold within it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.outcome import Period, Standing

from yanxiu_credits.laws import InForce
from yanxiu_credits.standings.known import teachers_changed
from yanxiu_credits.standings.rows import law_digest
from yanxiu_credits.tables import ledger


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """Standings of a period: by which law and on which day, after which entry of the ledger and fact of the registry.

    `asked` are the teachers who were judged; one of them who is not on file has no standing.
    """

    law: str
    period: Period
    today: date
    seq: int
    facts: int
    asked: frozenset[str]
    standings: Mapping[str, Standing]


async def unchanged(
    conn: AsyncConnection, district: str, foreseen: Foreseen, *, law: InForce, period: Period, today: date
) -> frozenset[str]:
    """Return those of whom a standing still is what would be judged now: no entry and no fact of theirs came since.

    Nobody, where the law, the period or the day is another. Two statements, over what came since alone.
    """
    if (law_digest(law), period, today) != (foreseen.law, foreseen.period, foreseen.today):
        return frozenset()
    entries = await conn.scalars(
        sa.select(ledger.c.teacher).where(ledger.c.district == district, ledger.c.seq > foreseen.seq).distinct()
    )
    return foreseen.asked - {*entries, *await teachers_changed(conn, district, foreseen.facts)}
