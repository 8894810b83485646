"""Columns from sealed years where they still hold, and from the ledger where they do not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.databases import Databases
from yanxiu_footing.stored import thaw
from yanxiu_rulekit.columns import LineBuilder, LineColumns, Seal, SegmentBroken, joined, load_segment, save_segment

from yanxiu_credits.prefecture.read_columns import (
    Known,
    Progress,
    read_lines_in,
    read_people_in,
    twelve_months,
    untold,
)
from yanxiu_credits.store.ledger import hash_at, read_head
from yanxiu_credits.tables import ledger


async def sealed_columns(
    databases: Databases,
    district: str,
    start: date,
    end: date,
    *,
    folder: Path,
    today: date,
    progress: Progress = untold,
    known: Known | None = None,
) -> LineColumns:
    """Return what `read_columns` returns, a part for each twelve months from `start` on.

    Twelve months that are over before `today` are kept under `folder` in a file of the district, sealed with the
    ledger's head. A file is used as long as the ledger still has that head at that place and no later entry falls into
    its days; else, and where it is broken, the ledger is read and the file replaced. Raises `DistrictUnknown`.
    """
    async with databases.read(district) as conn:
        people = await read_people_in(conn, district, known)
        kept: dict[tuple[date, date], LineColumns] = {}
        missing: dict[tuple[date, date], Path | None] = {}
        for first, last in twelve_months(start, end):
            path = folder / district / f"{first}_{last}.npz" if last < today else None
            piece = await _kept(conn, district, path, first, last) if path is not None else None
            if piece is None:
                missing[first, last] = path
            else:
                kept[first, last] = piece
        kept |= await _read_again(conn, district, missing, progress)
    columns = joined([LineBuilder(people, read=thaw).columns(), *(kept[stretch] for stretch in sorted(kept))])
    return columns.knowing({one: facts for one, facts in people.items() if facts is not None})


async def _read_again(
    conn: AsyncConnection,
    district: str,
    missing: Mapping[tuple[date, date], Path | None],
    progress: Progress,
) -> dict[tuple[date, date], LineColumns]:
    """Read the ledger once for the years of which no file holds, and keep those that have a place."""
    if not missing:
        return {}
    seq, head = await read_head(conn, district)
    columns = await read_lines_in(conn, district, list(missing), progress=progress)
    found = {}
    for (first, last), path in missing.items():
        found[first, last] = piece = columns.between(first, last)
        if path is not None:
            seal = Seal(district=district, start=first, end=last, seq=seq, head=head)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            await asyncio.to_thread(save_segment, path, piece, seal)
    return found


async def _kept(conn: AsyncConnection, district: str, path: Path, first: date, last: date) -> LineColumns | None:
    try:
        columns, seal = await asyncio.to_thread(load_segment, path, read=thaw)
    except (FileNotFoundError, SegmentBroken):
        return None
    if (seal.district, seal.start, seal.end) != (district, first, last):
        return None
    if await hash_at(conn, district, seal.seq) != seal.head:
        return None
    later = await conn.scalar(
        sa.select(ledger.c.seq)
        .where(ledger.c.district == district, ledger.c.seq > seal.seq, ledger.c.on >= first, ledger.c.on <= last)
        .limit(1)
    )
    return columns if later is None else None
