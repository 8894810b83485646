"""Tell the other services that an erasure is begun, or done, and by what they know the words that go: never these."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import announce
from yanxiu_wire.erasure import ERASURE_BEGUN, Erasure, ErasureBegun, ErasureWords, words_digest

from yanxiu_registry.erasing.tables import erasure_salt
from yanxiu_registry.erasing.words import words_to_clear

# When it is done, what was written meanwhile may be cleared for so long: each service has a minute for it.
_LATE = timedelta(minutes=3)


async def announce_begun(conn: AsyncConnection, district: str, one: Erasure, shown: str) -> None:
    """Announce the words as they are now, under a new salt: who guesses a name cannot tell it from the digest.

    `shown` is their check code, by which a repeat sees that they are others than these.
    """
    which = sa.and_(erasure_salt.c.district == district, erasure_salt.c.erasure == one.id)
    before = await conn.scalar(sa.select(erasure_salt.c.version).where(which))
    row = {"version": (before or 0) + 1, "salt": secrets.token_hex(32), "shown": shown}
    if before is None:
        await conn.execute(sa.insert(erasure_salt).values(district=district, erasure=one.id, **row))
    else:
        await conn.execute(sa.update(erasure_salt).where(which).values(**row))
    await announce(conn, ERASURE_BEGUN, district, await announced(conn, district, one))


async def shown_before(conn: AsyncConnection, district: str, erasure: str) -> str | None:
    """Return the check code of the words that stand announced; None where none do, or nobody kept it."""
    its = erasure_salt.c
    return await conn.scalar(sa.select(its.shown).where(its.district == district, its.erasure == erasure))


async def announced(conn: AsyncConnection, district: str, one: Erasure) -> ErasureBegun:
    """Return what stands announced of an erasure, with the digest of its words as they are now; version 0: nothing."""
    its = erasure_salt.c
    version = await conn.scalar(sa.select(its.version).where(its.district == district, its.erasure == one.id))
    digest = words_digest(one.id, one.teacher, await salted_words(conn, district, one))
    return ErasureBegun(erasure=one.id, teacher=one.teacher, version=version or 0, digest=digest)


async def announce_done(conn: AsyncConnection, district: str, begun: ErasureBegun, at: datetime) -> None:
    """Take back what was announced, but for what was written meanwhile: it stands for minutes more."""
    news = msgspec.structs.replace(begun, version=begun.version + 1, until=at + _LATE)
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
