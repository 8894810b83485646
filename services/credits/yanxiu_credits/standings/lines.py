"""What counts in a period: the registrations that stand, now or as they were known at a past instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_credits.books.kinds import REGISTRATION
from yanxiu_credits.tables import ledger, record

_reversal = ledger.alias("reversal")


async def read_rows(
    conn: AsyncConnection,
    district: str,
    teachers: Sequence[str],
    start: date,
    end: date,
    *,
    known_us: int | None = None,
    restored: Sequence[str] = (),
) -> list[Any]:
    """Return the registrations between two days that stand, with what the pack said of each, in one statement.

    Ordered by teacher, then day, then place in the chain. With `known_us` (microseconds since 1970) only what was
    recorded until then counts, and a reversal that was recorded later is not known yet. `restored` are ids of entries
    that count although they were taken back.
    """
    found = await conn.execute(
        sa.select(
            ledger.c.teacher,
            ledger.c.record,
            ledger.c.on,
            ledger.c.micro_hours,
            ledger.c.micro_credits,
            record.c.attributes,
        )
        .join(record, sa.and_(record.c.district == ledger.c.district, record.c.id == ledger.c.record))
        .where(
            ledger.c.district == district,
            ledger.c.teacher.in_(list(teachers)),
            ledger.c.on >= start,
            ledger.c.on <= end,
            sa.or_(sa.and_(*stands(known_us)), ledger.c.entry_id.in_(list(restored))),
        )
        .order_by(ledger.c.teacher, ledger.c.on, ledger.c.seq)
    )
    return list(found)


def stands(known_us: int | sa.ColumnElement[int] | None) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on `ledger` that an entry counts: a registration that no entry known then reverses."""
    taken_back = sa.exists().where(
        _reversal.c.district == ledger.c.district,
        _reversal.c.reverses == ledger.c.entry_id,
        *([] if known_us is None else [_reversal.c.recorded_us <= known_us]),
    )
    recorded = [] if known_us is None else [ledger.c.recorded_us <= known_us]
    return [ledger.c.kind == REGISTRATION, ~taken_back, *recorded]
