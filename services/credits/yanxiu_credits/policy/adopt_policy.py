"""Adopt what was previewed: only while the data are those that the preview saw, and the law in force is the draft."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import read_district
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.policy import AdoptPolicy, Preview
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.refusals import reason_needed
from yanxiu_credits.jobs.enqueue import enqueue
from yanxiu_credits.jobs.tables import job
from yanxiu_credits.policy import refuse
from yanxiu_credits.policy.draft import law_of
from yanxiu_credits.policy.read_previews import read_previews, read_row
from yanxiu_credits.policy.snapshot import fingerprint
from yanxiu_credits.policy.tables import preview, preview_line
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import read_head

KIND = "adopt"
# Teachers of one part: it holds the district's write lock while it writes.
_TOGETHER = 25


async def adopt_policy(service: Service, district: str, command: AdoptPolicy, deadline: Deadline) -> Preview | Refused:
    """Enter the job that decides again; each part writes what the preview said, or nothing and fails.

    Where an earlier adoption of this preview failed in part, the rest is done. Refuses with REASON_MISSING,
    PREVIEW_UNKNOWN, PREVIEW_NOT_READY, PREVIEW_ADOPTED, POLICY_NOT_RELEASED, PREVIEW_STALE or POLICY_NOT_BOUND.
    """

    async def work(conn: AsyncConnection) -> Preview | Refused:
        row = await read_row(conn, district, command.preview)
        refused = reason_needed(command.reason) or await _refused(service, conn, district, command.preview, row)
        if refused is not None:
            return refused
        by = msgspec.to_builtins(command.caller)
        parts = await _parts(conn, district, row.id)
        adoption = await enqueue(
            conn,
            service,
            district,
            KIND,
            [{"preview": row.id, "teachers": own, "reason": command.reason, "by": by} for own in parts],
            command.caller,
            last={"preview": row.id},
            about={"preview": row.id, "period": row.label},
        )
        mine = sa.and_(preview.c.district == district, preview.c.id == row.id)
        await conn.execute(sa.update(preview).where(mine).values(state="adopting", adoption=adoption))
        return (await read_previews(conn, district, [row.id]))[row.id]

    return await once(service.databases, district, command, Preview, deadline, work)


async def _refused(service: Service, conn: AsyncConnection, district: str, asked: str, row: Any) -> Refused | None:
    if row is None:
        return refuse.preview_unknown(asked)
    if row.state == "adopted":
        return refuse.preview_adopted(row.id)
    again = row.state == "adopting" and await _failed(conn, district, row.adoption)
    if row.state != "ready" and not again:
        return refuse.preview_not_ready(row.id, row.state)
    if msgspec.json.decode(row.draft)["values"]:
        return refuse.not_released(row.id)
    head = await read_head(conn, district)
    moved = head != (row.head_seq, row.head_hash) or await fingerprint(conn, district) != row.facts
    # What an adoption that failed in part has done already moved the ledger; each part looks for itself then.
    if moved and not again:
        return refuse.preview_stale(row.id, row.head_seq, head[0])
    known = await read_district(conn, district)
    wanted = msgspec.json.decode(row.law)["bindings"]
    found = law_of(service.laws, known, row.since)["bindings"] if known is not None else []
    if wanted != found:
        return refuse.not_bound(*_first_difference(wanted, found))
    return None


def _first_difference(wanted: list[Any], found: list[Any]) -> tuple[Any, Any]:
    for place, one in enumerate(wanted):
        there = found[place] if place < len(found) else None
        if one != there:
            return one, there
    return wanted[-1], found[len(wanted)]


async def _failed(conn: AsyncConnection, district: str, adoption: str) -> bool:
    state = await conn.scalar(sa.select(job.c.state).where(job.c.district == district, job.c.id == adoption))
    return state == "failed"


async def _parts(conn: AsyncConnection, district: str, preview_id: str) -> list[list[str]]:
    """Return the teachers whose line no adoption has come to yet, by school, a few together."""
    line = preview_line.c
    rows = await conn.execute(
        sa.select(line.school, line.teacher)
        .where(line.district == district, line.preview == preview_id, line.matched.is_(None))
        .order_by(line.school, line.teacher)
    )
    parts: list[list[str]] = []
    for _, own in groupby(rows, key=lambda row: row.school):
        teachers = [row.teacher for row in own]
        parts += [teachers[start : start + _TOGETHER] for start in range(0, len(teachers), _TOGETHER)]
    return parts
