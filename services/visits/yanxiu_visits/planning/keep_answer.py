"""Keep what the planner says: its progress while it runs, its answer, or why it failed."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.rotation_plan import (
    NoPlan,
    PlanContents,
    PlanEntry,
    PlanMove,
    PlanProgress,
    RotationPlan,
    ScorePart,
)

from yanxiu_visits.planning.plan_store import change_plan, read_contents, read_plans
from yanxiu_visits.planning.solver.answer import Answer, Infeasible, Plan, Progress
from yanxiu_visits.service import Service

KEEP_WITHIN = 30.0


async def keep_progress(
    service: Service, district: str, plan: str, newest: Progress | None, found: Progress | None, deadline: Deadline
) -> bool:
    """Keep how far the planner is and the best plan so far; returns whether somebody wants it to end."""
    if newest is None and found is None:
        async with service.databases.read(district) as conn:
            known = (await read_plans(conn, district, [plan])).get(plan)
        return known is None or known.cancelling
    async with service.databases.write(district, deadline) as conn:
        known = (await read_plans(conn, district, [plan])).get(plan)
        if known is None or known.state != "planning":
            return True
        told = newest or found
        progress = None if told is None else _as_wire(told, PlanProgress)
        contents = None
        if found is not None and found.found is not None:
            contents = await read_contents(conn, district, plan)
            contents = None if contents is None else replace(contents, placed=_placed(found.found))
        await change_plan(conn, district, replace(known, progress=progress or known.progress), contents)
    return known.cancelling


async def keep_answer(service: Service, district: str, plan: str, answer: Answer) -> None:
    """Keep the answer of a plan that is being planned."""
    async with service.databases.write(district, Deadline.after(KEEP_WITHIN)) as conn:
        known = (await read_plans(conn, district, [plan])).get(plan)
        contents = await read_contents(conn, district, plan)
        if known is None or contents is None or known.state != "planning":
            return
        ended = replace(known, ended_at=service.clock.now(), cancelling=False)
        bare = PlanContents(id=plan, additions=contents.additions)
        await change_plan(conn, district, *_answered(ended, bare, answer, cancelled=known.cancelling))


def _answered(
    plan: RotationPlan, contents: PlanContents, answer: Answer, *, cancelled: bool
) -> tuple[RotationPlan, PlanContents]:
    if isinstance(answer, Plan):
        numbers = {name: getattr(answer, name) for name in ("score", "bound", "gap", "proven")}
        found = replace(
            plan, state="planned", distance=answer.distance, distance_bound=answer.distance_bound, **numbers
        )
        placed, parts = _placed(answer.assignments), tuple(_as_wire(one, ScorePart) for one in answer.parts)
        moved = tuple(_as_wire(one, PlanMove) for one in answer.moved)
        return found, replace(contents, placed=placed, parts=parts, moved=moved)
    if isinstance(answer, Infeasible):
        return replace(plan, state="impossible"), replace(contents, none=_as_wire(answer, NoPlan))
    return replace(plan, state="cancelled" if cancelled else "undecided", bound=answer.bound), contents


async def keep_failure(service: Service, district: str, plan: str, problem: str) -> None:
    """Say that the planner failed, and with what words."""
    async with service.databases.write(district, Deadline.after(KEEP_WITHIN)) as conn:
        known = (await read_plans(conn, district, [plan])).get(plan)
        if known is not None and known.state == "planning":
            failed = replace(known, state="failed", problem=problem[:500], ended_at=service.clock.now())
            await change_plan(conn, district, failed)


def _placed(assignments: Any) -> tuple[PlanEntry, ...]:
    return tuple(_as_wire(one, PlanEntry) for one in assignments)


def _as_wire(value: Any, kind: Any) -> Any:
    """Return a value of the planner as it travels: the same fields, without those that only the planner knows."""
    return msgspec.convert(msgspec.to_builtins(value), kind)
