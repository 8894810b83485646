"""By what a person can be named in a text, as the register has it, and the check code of it that people are shown."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.erasure import Erasure, ErasureWords, words_digest

from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.assess_erasure import erased_number
from yanxiu_registry.erasing.assess_words import within, words_among
from yanxiu_registry.erasing.erase_rows import ERASED_NAME
from yanxiu_registry.tables import teacher, teacher_fact

# So many signs of a check code: people copy it.
_SIGNS = 16


async def words_of(conn: AsyncConnection, district: str, teacher_id: str) -> ErasureWords:
    """Return every name and staff number that he had.

    Every name of the district is read: the databases do not agree on what differs in case alone.
    """
    its = teacher_fact.c
    mine = sa.select(its.name).where(its.district == district, its.teacher == teacher_id).distinct()
    names = {*(await conn.execute(mine)).scalars()} - {ERASED_NAME}
    number = sa.select(teacher.c.staff_number).where(teacher.c.district == district, teacher.c.id == teacher_id)
    numbers = {*(await conn.execute(number)).scalars()} - {erased_number(teacher_id)}
    asked = sa.select(its.name).where(its.district == district, its.teacher != teacher_id).distinct()
    return words_among(names, numbers, {*(await conn.execute(asked)).scalars()} - {ERASED_NAME})


async def words_to_clear(conn: AsyncConnection, district: str, one: Erasure) -> ErasureWords:
    """Return the words of an erasure that is begun, as it was decided where they are taken out."""
    return within(await words_of(conn, district, one.teacher), one.everywhere)


async def shown_now(registry: Registry, conn: AsyncConnection, district: str, one: Erasure) -> str:
    """Return the check code of the words as they are now, the same before and after it was decided where they go.

    It is made under a key: who guesses a name must not see that he is right.
    """
    digest = words_digest(one.id, one.teacher, await words_of(conn, district, one.teacher))
    return registry.vault.digest(district, [digest])[:_SIGNS]
