"""Whether what is on file of somebody takes no change any more: he was erased, or his erasure has begun."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.erasing import refusals
from yanxiu_registry.erasing.assess_erasure import erased_faults
from yanxiu_registry.erasing.tables import erasure, erasure_begun, erasure_done
from yanxiu_registry.register import TeacherFile


async def unchangeable(conn: AsyncConnection, district: str, file: TeacherFile) -> list[RefusalItem]:
    """Return why a file takes no change.

    One whose erasure has begun could be neither finished nor withdrawn if he worked here again, and what goes was
    shown to who decided.
    """
    if found := erased_faults(file):
        return found
    return [refusals.being_erased(file.id)] if file.id in await being_erased(conn, district) else []


async def being_erased(conn: AsyncConnection, district: str) -> frozenset[str]:
    """Return the teachers whose erasures have begun and are not done."""
    begun, done = erasure_begun.c, erasure_done.c
    of = sa.and_(begun.district == erasure.c.district, begun.erasure == erasure.c.id)
    ended = sa.exists().where(done.district == erasure.c.district, done.erasure == erasure.c.id)
    wanted = sa.select(erasure.c.teacher).select_from(erasure.join(erasure_begun, of))
    return frozenset((await conn.execute(wanted.where(erasure.c.district == district, ~ended))).scalars())
