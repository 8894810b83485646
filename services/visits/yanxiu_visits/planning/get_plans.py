"""Plans by id."""

from __future__ import annotations

from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rotation_plan import GetRotationPlans, RotationPlans

from yanxiu_visits.planning.plan_store import read_plans
from yanxiu_visits.service import Service


async def get_plans(
    service: Service, district: str, query: GetRotationPlans, _deadline: Deadline
) -> RotationPlans | Refused:
    """Return plans in the order asked for, None where unknown."""
    refused = few_enough("ids", query.ids)
    if refused is not None:
        return refused
    async with service.databases.read(district) as conn:
        found = await read_plans(conn, district, query.ids)
    return RotationPlans(items=tuple(found.get(one) for one in query.ids))
