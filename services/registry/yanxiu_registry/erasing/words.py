"""By what a person can be named in a text, and whose names must not be taken for his."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.erasure import ErasureWords

from yanxiu_registry.erasing.assess_erasure import erased_number
from yanxiu_registry.erasing.erase_rows import ERASED_NAME
from yanxiu_registry.tables import teacher, teacher_fact


async def words_of(conn: AsyncConnection, district: str, teacher_id: str) -> ErasureWords:
    """Return every name and staff number that he had; a name that another has too is shared."""
    its = teacher_fact.c
    mine = sa.select(its.name).where(its.district == district, its.teacher == teacher_id).distinct()
    names = sorted({*(await conn.execute(mine)).scalars()} - {ERASED_NAME})
    number = sa.select(teacher.c.staff_number).where(teacher.c.district == district, teacher.c.id == teacher_id)
    numbers = {*(await conn.execute(number)).scalars()} - {erased_number(teacher_id)}
    like = sa.or_(sa.false(), *(its.name.contains(one, autoescape=True) for one in names))
    asked = sa.select(its.name).where(its.district == district, its.teacher != teacher_id, like).distinct()
    others = set((await conn.execute(asked)).scalars())
    return ErasureWords(
        names=tuple(one for one in names if one not in others),
        shared=tuple(one for one in names if one in others),
        numbers=tuple(sorted(numbers)),
        spared=tuple(sorted(others - set(names))),
    )
