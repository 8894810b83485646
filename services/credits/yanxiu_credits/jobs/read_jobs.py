"""Jobs as they stand: their rows, how fast they go, and why parts failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import from_us, to_us
from yanxiu_wire.codec import decode
from yanxiu_wire.jobs import Job, JobProblem
from yanxiu_wire.refusal import RefusalItem

from yanxiu_credits.jobs.tables import job, job_part

_SECOND = 1_000_000
_MINUTE = 60
# Reasons shown with a job; when hundreds of parts fail, the first ones tell why.
_MOST_PROBLEMS = 20


async def read_jobs(conn: AsyncConnection, district: str, ids: Sequence[str], now: datetime) -> dict[str, Job]:
    """Return the jobs among `ids`, by id, in three statements."""
    if not ids:
        return {}
    rows = await conn.execute(sa.select(job).where(job.c.district == district, job.c.id.in_(list(ids))))
    return {one.id: one for one in await views(conn, district, list(rows), now)}


async def page_jobs(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int, after: tuple[int, str] | None
) -> tuple[list[Any], int]:
    """Return at most `first` rows of jobs after the cursor, newest first, and how many match in all."""
    total = await conn.scalar(sa.select(sa.func.count()).select_from(job).where(*where))
    beyond = [sa.tuple_(job.c.created_us, job.c.id) < sa.tuple_(*map(sa.literal, after))] if after else []
    rows = await conn.execute(
        sa.select(job).where(*where, *beyond).order_by(job.c.created_us.desc(), job.c.id.desc()).limit(first)
    )
    return list(rows), int(total or 0)


async def views(conn: AsyncConnection, district: str, rows: Sequence[Any], now: datetime) -> list[Job]:
    """Return rows as they travel, with how many replicas worked on each and why parts failed."""
    ids = [row.id for row in rows]
    of_these = sa.and_(job_part.c.district == district, job_part.c.job.in_(ids))
    workers = sa.select(job_part.c.job, sa.func.count(job_part.c.worker.distinct())).where(of_these)
    replicas = {one: int(count) for one, count in await conn.execute(workers.group_by(job_part.c.job))}
    failed = await conn.execute(
        sa.select(job_part.c.job, job_part.c.no, job_part.c.tries, job_part.c.problem)
        .where(of_these, job_part.c.state == "failed")
        .order_by(job_part.c.job, job_part.c.no)
    )
    problems: dict[str, list[Any]] = {}
    for row in failed:
        problems.setdefault(row.job, []).append(row)
    return [view(row, replicas.get(row.id, 0), problems.get(row.id, ()), now) for row in rows]


def view(row: Any, replicas: int, problems: Iterable[Any], now: datetime) -> Job:
    """Return a row as it travels; the speed is that from the first part's beginning to now, or to the end."""
    until = row.ended_us if row.ended_us is not None else to_us(now)
    spent = until - row.started_us if row.started_us is not None else 0
    left = row.total - row.done - row.failed
    known = row.done > 0 and spent > 0
    running = row.state == "running"
    return Job(
        id=row.id,
        kind=row.kind,
        state=row.state,
        total=row.total,
        done=row.done,
        failed=row.failed,
        asked_by=row.asked_by,
        created_at=from_us(row.created_us),
        started_at=from_us(row.started_us) if row.started_us is not None else None,
        ended_at=from_us(row.ended_us) if row.ended_us is not None else None,
        per_minute=_rate(row.done, spent) if known else None,
        seconds_left=-(-left * spent // (row.done * _SECOND)) if known and running else None,
        replicas=replicas,
        about=msgspec.json.decode(row.about),
        result=msgspec.json.decode(row.result) if row.result is not None else None,
        problems=tuple(
            JobProblem(part=one.no, tries=one.tries, reason=decode(RefusalItem, one.problem.encode()))
            for one in list(problems)[:_MOST_PROBLEMS]
        ),
    )


def _rate(done: int, spent_us: int) -> Decimal:
    """Return parts per minute, to a tenth."""
    return (Decimal(done * _MINUTE * _SECOND) / spent_us).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
