"""Say that a visitor has come."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.visiting import ArriveAtSchool, VisitNoted

from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import visitor_of
from yanxiu_visits.visiting.check_visit import check_phase, check_place
from yanxiu_visits.visiting.note_visit import note_visit


async def arrive_at_school(
    service: Service, district: str, command: ArriveAtSchool, deadline: Deadline
) -> VisitNoted | Refused:
    """Keep the arrival, planned or not; a visit begun without its preparation is kept and marked."""

    async def check(conn: AsyncConnection) -> Refused | None:
        law = await check_place(
            service, conn, district,
            author=str(visitor_of(command)), school=command.school, term=command.term,
            days=[command.occurred_at.astimezone(CHINA).date()],
        )  # fmt: skip
        return law if isinstance(law, Refused) else check_phase(law, command.phase)

    return await note_visit(service, district, command, command.visit, deadline, check)
