"""Erase a person from the register: out of every text of it first, then the rows that are his."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import to_us
from yanxiu_footing.persons.clear_texts import Search, changes_of, find_rows, put_changes
from yanxiu_footing.persons.held import Whose
from yanxiu_wire.erasure import Erasure

from yanxiu_registry.erasing.announce_begun import forget_salt
from yanxiu_registry.erasing.erase_rows import erase_rows
from yanxiu_registry.erasing.words import words_to_clear
from yanxiu_registry.personal import PERSONAL
from yanxiu_registry.personal_texts import TEXTS
from yanxiu_registry.store.dated import Stamp
from yanxiu_registry.tables import METADATA


async def erase_whole(conn: AsyncConnection, district: str, one: Erasure, stamp: Stamp) -> dict[str, int]:
    """Clear all in one transaction; returns how many rows of each table were changed.

    It is sought in the transaction too, although others wait: what they wrote since an earlier look would keep the
    name for ever, for afterwards nobody knows it any more.
    """
    search = await _search(conn, district, one)
    found = await find_rows(conn, search)
    texts = await put_changes(conn, search.whose, one.id, await changes_of(conn, search, found), to_us(stamp.at))
    await forget_salt(conn, district, one.id)
    rows = await erase_rows(conn, district, one.teacher, stamp)
    return {name: texts.get(name, 0) + rows.get(name, 0) for name in sorted({*texts, *rows})}


async def _search(conn: AsyncConnection, district: str, one: Erasure) -> Search:
    return Search.of(METADATA, TEXTS, PERSONAL, Whose(district, one.teacher), await words_to_clear(conn, district, one))
