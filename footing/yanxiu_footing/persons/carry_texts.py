"""Clear again, in a copy that was made before it, what erasures have cleared of a service's texts since."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.backup import Copies, settle
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import Erasure, ErasureWords

from yanxiu_footing.clock import to_us
from yanxiu_footing.persons.clear_texts import note_as_told
from yanxiu_footing.persons.clearing_tables import erasure_cleared

Lacking = Sequence[tuple[Erasure, ErasureWords]]
"""Erasures that the register's copy has not done, with what its persons are named by there."""
Done = Mapping[str, Mapping[str, int]]
"""By erasure that the register's copy has done, how many rows of which table were cleared, in every service."""
Clear = Callable[[AsyncConnection, Erasure, ErasureWords], Awaitable[None]]
_SECONDS = 3600.0


async def not_cleared_in(copies: Copies, file: Path, district: str, done: Done, scratch: Path) -> list[str]:
    """Return which of the erasures that the register has done are not cleared in a copy of a service, or not whole.

    Such a copy was made before, the register's after: who is named in it nobody knows any more. Whole is what has as
    many rows of each table as the register was told; more were cleared after that.
    """
    if not done:
        return []
    (looked := scratch / "held" / copies.service / f"{district}.db").parent.mkdir(parents=True)
    shutil.copyfile(file, looked)
    async with copies.opened(scratch / "held") as databases:
        await databases.ensure(district)
        async with databases.read(district) as conn:
            its = erasure_cleared.c
            rows = await conn.execute(sa.select(its.erasure, its.counts).where(its.district == district))
            known = {row.erasure: msgspec.json.decode(row.counts, type=dict[str, int]) for row in rows}
    return [
        one for one, told in done.items() if one not in known or _less(known[one], of_service(copies.service, told))
    ]


def _less(cleared: Mapping[str, int], told: Mapping[str, int]) -> bool:
    return any(cleared.get(table, 0) < rows for table, rows in told.items())


def of_service(service: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Return by table what the register was told of a service."""
    before = f"{service}."
    return {name.removeprefix(before): rows for name, rows in counts.items() if name.startswith(before)}


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
                assert one.confirmed_at is not None  # noqa: S101 - what is known is done
                told = of_service(copies.service, one.counts)
                await note_as_told(conn, district, one.id, told, to_us(one.confirmed_at))
        await databases.sweep_freed(district)
    settle(made)
    return made
