"""Periods whose recognitions add up to a longer one's: what stands of the earlier ones, and of the later ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.facts import Posted
from yanxiu_rulekit.numbers import from_micro
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.refusals import later_stands
from yanxiu_credits.books.standing_recognitions import STANDS
from yanxiu_credits.books.tables import recognition
from yanxiu_credits.laws import Bound, InForce

# Teachers asked about by one statement.
PART = 500
_ITS = recognition.c


async def posted_before(
    conn: AsyncConnection, district: str, law: InForce, period: Period, teachers: Sequence[str]
) -> dict[str, tuple[Posted, ...]] | None:
    """Return what stands recognised of the earlier periods of each teacher, oldest first; None where none add up."""
    whole = law.pack.adds_up_in(period, law.settings)
    if whole is None:
        return None
    found: dict[str, tuple[Posted, ...]] = dict.fromkeys(teachers, ())
    for start in range(0, len(teachers), PART):
        where = _standing(district, period, whole, teachers[start : start + PART])
        rows = await conn.execute(
            sa.select(recognition).where(*where, _ITS.ends_on < period.start).order_by(_ITS.teacher, _ITS.ends_on)
        )
        for row in rows:
            posted = Posted(
                label=row.label,
                ends=row.ends_on,
                hours=from_micro(row.micro_hours),
                credits=from_micro(row.micro_credits),
            )
            found[row.teacher] = (*found[row.teacher], posted)
    return found


async def later_standing(
    conn: AsyncConnection, district: str, law: Bound | InForce, period: Period, teachers: Sequence[str]
) -> Refused | None:
    """Return the refusal LATER_RECOGNISED of the first teacher of whom a later period that adds up stands recognised.

    What was recognised of it rests on what stood of this one: to change this one, it is taken back first.
    """
    whole = law.pack.adds_up_in(period, law.settings)
    if whole is None:
        return None
    for start in range(0, len(teachers), PART):
        where = _standing(district, period, whole, teachers[start : start + PART])
        row = (
            await conn.execute(
                sa.select(recognition).where(*where, _ITS.starts_on > period.end).order_by(_ITS.teacher).limit(1)
            )
        ).first()
        if row is not None:
            return later_stands(row.teacher, period.label, row.label, row.id)
    return None


def _standing(district: str, period: Period, whole: Period, teachers: Sequence[str]) -> list[Any]:
    return [
        _ITS.district == district,
        _ITS.teacher.in_(list(teachers)),
        _ITS.period_kind == period.kind,
        _ITS.starts_on >= whole.start,
        _ITS.ends_on <= whole.end,
        STANDS,
    ]
