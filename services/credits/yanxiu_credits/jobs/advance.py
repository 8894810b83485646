"""Count a part into its job: release the last part when the others are done, end the job when all are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce
from yanxiu_footing.clock import to_us
from yanxiu_footing.stored import canonical
from yanxiu_wire.jobs import JOB_PROGRESSED, JobProgressed

from yanxiu_credits.jobs.tables import job, job_part
from yanxiu_credits.service import Service

_HUNDRED = 100


async def begun(conn: AsyncConnection, service: Service, district: str, job_id: str) -> None:
    """Note when the first part of a job was begun."""
    first = sa.and_(job.c.district == district, job.c.id == job_id, job.c.started_us.is_(None))
    await conn.execute(sa.update(job).where(first).values(started_us=to_us(service.clock.now())))


async def advance(
    conn: AsyncConnection,
    service: Service,
    district: str,
    job_id: str,
    *,
    done: int = 0,
    failed: int = 0,
    result: Mapping[str, Any] | None = None,
) -> None:
    """Count a part that is done or failed, in its own transaction; `result` is the job's when the part was the last.

    The job's row is what two replicas that end parts at the same moment wait for one another at.
    """
    mine = sa.and_(job.c.district == district, job.c.id == job_id)
    counted = (
        sa.update(job)
        .where(mine)
        .values(done=job.c.done + done, failed=job.c.failed + failed)
        .returning(job.c.kind, job.c.state, job.c.total, job.c.done, job.c.failed)
    )
    row = (await conn.execute(counted)).one()
    left = row.total - row.done - row.failed
    if left:
        # There is room in the stream for the next of its parts.
        service.entered.note(district)
    if left == 1 and await _last_part(conn, district, job_id, wanted=row.failed == 0):
        # A part failed: the last one, which would draw the conclusion from all, is not begun.
        left = 0
    state = row.state
    if left == 0 and state == "running":
        state = "failed" if row.failed else "done"
        ended = {"state": state, "ended_us": to_us(service.clock.now())}
        await conn.execute(sa.update(job).where(mine).values(**ended, result=canonical(result) if result else None))
    before = row.done + row.failed - done - failed
    if state != row.state or _percent(before, row.total) != _percent(row.done + row.failed, row.total):
        told = JobProgressed(job=job_id, kind=row.kind, state=state, total=row.total, done=row.done, failed=row.failed)
        await announce(conn, JOB_PROGRESSED, district, told)


async def _last_part(conn: AsyncConnection, district: str, job_id: str, *, wanted: bool) -> bool:
    """Release the part that is held back, or give it up; returns whether one was given up."""
    held = sa.and_(job_part.c.district == district, job_part.c.job == job_id, job_part.c.state == "held")
    moved = await conn.execute(sa.update(job_part).where(held).values(state="waiting" if wanted else "cancelled"))
    return moved.rowcount == 1 and not wanted


def _percent(of: int, total: int) -> int:
    return of * _HUNDRED // total
