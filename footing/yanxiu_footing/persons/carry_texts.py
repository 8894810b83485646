"""Clear again, in a copy that was made before it, what erasures have cleared of a service's texts since."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.backup import Copies, settle
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import Erasure, ErasureWords

from yanxiu_footing.persons.clearing_tables import erasure_cleared

Lacking = Sequence[tuple[Erasure, ErasureWords]]
"""Erasures that the register's copy has not done, with what its persons are named by there."""
Clear = Callable[[AsyncConnection, Erasure, ErasureWords], Awaitable[None]]
_SECONDS = 3600.0


async def not_cleared_in(copies: Copies, file: Path, district: str, done: Collection[str], scratch: Path) -> list[str]:
    """Return which of the erasures that the register has done are not cleared in a copy of a service.

    Such a copy was made before, the register's after: who is named in it nobody knows any more.
    """
    if not done:
        return []
    (looked := scratch / "held" / copies.service / f"{district}.db").parent.mkdir(parents=True)
    shutil.copyfile(file, looked)
    async with copies.opened(scratch / "held") as databases:
        await databases.ensure(district)
        async with databases.read(district) as conn:
            its = erasure_cleared.c
            known = set((await conn.execute(sa.select(its.erasure).where(its.district == district))).scalars())
    return [one for one in done if one not in known]


async def cleared_again(
    copies: Copies, file: Path, district: str, lacking: Lacking, scratch: Path, clear: Clear
) -> Path:
    """Return a file in which they are done: the given one where there are none, or a copy in `scratch`."""
    if not lacking:
        return file
    (made := scratch / "cleared" / copies.service / f"{district}.db").parent.mkdir(parents=True)
    shutil.copyfile(file, made)
    async with copies.opened(scratch / "cleared") as databases:
        await databases.ensure(district)
        async with databases.write(district, Deadline.after(_SECONDS)) as conn:
            for one, words in lacking:
                await clear(conn, one, words)
        await databases.sweep_freed(district)
    settle(made)
    return made
