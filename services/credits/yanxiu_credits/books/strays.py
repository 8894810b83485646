"""What the chain does not reach: rows of the books that no entry rests on, put there beside the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_credits.books.kinds import RECOGNITION
from yanxiu_credits.books.tables import integrity_entry, recognition, reversal
from yanxiu_credits.ledger import Broken
from yanxiu_credits.tables import ledger

_OF = sa.bindparam("of")
_RECOGNITION = (
    sa.select(recognition.c.id)
    .select_from(
        recognition.outerjoin(
            ledger,
            sa.and_(
                ledger.c.district == recognition.c.district,
                ledger.c.seq == recognition.c.entry,
                ledger.c.record == recognition.c.id,
                ledger.c.kind == RECOGNITION,
            ),
        )
    )
    .where(recognition.c.district == _OF, ledger.c.seq.is_(None))
    .order_by(recognition.c.id)
    .limit(1)
)
_REVERSAL = (
    sa.select(reversal.c.entry_id)
    .select_from(
        reversal.outerjoin(
            ledger,
            sa.and_(ledger.c.district == reversal.c.district, ledger.c.entry_id == reversal.c.entry_id),
        )
    )
    .where(reversal.c.district == _OF, ledger.c.seq.is_(None))
    .order_by(reversal.c.entry_id)
    .limit(1)
)
_FINDING = (
    sa.select(integrity_entry.c.id)
    .select_from(
        integrity_entry.outerjoin(
            reversal,
            sa.and_(
                reversal.c.district == integrity_entry.c.district,
                reversal.c.record == integrity_entry.c.record,
                reversal.c.integrity == integrity_entry.c.id,
            ),
        )
    )
    .where(integrity_entry.c.district == _OF, reversal.c.entry_id.is_(None))
    .order_by(integrity_entry.c.id)
    .limit(1)
)


async def first_stray(conn: AsyncConnection, district: str) -> Broken | None:
    """Return the first recognition, reversal or finding of fraud without its entry; 0 stands for its row."""
    for statement, zh, what in (
        (_RECOGNITION, "认定", "recognition"),
        (_REVERSAL, "冲销", "reversal"),
        (_FINDING, "弄虚作假认定", "finding of fraud"),
    ):
        found = await conn.scalar(statement, {"of": district})
        if found is not None:
            return Broken(
                seq=0,
                problem=f"台账外的{zh}{found}，没有分录与之对应 "
                f"{what} {found} stands beside the ledger: no entry rests on it",
            )
    return None
