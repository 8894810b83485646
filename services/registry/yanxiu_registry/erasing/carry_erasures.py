"""Carry erasures into a copy of the register that was made before them, so that what is put back names nobody anew."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.backup import Copies, settle
from yanxiu_durable.databases import Databases
from yanxiu_footing.persons.carry_texts import Done, Lacking
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import Erasure, ErasureWords

from yanxiu_registry.erasing.announce_begun import announce_done, announced
from yanxiu_registry.erasing.erase_whole import erase_whole
from yanxiu_registry.erasing.erasure_store import put_begun, put_done, put_erasure, read_confirmed, read_erasures
from yanxiu_registry.erasing.tables import erasure
from yanxiu_registry.erasing.words import words_to_clear
from yanxiu_registry.store.dated import Stamp

_SECONDS = 3600.0


async def erasures_in(copies: Copies, data: Path | None, district: str) -> tuple[Erasure, ...] | None:
    """Return the confirmed erasures of the register there; None where there is none, or it cannot be read."""
    async with copies.opened(data) as databases:
        try:
            if not await databases.has(district):
                return None
            await databases.ensure(district)
            async with databases.read(district) as conn:
                return await read_confirmed(conn, district)
        except DBAPIError:
            # A file that is damaged, or of a version that knew no erasures, says nothing about them.
            return None


async def cleared_by(copies: Copies, file: Path, district: str, scratch: Path) -> Done:
    """Return the erasures done in a file of the register for which the others had to clear texts, with what was told.

    An older version had none cleared: its erasures were never begun.
    """
    (looked := scratch / "held" / copies.service / f"{district}.db").parent.mkdir(parents=True)
    shutil.copyfile(file, looked)
    done = await erasures_in(copies, scratch / "held", district)
    return {one.id: one.counts for one in done or () if one.begun_at is not None}


async def lacking_in(copies: Copies, file: Path, district: str, known: Collection[Erasure], scratch: Path) -> Lacking:
    """Return those that are not done in a file of the register, with what the persons are named by in it."""
    if not known:
        return ()
    (looked := scratch / "looked" / copies.service / f"{district}.db").parent.mkdir(parents=True)
    shutil.copyfile(file, looked)
    async with copies.opened(scratch / "looked") as databases:
        await databases.ensure(district)
        found: list[tuple[Erasure, ErasureWords]] = []
        async with databases.write(district, Deadline.after(_SECONDS)) as conn:
            for one in await _lacking(conn, district, known):
                found.append((one, await words_to_clear(conn, district, one)))
                # Whoever comes next was named like him, or not, when he was somebody no more.
                await _do_again(conn, district, one)
        return found


async def erased_again(copies: Copies, file: Path, district: str, known: Collection[Erasure], scratch: Path) -> Path:
    """Return a file with every known erasure done: the given one where it has them all, or a copy in `scratch`.

    What was announced is not announced again: after a restore the whole register is. That one was begun there is taken
    back.
    """
    if not known:
        return file
    (made := scratch / "erased" / copies.service / f"{district}.db").parent.mkdir(parents=True)
    shutil.copyfile(file, made)
    async with copies.opened(scratch / "erased") as databases:
        await databases.ensure(district)
        done = await _carry(databases, district, known)
        if done:
            await databases.sweep_freed(district)
    if not done:
        return file
    settle(made)
    return made


async def _carry(databases: Databases, district: str, known: Collection[Erasure]) -> int:
    """How many were not done there yet."""
    async with databases.write(district, Deadline.after(_SECONDS)) as conn:
        lacking = await _lacking(conn, district, known)
        for one in lacking:
            await _do_again(conn, district, one)
    return len(lacking)


async def _lacking(conn: AsyncConnection, district: str, known: Collection[Erasure]) -> list[Erasure]:
    """Those that are not done there, in the order in which they were done: by then who shared a name may be gone."""
    there = {one.id for one in await read_confirmed(conn, district)}
    return sorted((one for one in known if one.id not in there), key=lambda one: (_stamp(one).at, one.id))


def _stamp(one: Erasure) -> Stamp:
    assert one.confirmed_by is not None and one.confirmed_at is not None  # noqa: S101, PT018 - known are done
    return Stamp(one.confirmed_by, one.confirmed_at)


async def _do_again(conn: AsyncConnection, district: str, one: Erasure) -> None:
    """One that was done elsewhere, as it was done."""
    stamp = _stamp(one)
    if not await read_erasures(conn, district, erasure.c.id == one.id):
        await put_erasure(conn, district, one)
    if one.begun_by is not None and one.begun_at is not None:
        begun = await read_erasures(conn, district, erasure.c.id == one.id)
        if begun[0].begun_at is None:
            await put_begun(conn, district, one.id, one.everywhere, Stamp(one.begun_by, one.begun_at))
    # Before it is cleared, for the digest is of its words; none was announced of what had not begun by then.
    begun = await announced(conn, district, one)
    await erase_whole(conn, district, one, stamp)
    if begun.version:
        await announce_done(conn, district, begun, stamp.at)
    await put_done(conn, district, one.id, one.counts, stamp)
