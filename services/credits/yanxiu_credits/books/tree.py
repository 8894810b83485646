"""The tree over the ledger as it is stored: every eighth level, grown when a head is signed, read for proofs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire import merkle

from yanxiu_credits.books.tables import tree_node
from yanxiu_credits.tables import ledger

# A stored node stands for 256 of the level below: a 255th of the ledger's rows, and a proof reads 256 at a time.
STEP = 8
TILE = 1 << STEP
LEVELS = (8, 16, 24)
# Nodes that are worked out and stored together: 256 entries each, hashed on the event loop.
AT_A_TIME = 32

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


class Node(NamedTuple):
    """A complete subtree: its level, its place there from 0, and its root (hex)."""

    level: int
    at: int
    hash: str


async def next_nodes(conn: AsyncConnection, district: str, size: int) -> Sequence[Node]:
    """Work out the next complete subtrees of the first `size` entries that are not stored yet; none when all are.

    At most `AT_A_TIME`, all of one level. A transaction that reads is enough: what they stand on never changes.
    """
    for level in LEVELS:
        first = await _first_missing(conn, district, level)
        end = min(size >> level, first + AT_A_TIME)
        if first < end:
            below = await _below(conn, district, level - STEP, first << STEP, end << STEP)
            tiles = (below[start : start + TILE] for start in range(0, len(below), TILE))
            return [Node(level, at, merkle.root(tile).hex()) for at, tile in enumerate(tiles, start=first)]
    return ()


async def keep_nodes(conn: AsyncConnection, district: str, nodes: Sequence[Node]) -> None:
    """Store subtrees of one level, save those that another process has stored since they were worked out."""
    first = await _first_missing(conn, district, nodes[0].level)
    rows = [{"district": district, **node._asdict()} for node in nodes if node.at >= first]
    if rows:
        await conn.execute(_ADD, rows)


async def catch_up(conn: AsyncConnection, district: str, size: int) -> bool:
    """Store the little that is still missing of the first `size` entries' tree; False when it is more than a little."""
    for _ in LEVELS:
        nodes = await next_nodes(conn, district, size)
        if not nodes:
            return True
        await keep_nodes(conn, district, nodes)
    return not await next_nodes(conn, district, size)


async def _first_missing(conn: AsyncConnection, district: str, level: int) -> int:
    stored = await conn.scalar(_STORED, {"of": district, "level": level})
    return 0 if stored is None else stored + 1


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
