"""Plan a visit, or plan it anew."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.visiting import PlanVisit, VisitNoted

from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import visitor_of
from yanxiu_visits.visiting.assess_plan import assess_plan
from yanxiu_visits.visiting.check_visit import check_phase, check_place, check_residency
from yanxiu_visits.visiting.note_visit import note_visit


async def plan_visit(service: Service, district: str, command: PlanVisit, deadline: Deadline) -> VisitNoted | Refused:
    """Keep the plan; what the law asks to be set down before the visit may come with it or later."""
    refused = assess_plan(command)
    if refused is not None:
        return refused

    async def check(conn: AsyncConnection) -> Refused | None:
        days, author = [day.on for day in command.days], str(visitor_of(command))
        law = await check_place(
            service, conn, district, author=author, school=command.school, term=command.term, days=days
        )
        if isinstance(law, Refused):
            return law
        return check_phase(law, command.phase) or await check_residency(conn, district, command, author)

    return await note_visit(service, district, command, command.visit, deadline, check)
