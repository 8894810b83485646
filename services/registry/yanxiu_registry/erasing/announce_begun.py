"""Tell the other services that an erasure is begun, and by what they know the words that go: never the words."""

from __future__ import annotations

import secrets

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import announce
from yanxiu_wire.erasure import ERASURE_BEGUN, Erasure, ErasureBegun, ErasureWords, words_digest

from yanxiu_registry.erasing.tables import erasure_salt
from yanxiu_registry.erasing.words import words_to_clear


async def announce_begun(conn: AsyncConnection, district: str, one: Erasure) -> None:
    """Announce the words as they are now, under a new salt: who guesses a name cannot tell it from the digest."""
    which = sa.and_(erasure_salt.c.district == district, erasure_salt.c.erasure == one.id)
    before = await conn.scalar(sa.select(erasure_salt.c.version).where(which))
    row = {"version": (before or 0) + 1, "salt": secrets.token_hex(32)}
    if before is None:
        await conn.execute(sa.insert(erasure_salt).values(district=district, erasure=one.id, **row))
    else:
        await conn.execute(sa.update(erasure_salt).where(which).values(**row))
    digest = words_digest(one.id, one.teacher, await salted_words(conn, district, one))
    news = ErasureBegun(erasure=one.id, teacher=one.teacher, version=int(row["version"]), digest=digest)
    await announce(conn, ERASURE_BEGUN, district, news)


async def salted_words(conn: AsyncConnection, district: str, one: Erasure) -> ErasureWords:
    """Return the words of an erasure that is begun, as they were announced."""
    its = erasure_salt.c
    salt = await conn.scalar(sa.select(its.salt).where(its.district == district, its.erasure == one.id))
    return msgspec.structs.replace(await words_to_clear(conn, district, one), salt=salt or "")


async def forget_salt(conn: AsyncConnection, district: str, erasure: str) -> None:
    """Forget it: from then on nobody knows what the digest was made of."""
    its = erasure_salt.c
    await conn.execute(sa.delete(erasure_salt).where(its.district == district, its.erasure == erasure))
