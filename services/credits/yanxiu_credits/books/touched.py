"""The locks of every period that a record changes: its day's, and those of other years where its law divides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_credits.assess import days_beside
from yanxiu_credits.books.locks import Lock, locked
from yanxiu_credits.laws import InForce


async def lock_beside(
    conn: AsyncConnection,
    district: str,
    law: InForce,
    *,
    teacher: str,
    school: str | None,
    on: date,
    attributes: Mapping[str, Any],
    today: date,
) -> Lock | None:
    """Return a lock of another period that a record with these attributes changes, None where all are open."""
    days = days_beside(law, on, attributes)
    return await lock_of(conn, district, days, teacher=teacher, school=school, today=today)


async def lock_of(
    conn: AsyncConnection, district: str, days: Sequence[date], *, teacher: str, school: str | None, today: date
) -> Lock | None:
    """Return a lock of one of these days, None where all are open."""
    for day in days:
        there = await locked(conn, district, teacher=teacher, school=school, on=day, today=today)
        if there is not None:
            return there
    return None
