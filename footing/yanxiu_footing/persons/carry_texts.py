"""Clear again, in a copy that was made before it, what erasures have cleared of a service's texts since."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.backup import Copies, settle
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import Erasure, ErasureWords

Lacking = Sequence[tuple[Erasure, ErasureWords]]
"""Erasures that the register's copy has not done, with what its persons are named by there."""
Clear = Callable[[AsyncConnection, Erasure, ErasureWords], Awaitable[None]]
_SECONDS = 3600.0


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
