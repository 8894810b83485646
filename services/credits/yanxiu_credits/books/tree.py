"""The tree over the ledger as it is stored: every eighth level, grown when a head is signed, read for proofs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire import merkle

from yanxiu_credits.books.tables import tree_node
from yanxiu_credits.tables import ledger

# A stored node stands for 256 of the level below: a 255th of the ledger's rows, and a proof reads 256 at a time.
STEP = 8
TILE = 1 << STEP
LEVELS = (8, 16, 24)

_LEAVES = (
    sa.select(ledger.c.seq, ledger.c.hash)
    .where(
        ledger.c.district == sa.bindparam("of"),
        ledger.c.seq > sa.bindparam("start"),
        ledger.c.seq <= sa.bindparam("end"),
    )
    .order_by(ledger.c.seq)
)
_NODES = (
    sa.select(tree_node.c.at, tree_node.c.hash)
    .where(
        tree_node.c.district == sa.bindparam("of"),
        tree_node.c.level == sa.bindparam("level"),
        tree_node.c.at >= sa.bindparam("start"),
        tree_node.c.at < sa.bindparam("end"),
    )
    .order_by(tree_node.c.at)
)
_STORED = sa.select(sa.func.max(tree_node.c.at)).where(
    tree_node.c.district == sa.bindparam("of"), tree_node.c.level == sa.bindparam("level")
)
_ADD = sa.insert(tree_node)


async def grow(conn: AsyncConnection, district: str, size: int, *, most: int | None = None) -> bool:
    """Store the complete subtrees of the first `size` entries that are not stored yet, at most so many; True when done.

    The caller's transaction holds the write lock. What is stored is never computed again.
    """
    left = most
    for level in LEVELS:
        stored = await conn.scalar(_STORED, {"of": district, "level": level})
        first, end = (0 if stored is None else stored + 1), size >> level
        if left is not None and end - first > left:
            await _add(conn, district, level, first, first + left)
            return False
        await _add(conn, district, level, first, end)
        left = left - max(end - first, 0) if left is not None else None
    return True


async def _add(conn: AsyncConnection, district: str, level: int, first: int, end: int) -> None:
    if first >= end:
        return
    below = await _below(conn, district, level - STEP, first << STEP, end << STEP)
    rows = [
        {
            "district": district,
            "level": level,
            "at": at,
            "hash": merkle.root(below[(at - first) << STEP : (at - first + 1) << STEP]).hex(),
        }
        for at in range(first, end)
    ]
    await conn.execute(_ADD, rows)


async def _below(conn: AsyncConnection, district: str, level: int, start: int, end: int) -> list[bytes]:
    found = [value for _, value in await _read(conn, district, level, start, end)]
    if len(found) != end - start:
        raise merkle.NodeMissing(level, start + len(found))
    return found


async def _read(conn: AsyncConnection, district: str, level: int, start: int, end: int) -> list[tuple[int, bytes]]:
    """Return the hashes of a level from `start` up to `end`, each with its place; level 0 comes from the ledger."""
    asked = {"of": district, "start": start, "end": end}
    if level == 0:
        leaves = await conn.execute(_LEAVES, asked)
        return [(row.seq - 1, merkle.leaf(bytes.fromhex(row.hash))) for row in leaves]
    nodes = await conn.execute(_NODES, {**asked, "level": level})
    return [(row.at, bytes.fromhex(row.hash)) for row in nodes]


async def read_known(conn: AsyncConnection, district: str, size: int, places: Iterable[int] = ()) -> merkle.Known:
    """Return what is needed of the tree of `size` entries for its root and for proofs at these places (from 0).

    A tile of 256 for each level and place, and the right edge; the tree must have been grown to `size`.
    """
    known: dict[tuple[int, int], bytes] = {}
    wanted = sorted(set(places))
    for level in (0, *LEVELS):
        for start, end in _ranges(level, size, wanted):
            for at, value in await _read(conn, district, level, start, end):
                known[level, at] = value
    return lambda level, at: known.get((level, at))


def _ranges(level: int, size: int, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give the stretches of a level that are needed: the tile of every place, and what no stored node covers."""
    complete = size >> level
    tiles = {place >> level >> STEP for place in places}
    tiles.add(complete >> STEP)
    if level == LEVELS[-1]:
        tiles.update(range(complete >> STEP))
    for tile in sorted(tiles):
        start, end = tile << STEP, min((tile + 1) << STEP, complete)
        if start < end:
            yield start, end


async def read_root(conn: AsyncConnection, district: str, size: int) -> str:
    """Return the root (hex) of the first `size` entries."""
    known = await read_known(conn, district, size)
    return merkle.hash_of(known, 0, size).hex() if size else merkle.EMPTY.hex()


async def read_stored(conn: AsyncConnection, district: str, level: int, start: int, end: int) -> dict[int, str]:
    """Return the stored nodes of a level as they stand, by place."""
    found: Any = await conn.execute(_NODES, {"of": district, "level": level, "start": start, "end": end})
    return {row.at: row.hash for row in found}
