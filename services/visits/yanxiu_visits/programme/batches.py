"""Batches of base schools as adopted plans made them, and who is placed at their schools."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode
from yanxiu_wire.programme import BaseSchoolBatch
from yanxiu_wire.rotation_plan import PlanContents, RotationPlan

from yanxiu_visits.planning.tables import residency, rotation_plan


async def read_batches(conn: AsyncConnection, district: str) -> list[BaseSchoolBatch]:
    """Return every batch of an adopted plan, newest first; one that was planned anew is as it is now."""
    its = rotation_plan.c
    found = await conn.execute(
        sa.select(its.body, its.contents)
        .where(its.district == district, its.state == "adopted")
        .order_by(its.first_on.desc())
    )
    batches = []
    for row in found:
        plan = decode(RotationPlan, row.body.encode())
        if plan.kind == "batch":
            placed = decode(PlanContents, row.contents.encode()).placed
            schools = tuple(sorted({one.school for one in placed}))
            batches.append(
                BaseSchoolBatch(starts_on=plan.starts_on, ends_on=plan.ends_on, plan=plan.id, schools=schools)
            )
    return batches


async def placed_at(conn: AsyncConnection, district: str, person: str, batch: BaseSchoolBatch) -> tuple[str, ...]:
    """Return the schools of a batch at which somebody is placed, or was for a part of it."""
    its = residency.c
    found = await conn.execute(
        sa.select(its.school)
        .where(
            its.district == district,
            its.person == person,
            its.state == "live",
            its.term.is_(None),
            its.starts_on <= batch.ends_on,
            its.ends_on >= batch.starts_on,
        )
        .distinct()
    )
    return tuple(sorted(found.scalars()))


def batch_of(batches: list[BaseSchoolBatch], first_day: date) -> BaseSchoolBatch | None:
    """Return the batch that begins on a day, None where none does."""
    return next((one for one in batches if one.starts_on == first_day), None)
