"""Draft the plan that is to replace an adopted one: an absence, a new school, with the fewest changes."""

from __future__ import annotations

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.calendar import read_every_term
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rotation_plan import PlanContents, RedraftRotationPlan, RotationPlan

from yanxiu_visits import refusals as general
from yanxiu_visits.planning import refusals
from yanxiu_visits.planning.ground import problem_of
from yanxiu_visits.planning.plan_store import put_plan, read_contents, read_plans
from yanxiu_visits.service import Service

LONGEST_REASON = 500


async def redraft_plan(
    service: Service, district: str, command: RedraftRotationPlan, deadline: Deadline
) -> RotationPlan | Refused:
    """Keep a draft over the same periods; those before `from_term` (else all that have begun) stay as adopted."""
    if not 0 < len(command.reason.strip()) <= LONGEST_REASON:
        return general.text_malformed("reason", command.reason, LONGEST_REASON)

    async def work(conn: AsyncConnection) -> RotationPlan | Refused:
        old = (await read_plans(conn, district, [command.plan])).get(command.plan)
        contents = await read_contents(conn, district, command.plan)
        if old is None or contents is None:
            return refusals.plan_unknown(command.plan)
        if old.state != "adopted":
            return refusals.plan_not_so(old.id, old.state, ["adopted"])
        open_from = await _open_from(service, conn, district, old, command.from_term)
        if open_from is None:
            return refusals.term_not_open(command.from_term)
        plan = RotationPlan(
            id=str(uuid_utils.uuid7()),
            name=old.name,
            kind=old.kind,
            state="draft",
            terms=old.terms,
            starts_on=old.starts_on,
            ends_on=old.ends_on,
            open_from=open_from,
            replaces=old.id,
            reason=command.reason.strip(),
            drafted_by=command.caller.subject,
            drafted_at=service.clock.now(),
        )
        additions = command.additions or contents.additions
        problem = await problem_of(service, conn, district, plan, additions)
        if isinstance(problem, Refused):
            return problem
        await put_plan(conn, district, plan, PlanContents(id=plan.id, additions=additions), problem=None, seconds=0)
        return plan

    return await once(service.databases, district, command, RotationPlan, deadline, work)


async def _open_from(
    service: Service, conn: AsyncConnection, district: str, plan: RotationPlan, from_term: str | None
) -> int | None:
    """Return the index of the first period to plan anew: the one named, else the first that has not begun.

    A period that is over stays as it was: it is not planned anew.
    """
    today = service.clock.today()
    if plan.kind == "batch":
        return 0 if from_term in (None, *plan.terms) and plan.ends_on >= today else None
    terms = {one.id: one for one in await read_every_term(conn, district)}
    open_ones = [at for at, term in enumerate(plan.terms) if term in terms and terms[term].ends_on >= today]
    if from_term is not None:
        return next((at for at in open_ones if plan.terms[at] == from_term), None)
    return next((at for at in open_ones if terms[plan.terms[at]].starts_on > today), None)
