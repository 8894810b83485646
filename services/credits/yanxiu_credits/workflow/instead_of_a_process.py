"""Whether a project may be decided directly, or only in the process that the law orders."""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.stored import simple
from yanxiu_wire.credits import DecideProject, Project
from yanxiu_wire.refusal import Refused

from yanxiu_credits.laws import Bound, InForce
from yanxiu_credits.workflow import refusals_of_projects as no
from yanxiu_credits.workflow.assess_step import is_whole
from yanxiu_credits.workflow.refusals import evidence_malformed
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


def not_outside(project: Project, command: DecideProject, law: Bound | InForce, proposer: str | None) -> Refused | None:
    """Return why a project is not approved outside a process, None where it may be or the law names no approver.

    Such an approval was given on paper. It is entered by the role that the law's workflow has approve, never by the one
    who proposed the project, with the document that it rests on. Where the law orders the workflow for such a project,
    the paper is of a day before the project was entered here, and so is the first day of what it approves: all that
    comes later goes its way. Refuses with PROCESS_REQUIRED, APPROVAL_NOT_YOURS, FOUR_EYES, DOCUMENT_MISSING or
    EVIDENCE_MALFORMED.
    """
    said = {**project.facts, **simple(command.facts)}
    ordered = [one for one in law.pack.workflows.values() if one.governs(project.facts) or one.governs(said)]
    # A workflow that governs no projects by their facts may approve any.
    named = ordered or [one for one in law.pack.workflows.values() if one.carries == "projects" and not one.applies_to]
    steps = [step for one in named for step in one.steps if step.effect == "approve_projects"]
    if ordered and not _was_before(project, command.on):
        return no.process_required(project.id, ordered[0])
    if not steps:
        return None
    roles = tuple(dict.fromkeys(role for step in steps for role in step.by))
    if command.caller.role not in roles:
        return no.not_yours_to_approve(command.caller.role, roles, steps[0].cite)
    if command.caller.subject == proposer:
        return no.approves_own_proposal(project.id, roles, steps[0].cite)
    if command.document is None:
        return no.document_missing(project.id, steps[0].cite)
    return None if is_whole(command.document) else Refused(errors=(evidence_malformed(command.document, "document"),))


def _was_before(project: Project, on: date) -> bool:
    """Say whether approval and activity lie before the project was entered; one of the first versions has no day."""
    entered = project.proposed_on
    return entered is None or (on < entered and project.starts_on is not None and project.starts_on < entered)
