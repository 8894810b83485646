"""The job `seal`: keep the lines of each year that is over and locked for the whole district as columns in a file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.columns import Seal
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.books.locks import WHOLE_DISTRICT, in_force
from yanxiu_credits.books.tables import lock_event
from yanxiu_credits.jobs.work import Work
from yanxiu_credits.prefecture.read_columns import read_lines_in
from yanxiu_credits.sealing.kept_lines import holding
from yanxiu_credits.sealing.sealed_year import keep, keep_on
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import read_head
from yanxiu_credits.store.ledger_state import is_closed

KIND = "seal"
# What is judged is read in stretches of twelve months: a term is too short to be one, a cycle is made of several.
_SHORTEST, _LONGEST = timedelta(days=364), timedelta(days=365)

Part = Mapping[str, Any]


async def plan_seal(
    service: Service, conn: AsyncConnection, district: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return a part for each twelve months that are over and that a lock in force closes for the whole district."""
    today, its = service.clock.today(), lock_event.c
    found = await conn.execute(
        sa.select(its.starts_on, its.ends_on)
        .where(in_force(district, today), its.school == WHOLE_DISTRICT, its.ends_on < today)
        .distinct()
        .order_by(its.starts_on)
    )
    years = [(start, end) for start, end in found if _SHORTEST <= end - start <= _LONGEST]
    return [{"start": start.isoformat(), "end": end.isoformat()} for start, end in years], {}


async def seal_year(service: Service, district: str, part: Part) -> dict[str, Any] | Refused:
    """Write the year's file, or sign that the one that is there still holds; doing it twice leaves the same.

    The file is this replica's: where replicas share no disk, the others go on reading the ledger. Refuses with
    LEDGER_BROKEN.
    """
    start, end = date.fromisoformat(part["start"]), date.fromisoformat(part["end"])
    if service.sealed is None:
        return {"start": part["start"], "end": part["end"], "lines": 0}
    async with service.databases.read(district) as conn:
        if await is_closed(conn, district):
            return refusals.ledger_broken(district)
        seq, head = await read_head(conn, district)
        there = await holding(conn, service.sealed, service.signer, district, start, end)
        columns = there[0] if there else await read_lines_in(conn, district, [(start, end)])
    if there is not None:
        await asyncio.to_thread(keep_on, service.sealed, service.signer, there[1], seq=seq, head=head)
    else:
        seal = Seal(district=district, start=start, end=end, seq=seq, head=head)
        await asyncio.to_thread(keep, service.sealed, service.signer, seal, columns)
    return {"start": part["start"], "end": part["end"], "lines": len(columns)}


async def note(
    _service: Service, _district: str, _part: Part, _conn: AsyncConnection, sealed: dict[str, Any]
) -> dict[str, Any]:
    """Remember what was sealed; the files are written already."""
    return sealed


async def conclude(_service: Service, _district: str, part: Part, _conn: AsyncConnection) -> dict[str, Any]:
    """Say how many years there were: every part but this one."""
    return {"years": part["part"] - 1}


WORKS = {KIND: Work(gather=seal_year, write=note), f"{KIND}-end": Work(write=conclude)}
