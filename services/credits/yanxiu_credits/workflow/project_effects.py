"""What a step does to the projects that its process carries: facts set, approved, published, returned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.stored import simple
from yanxiu_rulekit.workflow import Workflow, WorkStep
from yanxiu_wire.credits import Project
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.fact_refusals import project_incomplete
from yanxiu_credits.law_facts import read_values
from yanxiu_credits.laws import Bound, InForce
from yanxiu_credits.propose_project import project_facts_refused
from yanxiu_credits.store.projects import change_project, read_projects
from yanxiu_credits.workflow import refusals_of_projects as no
from yanxiu_credits.workflow.assess_step import Actor
from yanxiu_credits.workflow.store import open_process_of

MOST_PROJECTS = 200
MOST_REASON = 1000


async def named_projects(
    conn: AsyncConnection,
    district: str,
    law: Bound,
    workflow: Workflow,
    projects: tuple[str, ...],
    *,
    school: str,
    process: str,
) -> Refused | None:
    """Return the refusal of projects that a process may not carry: unknown, another school's, decided, or elsewhere.

    A school's process carries projects that this school proposed, or that an officer entered. What one workflow alone
    may approve, no other approves.
    """
    if workflow.carries != "projects":
        return no.projects_not_wanted(workflow) if projects else None
    if not projects:
        return no.projects_required(workflow)
    if len(projects) > MOST_PROJECTS:
        return refusals.out_of_bounds("projects", len(projects), 1, MOST_PROJECTS)
    found = await read_projects(conn, district, projects)
    decides = any(step.effect == "approve_projects" for step in workflow.steps)
    for one in projects:
        project = found.get(one)
        if project is None or (school and project.school not in (None, school)):
            return refusals.project_unknown(one)
        if decides and project.state != "proposed":
            return refusals.project_decided(one, project.state)
        alone = [other for other in law.pack.workflows.values() if other.governs(project.facts)]
        if decides and alone and workflow not in alone:
            return no.process_required(one, alone[0])
        elsewhere = await open_process_of(conn, district, one)
        if elsewhere is not None and elsewhere.id != process:
            return no.process_open(one, elsewhere.id, None, elsewhere.state)
    return None


async def set_facts(
    conn: AsyncConnection,
    district: str,
    law: Bound,
    step: WorkStep,
    projects: tuple[str, ...],
    given: Mapping[str, Mapping[str, Any]],
    today: date,
) -> Refused | None:
    """Set what the step's signer states of each project, judged by the law; a required ask covers every project."""
    ask = next((ask for ask in step.asks if ask.form == "projects"), None)
    if ask is None or not given:
        return None
    for one in given:
        if one not in projects:
            return no.project_not_carried(one)
    if ask.required:
        for one in projects:
            if ask.name not in given.get(one, {}):
                return no.project_facts_missing(one, ask.name)
    found = await read_projects(conn, district, projects)
    for one, facts in given.items():
        changed = _with_facts(law, found[one], facts, today)
        if isinstance(changed, Refused):
            return changed
        await change_project(conn, district, changed)
    return None


def _with_facts(law: Bound, project: Project, facts: Mapping[str, Any], today: date) -> Project | Refused:
    if law.pack.credit is None:
        return refusals.law_unusable(law.pack.jurisdiction)
    judging = InForce(pack=law.pack, credit=law.pack.credit, settings=law.settings)
    whole = read_values(law.pack, {**project.facts, **simple(facts)})
    wrong = project_facts_refused(judging, whole, today)
    if wrong is not None:
        return wrong
    return msgspec.structs.replace(project, facts=simple(whole), version=project.version + 1)


async def approve(
    conn: AsyncConnection, district: str, law: Bound, projects: tuple[str, ...], actor: Actor, today: date
) -> Refused | None:
    """Approve each project, as of today; one that this process approved before it was returned stays approved."""
    found = await read_projects(conn, district, projects)
    for project in found.values():
        if project.state == "approved":
            continue
        if project.state != "proposed":
            return refusals.project_decided(project.id, project.state)
        judged = _with_facts(law, project, {}, today)
        if isinstance(judged, Refused):
            return judged
        missing = law.pack.credit.project_lacks(judged.facts) if law.pack.credit is not None else ()
        if missing:
            return project_incomplete(project.id, missing)
        await change_project(
            conn,
            district,
            msgspec.structs.replace(judged, state="approved", approved_on=today, approved_by=actor.subject),
        )
    return None


async def publish(conn: AsyncConnection, district: str, projects: tuple[str, ...], today: date) -> None:
    """Note the day on which the projects were published; a project keeps the first."""
    found = await read_projects(conn, district, projects)
    for project in found.values():
        if project.published_on is None:
            published = msgspec.structs.replace(project, published_on=today, version=project.version + 1)
            await change_project(conn, district, published)


async def give_back(
    conn: AsyncConnection, district: str, projects: tuple[str, ...], statements: Mapping[str, Any]
) -> None:
    """Return the projects that are not approved, with what the signer wrote."""
    reason = " ".join(str(value) for value in statements.values() if isinstance(value, str))[:MOST_REASON]
    found = await read_projects(conn, district, projects)
    for project in found.values():
        if project.state == "proposed":
            returned = msgspec.structs.replace(
                project, state="returned", return_reason=reason or None, version=project.version + 1
            )
            await change_project(conn, district, returned)
