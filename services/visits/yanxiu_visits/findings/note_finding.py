"""Keep a note of a finding and answer with the finding as it is now, as far as the caller may see it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.findings import FindingNoted, RecheckFinding, VisitFinding
from yanxiu_wire.noting import FieldCommand, FieldWorkChanged
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals as general
from yanxiu_visits.findings.finding_store import fold_and_store, seen_on, sees
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.store.facts import read_researcher
from yanxiu_visits.visiting.assess_note import actor_of, assess_any_id, is_researcher
from yanxiu_visits.visiting.notes import APPLIED, Note, Outcome, author_in, full_id
from yanxiu_visits.visiting.take_note import Check, nothing_to_check, take_note

# Why a re-check that saw the finding itself may have no effect.
_SAW_IT = frozenset({"FINDING_NOT_IN_STATE", "FINDING_OVER", "RECHECK_OVERRULED", "SAME_PERSON"})


async def note_finding(
    service: Service,
    district: str,
    command: FieldCommand,
    finding: str,
    deadline: Deadline,
    check: Check = nothing_to_check,
) -> FindingNoted | Refused:
    """Keep a command about anybody's finding.

    Whether its sender may take that step is judged in the order of the notes. To who may not see the finding it
    answers as of one that has not arrived: it waits. Who acts as a researcher is one by the register on that day.
    """
    author = actor_of(command)
    if isinstance(author, Refused):
        return author
    subject = full_id(author, finding)
    malformed = assess_any_id("finding", subject)
    if malformed is not None:
        return malformed

    async def refold(conn: AsyncConnection, note: Note) -> tuple[Any, FieldWorkChanged]:
        folded = await fold_and_store(conn, district, subject)
        found, outcome = seen_on(folded.finding, service.clock.today()), folded.outcomes[note.key]
        changed = FieldWorkChanged(
            about="finding", id=subject, researcher=found.finder, school=found.school, owner=found.owner
        )
        if not (sees(scope_of(command.caller), found) or author == author_in(subject) or _saw(command, outcome)):
            hidden = VisitFinding(id=subject, finder=found.finder, state="incomplete")
            return FindingNoted(finding=hidden, effect="waiting"), changed
        cautions = (outcome.reason,) if outcome.reason else ()
        return FindingNoted(finding=found, effect=outcome.effect, cautions=cautions), changed

    return await take_note(
        service, district, command, deadline,
        about="finding", subject=subject, author=author, reply=FindingNoted,
        check=_also(check, district, command, author), refold=refold,
    )  # fmt: skip


def _also(check: Check, district: str, command: FieldCommand, author: str) -> Check:
    """Return a check that first asks whether who acts as a researcher is one on that day."""

    async def both(conn: AsyncConnection) -> Refused | None:
        on = command.occurred_at.astimezone(CHINA).date()
        if is_researcher(command, author) and await read_researcher(conn, district, author, on) is None:
            return general.researcher_unknown(author)
        return await check(conn)

    return both


def _saw(command: FieldCommand, outcome: Outcome) -> bool:
    """Say whether a researcher's re-check names the finding's own notes, so that he had seen it when he took it."""
    known = outcome == APPLIED or (outcome.reason is not None and outcome.reason.code in _SAW_IT)
    return isinstance(command, RecheckFinding) and command.caller.role == "researcher" and known
