"""Draft a rotation plan."""

from __future__ import annotations

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rotation_plan import DraftRotationPlan, PlanContents, RotationPlan

from yanxiu_visits import refusals as general
from yanxiu_visits.planning.ground import problem_of
from yanxiu_visits.planning.periods import read_periods
from yanxiu_visits.planning.plan_store import put_plan
from yanxiu_visits.service import Service

LONGEST_NAME = 100


async def draft_plan(
    service: Service, district: str, command: DraftRotationPlan, deadline: Deadline
) -> RotationPlan | Refused:
    """Keep a draft of the law's window or batch, after looking whether its additions name what there is."""
    if not 0 < len(command.name.strip()) <= LONGEST_NAME:
        return general.text_malformed("name", command.name, LONGEST_NAME)

    async def work(conn: AsyncConnection) -> RotationPlan | Refused:
        found = await read_periods(service, conn, district, command.first_term, command.starts_on)
        if isinstance(found, Refused):
            return found
        _, periods = found
        plan = RotationPlan(
            id=str(uuid_utils.uuid7()),
            name=command.name.strip(),
            kind="batch" if len(periods) == 1 and command.first_term is None else "terms",
            state="draft",
            terms=tuple(one.id for one in periods),
            starts_on=periods[0].starts_on,
            ends_on=periods[-1].ends_on,
            drafted_by=command.caller.subject,
            drafted_at=service.clock.now(),
        )
        problem = await problem_of(service, conn, district, plan, command.additions)
        if isinstance(problem, Refused):
            return problem
        contents = PlanContents(id=plan.id, additions=command.additions)
        await put_plan(conn, district, plan, contents, problem=None, seconds=0)
        return plan

    return await once(service.databases, district, command, RotationPlan, deadline, work)
