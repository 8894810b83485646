"""Whether a project may be decided directly, or only in the process that the law orders."""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.credits import Project
from yanxiu_wire.refusal import Refused

from yanxiu_credits.laws import Bound, InForce
from yanxiu_credits.workflow import refusals_of_projects as no
from yanxiu_credits.workflow.store import open_process_of


async def in_process(
    conn: AsyncConnection, district: str, project: Project, law: Bound | InForce | Refused
) -> Refused | None:
    """Return PROCESS_OPEN where a process under way is about the project, else None."""
    there = await open_process_of(conn, district, project.id)
    if there is None:
        return None
    workflows = {} if isinstance(law, Refused) else law.pack.workflows
    return no.process_open(project.id, there.id, workflows.get(there.workflow), there.state)


def needs_process(project: Project, on: date, law: Bound | InForce) -> Refused | None:
    """Return PROCESS_REQUIRED where the law orders a workflow for such a project, else None.

    An approval dated before the project was entered here was given on paper, and is entered as it was given.
    """
    if project.proposed_on is None or on < project.proposed_on:
        return None
    ordered = (one for one in law.pack.workflows.values() if one.governs(project.facts))
    workflow = next(ordered, None)
    return no.process_required(project.id, workflow) if workflow is not None else None
