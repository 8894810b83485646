"""What one plan holds."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rotation_plan import GetPlanContents, PlanContents

from yanxiu_visits.planning import refusals
from yanxiu_visits.planning.plan_store import read_contents
from yanxiu_visits.service import Service


async def get_plan_contents(
    service: Service, district: str, query: GetPlanContents, _deadline: Deadline
) -> PlanContents | Refused:
    """Return the additions, the placings, the score and the proof."""
    async with service.databases.read(district) as conn:
        found = await read_contents(conn, district, query.plan)
    return refusals.plan_unknown(query.plan) if found is None else found
