"""Say whether anything of credits stands against erasing a person."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.refusals import refuse
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import CheckErasure, ErasureChecked
from yanxiu_wire.refusal import Refused

from yanxiu_credits.service import Service
from yanxiu_credits.tables import ledger
from yanxiu_credits.workflow.tables import objection, process, public_line


async def check_erasure(
    service: Service, district: str, query: CheckErasure, deadline: Deadline
) -> ErasureChecked | Refused:
    """Return how many entries stay. Refused: OBJECTION_OPEN, PROCESS_OPEN."""
    deadline.check()
    teacher = query.teacher
    async with service.databases.read(district) as conn:
        refused = await _runs(conn, district, teacher)
        if refused is not None:
            return refused
        mine = sa.and_(ledger.c.district == district, ledger.c.teacher == teacher)
        rows = await conn.scalar(sa.select(sa.func.count()).select_from(ledger).where(mine))
    return ErasureChecked(rows=int(rows or 0))


async def _runs(conn: AsyncConnection, district: str, teacher: str) -> Refused | None:
    its, line, run = objection.c, public_line.c, process.c
    raised = sa.select(its.id).where(its.district == district, its.teacher == teacher, its.state == "open").limit(1)
    if (found := await conn.scalar(raised)) is not None:
        return refuse(
            "OBJECTION_OPEN",
            field="objection",
            value=found,
            zh="关于该教师的异议尚未处理，不能删除。",
            en="An objection about the teacher is not settled yet.",
            remedy=("请先处理异议。", "Settle the objection first."),
        )
    listed = sa.and_(run.district == line.district, run.id == line.process)
    running = sa.select(run.id).select_from(public_line.join(process, listed))
    running = running.where(line.district == district, line.teacher == teacher, run.ended.is_(False)).limit(1)
    if (found := await conn.scalar(running)) is not None:
        return refuse(
            "PROCESS_OPEN",
            field="process",
            value=found,
            zh="该教师在尚未办结的流程中，不能删除。",
            en="The teacher stands in a process that is not over.",
            remedy=("请先办结该流程。", "Bring the process to its end first."),
        )
    return None
