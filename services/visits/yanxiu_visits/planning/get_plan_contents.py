"""What plans hold."""

from __future__ import annotations

from yanxiu_footing.fitting import fitting
from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rotation_plan import ContentsOfPlans, GetContentsOfPlans, GetPlanContents, PlanContents

from yanxiu_visits.planning import refusals
from yanxiu_visits.planning.plan_store import contents_of, read_contents
from yanxiu_visits.service import Service


async def get_plan_contents(
    service: Service, district: str, query: GetPlanContents, _deadline: Deadline
) -> PlanContents | Refused:
    """Return the additions, the placings, the score and the proof."""
    async with service.databases.read(district) as conn:
        found = await read_contents(conn, district, query.plan)
    return refusals.plan_unknown(query.plan) if found is None else found


async def get_contents_of_plans(
    service: Service, district: str, query: GetContentsOfPlans, _deadline: Deadline
) -> ContentsOfPlans | Refused:
    """Return the same of several plans, as many as fit; PLAN_UNKNOWN stands for an unknown one."""
    refused = few_enough("plans", query.plans)
    if refused is not None:
        return refused
    async with service.databases.read(district) as conn:
        found = await contents_of(conn, district, query.plans)
    return ContentsOfPlans(items=fitting([found.get(one) or refusals.plan_unknown(one) for one in query.plans]))
