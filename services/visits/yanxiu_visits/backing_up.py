"""What `yanxiu backup` and `yanxiu restore` need of this service: its copies, and texts that erasures have cleared."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.backup import Copies, settle
from yanxiu_footing.persons.carry_texts import Done, Lacking, cleared_again, not_cleared_in
from yanxiu_wire import visits as wire
from yanxiu_wire.erasure import Erasure, ErasureWords

from yanxiu_visits.all_tables import metadata
from yanxiu_visits.clear_person import clear_as_of
from yanxiu_visits.migrating import MIGRATIONS

__all__ = ["cleared", "copies", "not_cleared", "settle"]

copies = Copies(wire.SERVICE, metadata, MIGRATIONS)


async def not_cleared(file: Path, district: str, done: Done, scratch: Path) -> list[str]:
    """Return which of these erasures are not done, or not whole, in a file of this service."""
    return await not_cleared_in(copies, file, district, done, scratch)


async def cleared(file: Path, district: str, lacking: Lacking, scratch: Path) -> Path:
    """Return a file in which these erasures are done."""

    async def clear(conn: AsyncConnection, one: Erasure, words: ErasureWords) -> None:
        await clear_as_of(conn, district, one, words)

    return await cleared_again(copies, file, district, lacking, scratch, clear)
