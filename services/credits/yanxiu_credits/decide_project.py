"""Approve a proposed project, or return it with a reason."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import read_district
from yanxiu_footing.stored import simple
from yanxiu_wire.credits import DecideProject, Project
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.law_facts import read_values
from yanxiu_credits.laws import InForce
from yanxiu_credits.propose_project import lacking, ledger_broken, project_facts_refused
from yanxiu_credits.service import Service
from yanxiu_credits.store.projects import change_project, proposer_of, read_project
from yanxiu_credits.workflow.instead_of_a_process import in_process, not_outside


async def decide_project(
    service: Service, district: str, command: DecideProject, deadline: Deadline
) -> Project | Refused:
    """Approve or return a project; an approval may set what the law leaves to the approver, such as the coefficient.

    Refuses with PROJECT_UNKNOWN, PROJECT_ALREADY_DECIDED, REASON_MISSING, DAY_IN_FUTURE, FACT_MALFORMED,
    LAW_NOT_IN_FORCE, LAW_UNUSABLE, LEDGER_BROKEN, PROCESS_OPEN, PROCESS_REQUIRED, APPROVAL_NOT_YOURS, FOUR_EYES,
    DOCUMENT_MISSING, EVIDENCE_MALFORMED, or what the law refuses of the project's own facts, with its clauses.
    """

    async def work(conn: AsyncConnection) -> Project | Refused:
        closed = await ledger_broken(conn, district)
        if closed is not None:
            return closed
        project = await read_project(conn, district, command.project)
        if project is None:
            return refusals.project_unknown(command.project)
        if project.state != "proposed":
            return refusals.project_decided(project.id, project.state)
        today = service.clock.today()
        if command.on > today:
            return refusals.day_in_future(command.on, today)
        law = service.laws.in_force(await read_district(conn, district), command.on)
        under_way = await in_process(conn, district, project, law)
        if under_way is not None:
            return under_way
        proposer = await proposer_of(conn, district, project.id)
        decided = _approved(project, command, law, proposer) if command.approve else _returned(project, command)
        if isinstance(decided, Project):
            await change_project(conn, district, decided)
        return decided

    return await once(service.databases, district, command, Project, deadline, work)


def _approved(
    project: Project, command: DecideProject, law: InForce | Refused, proposer: str | None
) -> Project | Refused:
    if isinstance(law, Refused):
        return law
    barred = not_outside(project, command, law, proposer)
    if barred is not None:
        return barred
    facts = read_values(law.pack, {**project.facts, **simple(command.facts)})
    wrong = project_facts_refused(law, facts, command.on) or lacking(law, project.id, facts)
    return wrong or msgspec.structs.replace(
        project,
        facts=simple(facts),
        state="approved",
        approved_on=command.on,
        approved_by=command.caller.subject,
        approval_document=command.document,
        version=project.version + 1,
    )


def _returned(project: Project, command: DecideProject) -> Project | Refused:
    reason = (command.reason or "").strip()
    if not reason or len(reason) > 1000:
        return refusals.reason_missing()
    return msgspec.structs.replace(project, state="returned", return_reason=reason, version=project.version + 1)
