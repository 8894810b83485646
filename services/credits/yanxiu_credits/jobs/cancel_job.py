"""Give up what of a job nobody has done yet."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.jobs import JOB_PROGRESSED, CancelJob, Job, JobProgressed
from yanxiu_wire.refusal import Refused

from yanxiu_credits.jobs import refuse
from yanxiu_credits.jobs.read_jobs import read_jobs
from yanxiu_credits.jobs.tables import job, job_part
from yanxiu_credits.service import Service


async def cancel_job(service: Service, district: str, command: CancelJob, deadline: Deadline) -> Job | Refused:
    """Cancel a running job: parts that are done stay done, one that is in hand at this moment is not committed.

    Refuses with JOB_UNKNOWN, or JOB_ENDED for one that is not running any more, and JOB_NOT_CANCELLABLE for an
    adoption, half of which would leave the district under two laws.
    """

    async def work(conn: AsyncConnection) -> Job | Refused:
        found = (await read_jobs(conn, district, [command.job], service.clock.now())).get(command.job)
        if found is None:
            return refuse.job_unknown(command.job)
        if found.state != "running":
            return refuse.job_ended(command.job, found.state)
        if found.kind in WHOLE_OR_NOT_AT_ALL:
            return refuse.job_not_cancellable(command.job, found.kind)
        mine = sa.and_(job.c.district == district, job.c.id == command.job)
        # The job's row first, as everybody who ends a part does not: those wait at their part's row for us.
        parts = sa.and_(job_part.c.district == district, job_part.c.job == command.job)
        open_still = job_part.c.state.in_(["waiting", "held"])
        await conn.execute(sa.update(job_part).where(parts, open_still).values(state="cancelled"))
        await conn.execute(sa.update(job).where(mine).values(state="cancelled", ended_us=to_us(service.clock.now())))
        # Its parts leave the stream; those of the district's next job come in.
        service.entered.note(district)
        await announce(
            conn,
            JOB_PROGRESSED,
            district,
            JobProgressed(
                job=found.id,
                kind=found.kind,
                state="cancelled",
                total=found.total,
                done=found.done,
                failed=found.failed,
            ),
        )
        return (await read_jobs(conn, district, [command.job], service.clock.now()))[command.job]

    return await once(service.databases, district, command, Job, deadline, work)


WHOLE_OR_NOT_AT_ALL = frozenset({"adopt"})
