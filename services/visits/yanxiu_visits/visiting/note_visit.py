"""Keep a note of a visit and answer with the visit as it is now."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.noting import FieldCommand, FieldWorkChanged
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.visiting import Visit, VisitNoted

from yanxiu_visits.service import Service
from yanxiu_visits.visiting import refusals
from yanxiu_visits.visiting.assess_note import assess_own_id, visitor_of
from yanxiu_visits.visiting.notes import Note, full_id
from yanxiu_visits.visiting.take_note import Check, Folded, nothing_to_check, take_note
from yanxiu_visits.visiting.visit_store import fold_and_store


async def note_visit(
    service: Service,
    district: str,
    command: FieldCommand,
    visit: str,
    deadline: Deadline,
    check: Check = nothing_to_check,
) -> VisitNoted | Refused:
    """Keep a command about the caller's own visit (or that of whom an officer types for)."""
    author = visitor_of(command)
    if isinstance(author, Refused):
        return author
    malformed = assess_own_id("visit", visit, author)
    if malformed is not None:
        return malformed
    subject = full_id(author, visit)

    async def refold(conn: AsyncConnection, note: Note) -> Folded | Refused:
        folded = await fold_and_store(conn, service.laws, district, subject)
        if isinstance(folded, Refused):
            return folded
        outcome = folded.outcomes[note.key]
        cautions = ((outcome.reason,) if outcome.reason else ()) + _amiss(folded.visit)
        answer = VisitNoted(visit=folded.visit, effect=outcome.effect, cautions=cautions)
        changed = FieldWorkChanged(about="visit", id=subject, researcher=author, school=folded.visit.school)
        return answer, changed

    return await take_note(
        service, district, command, deadline,
        about="visit", subject=subject, author=author, reply=VisitNoted, check=check, refold=refold,
    )  # fmt: skip


def _amiss(visit: Visit) -> tuple[RefusalItem, ...]:
    if visit.unprepared is None:
        return ()
    return refusals.unprepared(visit.unprepared.missing, visit.unprepared.clauses).errors
