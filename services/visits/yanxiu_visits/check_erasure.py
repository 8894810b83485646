"""Say whether anything of visits stands against erasing a person."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.refusals import refuse
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import CheckErasure, ErasureChecked
from yanxiu_wire.refusal import Refused

from yanxiu_visits.all_tables import metadata
from yanxiu_visits.service import Service

_residency, _visit = metadata.tables["residency"], metadata.tables["visit"]


async def check_erasure(
    service: Service, district: str, query: CheckErasure, deadline: Deadline
) -> ErasureChecked | Refused:
    """Return how many visits stay. Refused: RESIDENCY_OPEN."""
    deadline.check()
    today = service.clock.today()
    its = _residency.c
    # One that a later plan took away keeps its days.
    live = sa.and_(its.district == district, its.state == "live")
    placed = sa.select(its.id).where(live, its.person == query.teacher, its.ends_on >= today)
    async with service.databases.read(district) as conn:
        if (found := await conn.scalar(placed.limit(1))) is not None:
            return refuse(
                "RESIDENCY_OPEN",
                field="residency",
                value=found,
                zh="该教师还有驻校安排，不能删除。",
                en="The teacher is still placed at a school.",
                remedy=("请先重新排定该轮驻校。", "Plan the rotation anew first."),
            )
        mine = sa.and_(_visit.c.district == district, _visit.c.researcher == query.teacher)
        rows = await conn.scalar(sa.select(sa.func.count()).select_from(_visit).where(mine))
    return ErasureChecked(rows=int(rows or 0))
