"""Start a job that needs nothing but the district."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.jobs import Job, StartJob
from yanxiu_wire.refusal import Refused

from yanxiu_credits.jobs import rebuild_standings, refuse, verify
from yanxiu_credits.jobs.enqueue import enqueue
from yanxiu_credits.jobs.read_jobs import read_jobs
from yanxiu_credits.replay import replay_decisions
from yanxiu_credits.sealing import seal_years
from yanxiu_credits.service import Service

Plan = Callable[[Service, AsyncConnection, str], Awaitable[tuple[list[dict[str, Any]], dict[str, Any]]]]

STARTABLE: Mapping[str, Plan] = {
    verify.KIND: verify.plan_verify,
    rebuild_standings.KIND: rebuild_standings.plan_rebuild,
    seal_years.KIND: seal_years.plan_seal,
    replay_decisions.KIND: replay_decisions.plan_replay,
}


async def start_job(service: Service, district: str, command: StartJob, deadline: Deadline) -> Job | Refused:
    """Cut the work into parts and enter them; the answer is the job as it begins. Refuses with JOB_KIND_UNKNOWN."""
    plan = STARTABLE.get(command.kind)
    if plan is None:
        return refuse.job_kind_unknown(command.kind, STARTABLE)

    async def work(conn: AsyncConnection) -> Job:
        parts, last = await plan(service, conn, district)
        job_id = await enqueue(conn, service, district, command.kind, parts, command.caller, last=last)
        return (await read_jobs(conn, district, [job_id], service.clock.now()))[job_id]

    return await once(service.databases, district, command, Job, deadline, work)
