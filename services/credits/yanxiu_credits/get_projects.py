"""Projects by id."""

from __future__ import annotations

from yanxiu_footing.paging import few_enough
from yanxiu_wire.credits import GetProjects, Projects
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.service import Service
from yanxiu_credits.store.projects import read_projects


async def get_projects(service: Service, district: str, query: GetProjects, _deadline: Deadline) -> Projects | Refused:
    """Return the projects in the order asked for, None where unknown; a whole district sees its projects."""
    too_many = few_enough("ids", query.ids)
    if too_many is not None:
        return too_many
    async with service.databases.read(district) as conn:
        found = await read_projects(conn, district, query.ids)
    return Projects(items=tuple(found.get(one) for one in query.ids))
