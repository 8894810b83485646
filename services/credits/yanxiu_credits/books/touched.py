"""The locks of every period that a record changes: its day's, and those of other years where its law divides it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.errors import RuleNotInForce

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
    try:
        days = law.credit.touched(on, attributes, law.pack.law(on, law.settings))
    except RuleNotInForce:
        return None
    for day in days:
        there = None
        if day != on:
            there = await locked(conn, district, teacher=teacher, school=school, on=day, today=today)
        if there is not None:
            return there
    return None
