"""Columns from sealed years where they still hold, and from the ledger where they do not."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.databases import Databases
from yanxiu_rulekit.columns import LineBuilder, LineColumns, Seal, SegmentBroken, joined, load_segment, save_segment

from yanxiu_credits.prefecture.read_columns import Known, Progress, read_lines_in, read_people_in, untold
from yanxiu_credits.store.ledger import hash_at, read_head
from yanxiu_credits.stored import thaw
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
        pieces = [LineBuilder(people, read=thaw).columns()]
        for first, last in twelve_months(start, end):
            path = folder / district / f"{first}_{last}.npz" if last < today else None
            pieces.append(await _piece(conn, district, first, last, path, progress))
    columns = joined(pieces)
    return columns.knowing({one: facts for one, facts in people.items() if facts is not None})


def twelve_months(start: date, end: date) -> list[tuple[date, date]]:
    """Return a stretch of days cut into years from its first day on."""
    pieces = []
    while start <= end:
        # A leap day's year ends on 27 February, so that every stretch has its own days and no year is left out.
        day = min(start.day, 28) if start.month == 2 else start.day
        last = min(start.replace(year=start.year + 1, day=day) - timedelta(days=1), end)
        pieces.append((start, last))
        start = last + timedelta(days=1)
    return pieces


async def _piece(
    conn: AsyncConnection, district: str, first: date, last: date, path: Path | None, progress: Progress
) -> LineColumns:
    if path is None:
        return await read_lines_in(conn, district, first, last, progress=progress)
    kept = await _kept(conn, district, path, first, last)
    if kept is not None:
        return kept
    seq, head = await read_head(conn, district)
    columns = await read_lines_in(conn, district, first, last, progress=progress)
    seal = Seal(district=district, start=first, end=last, seq=seq, head=head)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    await asyncio.to_thread(save_segment, path, columns, seal)
    return columns


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
