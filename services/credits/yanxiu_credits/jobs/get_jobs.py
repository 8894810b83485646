"""Jobs by id."""

from __future__ import annotations

from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.jobs import GetJobs, Jobs
from yanxiu_wire.refusal import Refused

from yanxiu_credits.jobs.read_jobs import read_jobs
from yanxiu_credits.service import Service


async def get_jobs(service: Service, district: str, query: GetJobs, _deadline: Deadline) -> Jobs | Refused:
    """Return jobs in the order asked for, None where unknown."""
    too_many = few_enough("ids", query.ids)
    if too_many is not None:
        return too_many
    async with service.databases.read(district) as conn:
        found = await read_jobs(conn, district, query.ids, service.clock.now())
    return Jobs(items=tuple(found.get(one) for one in query.ids))
