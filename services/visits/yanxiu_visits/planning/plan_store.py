"""Plans as they are stored: what travels, what they hold, and what the planner was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce
from yanxiu_footing.clock import to_us
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.rotation_plan import ROTATION_PLAN_CHANGED, PlanContents, RotationPlan, RotationPlanChanged

from yanxiu_visits.planning.tables import rotation_plan
from yanxiu_visits.visiting.visit_store import put


async def put_plan(
    conn: AsyncConnection,
    district: str,
    plan: RotationPlan,
    contents: PlanContents,
    *,
    problem: str | None,
    seconds: int,
) -> None:
    """Store a plan in place of the one with its id, and announce it."""
    row = {
        "district": district,
        "id": plan.id,
        "state": plan.state,
        "first_on": plan.starts_on,
        "last_on": plan.ends_on,
        "created_us": to_us(plan.drafted_at),
        "seconds": seconds,
        "body": encode(plan).decode(),
        "contents": encode(contents).decode(),
        "problem": problem,
    }
    await put(conn, rotation_plan, row)
    await announce_plan(conn, district, plan)


async def change_plan(
    conn: AsyncConnection, district: str, plan: RotationPlan, contents: PlanContents | None = None
) -> None:
    """Store a plan anew, with other contents if given, and announce it; what it was made from stays."""
    values: dict[str, Any] = {"state": plan.state, "body": encode(plan).decode()}
    if contents is not None:
        values["contents"] = encode(contents).decode()
    its = rotation_plan.c
    await conn.execute(sa.update(rotation_plan).where(its.district == district, its.id == plan.id).values(**values))
    await announce_plan(conn, district, plan)


async def announce_plan(conn: AsyncConnection, district: str, plan: RotationPlan) -> None:
    """Say that a plan has changed."""
    told = plan.progress if plan.state == "planning" else None
    body = RotationPlanChanged(
        plan=plan.id,
        state=plan.state,
        best=told.best if told else plan.score,
        bound=told.bound if told else plan.bound,
    )
    await announce(conn, ROTATION_PLAN_CHANGED, district, body)


async def read_plans(conn: AsyncConnection, district: str, ids: Sequence[str]) -> dict[str, RotationPlan]:
    """Return plans by id."""
    its = rotation_plan.c
    found = await conn.execute(sa.select(its.body).where(its.district == district, its.id.in_(list(ids))))
    plans = [decode(RotationPlan, body.encode()) for body in found.scalars()]
    return {one.id: one for one in plans}


async def read_contents(conn: AsyncConnection, district: str, plan: str) -> PlanContents | None:
    """Return what a plan holds, or None when there is none of that id."""
    its = rotation_plan.c
    body = await conn.scalar(sa.select(its.contents).where(its.district == district, its.id == plan))
    return decode(PlanContents, body.encode()) if body is not None else None


async def contents_of(conn: AsyncConnection, district: str, plans: Sequence[str]) -> dict[str, PlanContents]:
    """Return what those of the plans hold that there are, by id, in one statement."""
    its = rotation_plan.c
    asked = sa.select(its.id, its.contents).where(its.district == district, its.id.in_(list(plans)))
    rows = (await conn.execute(asked)).all()
    return {row.id: decode(PlanContents, row.contents.encode()) for row in rows if row.contents is not None}


async def read_asked(conn: AsyncConnection, district: str, plan: str) -> tuple[str, int] | None:
    """Return what the planner was asked, as text, and how many seconds it has; None when it was asked nothing."""
    its = rotation_plan.c
    row = (
        await conn.execute(sa.select(its.problem, its.seconds).where(its.district == district, its.id == plan))
    ).one_or_none()
    return None if row is None or row.problem is None else (row.problem, row.seconds)


async def waiting_plans(conn: AsyncConnection, district: str) -> list[str]:
    """Return the plans that want a planner, or have one, oldest first."""
    its = rotation_plan.c
    found = await conn.execute(
        sa.select(its.id).where(its.district == district, its.state == "planning").order_by(its.created_us, its.id)
    )
    return list(found.scalars())


async def adopted_between(conn: AsyncConnection, district: str, plan: RotationPlan) -> RotationPlan | None:
    """Return an adopted plan that shares days with this one, other than the one that it replaces."""
    its = rotation_plan.c
    found = await conn.execute(
        sa.select(its.body).where(
            its.district == district,
            its.state == "adopted",
            its.first_on <= plan.ends_on,
            its.last_on >= plan.starts_on,
        )
    )
    plans = [decode(RotationPlan, body.encode()) for body in found.scalars()]
    return next((one for one in plans if one.id not in (plan.id, plan.replaces)), None)


async def page_plans(
    conn: AsyncConnection, district: str, state: str | None, *, first: int, after: tuple[int, str] | None
) -> tuple[list[RotationPlan], int]:
    """Return at most `first` plans after the cursor, newest first, and how many match in all."""
    its = rotation_plan.c
    where = [its.district == district, *([its.state == state] if state is not None else [])]
    total = await conn.scalar(sa.select(sa.func.count()).select_from(rotation_plan).where(*where))
    beyond = [sa.tuple_(its.created_us, its.id) < sa.tuple_(*map(sa.literal, after))] if after else []
    found = await conn.execute(
        sa.select(its.body).where(*where, *beyond).order_by(its.created_us.desc(), its.id.desc()).limit(first)
    )
    return [decode(RotationPlan, body.encode()) for body in found.scalars()], int(total or 0)
