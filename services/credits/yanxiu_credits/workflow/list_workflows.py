"""The workflows that the district's law orders."""

from __future__ import annotations

from yanxiu_footing.registry_facts import read_district
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import ListWorkflows, Workflows

from yanxiu_credits.service import Service
from yanxiu_credits.workflow.view import workflow_view


async def list_workflows(
    service: Service, district: str, query: ListWorkflows, _deadline: Deadline
) -> Workflows | Refused:
    """Return the workflows of the law in force on a day, in its order. Refuses with LAW_NOT_IN_FORCE, LAW_UNUSABLE."""
    async with service.databases.read(district) as conn:
        law = service.laws.bound(await read_district(conn, district), query.on or service.clock.today())
    if isinstance(law, Refused):
        return law
    return Workflows(items=tuple(workflow_view(one) for one in law.pack.workflows.values()))
