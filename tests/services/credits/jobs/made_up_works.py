"""Kinds of job made up for tests: each part writes entries of its own, and some parts misbehave."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_credits import refusals
from yanxiu_credits.books.kinds import REGISTRATION
from yanxiu_credits.books.post import Draft, post
from yanxiu_credits.jobs.work import Work
from yanxiu_credits.service import Service
from yanxiu_credits.tables import ledger

ENTRIES = 3


def draft(part: Mapping[str, Any], number: int) -> Draft:
    return Draft(
        teacher=f"t-{part['no']}", record=f"r-{part['no']}-{number}", activity=f"a-{number}", kind=REGISTRATION,
        generation=1, on=date(2024, 5, 1), micro_hours=1_000_000, micro_credits=2_000_000, hours_unit="学时",
        credits_unit="学分", pack="made-up", version="1", evidence="none", recorded_us=1,
    )  # fmt: skip


async def post_entries(
    _service: Service, district: str, part: Mapping[str, Any], conn: AsyncConnection
) -> dict[str, Any]:
    """Write three entries; a part that is held in its transaction says so with a file, and stays there."""
    await post(conn, district, [draft(part, number) for number in range(ENTRIES)])
    await held(part, "write")
    return {"entries": ENTRIES}


async def count_entries(_service: Service, district: str, _part: Any, conn: AsyncConnection) -> dict[str, Any]:
    counted = sa.select(sa.func.count()).select_from(ledger).where(ledger.c.district == district)
    return {"entries": int(await conn.scalar(counted) or 0)}


def gate_of(part: Mapping[str, Any], where: str) -> Path | None:
    """The file by which a test holds a process: it says whose part stays in hand, before or in its transaction."""
    gate = Path(part.get("gate", "")) / where
    return gate if part.get("gate") and gate.exists() else None


def anothers(gate: Path | None) -> bool:
    """Whether the file names another process than this one; a file that was just taken names nobody."""
    try:
        return gate is not None and gate.read_text() != str(os.getpid())
    except FileNotFoundError:
        return False


async def until(holds: Callable[[], bool]) -> None:
    """Ask again until it holds: a file that another process makes or takes away tells nobody."""
    while True:
        if holds():
            return
        await asyncio.sleep(0.02)


async def held(part: Mapping[str, Any], where: str) -> None:
    """Stay while the test's file names this process, until the mark that was made of it is taken away."""
    gate = gate_of(part, where)
    if gate is None or anothers(gate):
        return
    mark = gate.rename(gate.with_suffix(".held"))
    await until(lambda: not mark.exists())


async def look_first(_service: Service, _district: str, part: Mapping[str, Any]) -> str:
    """Let the process that a file names come to hold its part before this one goes on with another."""
    await held(part, "gather")
    for where in ("gather", "write"):
        await until(lambda where=where: not anothers(gate_of(part, where)))
    return "seen"


async def post_what_was_seen(
    service: Service, district: str, part: Mapping[str, Any], conn: AsyncConnection, seen: str
) -> dict[str, Any]:
    assert seen == "seen"
    return await post_entries(service, district, part, conn)


async def poisoned(service: Service, district: str, part: Mapping[str, Any], conn: AsyncConnection) -> dict[str, Any]:
    """Write, then raise: the entries of such a part must never be seen."""
    found = await post_entries(service, district, part, conn)
    if part["no"] == part["bad"]:
        raise ValueError("a secret of the data")
    return found


async def refused(service: Service, district: str, part: Mapping[str, Any], conn: AsyncConnection) -> Any:
    await post_entries(service, district, part, conn)
    return refusals.teacher_unknown("t-9")


WORKS: Mapping[str, Work] = {
    "post": Work(write=post_what_was_seen, gather=look_first),
    "post-end": Work(write=count_entries),
    "poisoned": Work(write=poisoned),
    "poisoned-end": Work(write=count_entries),
    "refused": Work(write=refused),
}
