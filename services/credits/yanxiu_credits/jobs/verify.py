"""The job `verify`: chain, records and signed heads of a district, cut into parts that replicas check at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import to_us

from yanxiu_credits.books.against_heads import first_against_heads
from yanxiu_credits.jobs.tables import job_part
from yanxiu_credits.jobs.work import Work
from yanxiu_credits.ledger import Broken, Chain, first_false, missing_after, other_head
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import hash_at, read_books, read_chain, read_head
from yanxiu_credits.store.ledger_state import close_ledger
from yanxiu_credits.tables import record

KIND = "verify"
# Entries, or records, of one part: a few seconds of work.
_STRETCH = 20_000
_ROWS = 500

Part = Mapping[str, Any]


async def plan_verify(
    _service: Service, conn: AsyncConnection, district: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the parts of the job and its last one: stretches of the chain and of records, the heads; the last hash.

    The signed heads are one part, over the hashes alone: each speaks of all entries before it.
    """
    head_seq, head_hash = await read_head(conn, district)
    parts: list[dict[str, Any]] = [
        {"after": after, "until": min(after + _STRETCH, head_seq)} for after in range(0, head_seq, _STRETCH)
    ]
    place = sa.func.row_number().over(order_by=record.c.id)
    numbered = sa.select(record.c.id, place.label("place")).where(record.c.district == district).subquery()
    borders = sa.select(numbered.c.id).where(numbered.c.place % _STRETCH == 0).order_by(numbered.c.id)
    last = ""
    for border in [*(await conn.execute(borders)).scalars(), None]:
        parts.append({"records_after": last, "records_until": border})
        last = border or ""
    parts.append({"heads": True})
    return parts, {"seq": head_seq, "hash": head_hash}


async def check_stretch(service: Service, district: str, part: Part) -> Broken | None:
    """Return the first entry or record of the part that does not fit, or the first that was signed as another."""
    if "heads" in part:
        return await first_against_heads(service, district)
    if "until" in part:
        return await _check_entries(service, district, part["after"], part["until"])
    return await _check_records(service, district, part["records_after"], part["records_until"])


async def _check_entries(service: Service, district: str, after: int, until: int) -> Broken | None:
    async with service.databases.read(district) as conn:
        chain = Chain(after=after, head=await hash_at(conn, district, after) or "")
    while chain.seq < until:
        most = min(_ROWS, until - chain.seq)
        async with service.databases.read(district) as conn:
            rows = await read_chain(conn, district, after=chain.seq, most=most, keys=service.signer.keys)
        # Hashing in a thread: other requests are answered meanwhile.
        if not await asyncio.to_thread(chain.take, rows):
            return chain.broken
        if len(rows) < most and chain.seq < until:
            return missing_after(chain.seq, until)
    return None


async def _check_records(service: Service, district: str, after: str, until: str | None) -> Broken | None:
    while True:
        async with service.databases.read(district) as conn:
            books = await read_books(conn, district, after=after, most=_ROWS, keys=service.signer.keys)
        mine = [one for one in books if until is None or one.record <= until]
        broken = await asyncio.to_thread(first_false, mine)
        if broken is not None or len(books) < _ROWS or len(mine) < len(books):
            return broken
        after = books[-1].record


async def close_if_broken(
    service: Service, district: str, _part: Part, conn: AsyncConnection, broken: Broken | None
) -> dict[str, Any]:
    """Close the district's ledger where it does not hold, for every process; returns what was found."""
    if broken is None:
        return {"first_bad": None}
    now_us = to_us(service.clock.now())
    await close_ledger(conn, district, first_bad=broken.seq, reason=broken.problem, now_us=now_us)
    return {"first_bad": broken.seq, "problem": broken.problem}


async def conclude(service: Service, district: str, part: Part, conn: AsyncConnection) -> dict[str, Any]:
    """Compare the head kept apart with its row, and return the first place that does not fit."""
    job = sa.select(job_part.c.result).where(
        job_part.c.district == district, job_part.c.job == part["job"], job_part.c.result.is_not(None)
    )
    found = [msgspec.json.decode(one) for one in (await conn.execute(job)).scalars()]
    if await hash_at(conn, district, part["seq"]) != part["hash"]:
        found.append(await close_if_broken(service, district, part, conn, other_head(part["seq"])))
    bad = [one for one in found if one["first_bad"] is not None]
    first = min(bad, key=lambda one: one["first_bad"], default={"first_bad": None, "problem": None})
    return {"entries": part["seq"], "head": part["hash"], **first}


WORKS = {KIND: Work(gather=check_stretch, write=close_if_broken), f"{KIND}-end": Work(write=conclude)}
