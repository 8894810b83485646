"""Pages of plans, newest first."""

from __future__ import annotations

from yanxiu_footing.clock import to_us
from yanxiu_footing.paging import bounded, cursor, instant_and_id
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rotation_plan import ListRotationPlans, RotationPlanPage

from yanxiu_visits.planning.plan_store import page_plans
from yanxiu_visits.service import Service


async def list_plans(
    service: Service, district: str, query: ListRotationPlans, _deadline: Deadline
) -> RotationPlanPage | Refused:
    """Return a page of the district's plans."""
    refused = bounded(query.page)
    after = instant_and_id(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    async with service.databases.read(district) as conn:
        rows, total = await page_plans(conn, district, query.state, first=query.page.first + 1, after=after)
    items = tuple(rows[: query.page.first])
    return RotationPlanPage(
        items=items,
        cursors=tuple(cursor(to_us(one.drafted_at), one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )
