"""Every note of a visit, record or finding, in the order in which they count: who wrote what, for whom, and when."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import from_us
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.noting import ListNotes, NoteRow, Notes
from yanxiu_wire.refusal import Refused

from yanxiu_visits.findings import finding_store
from yanxiu_visits.findings import refusals as of_findings
from yanxiu_visits.findings.assess_finding import fold_finding
from yanxiu_visits.recording import record_store
from yanxiu_visits.recording import refusals as of_records
from yanxiu_visits.recording.assess_record import fold_record
from yanxiu_visits.scope import Scope, scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.visiting import refusals as of_visits
from yanxiu_visits.visiting import visit_store
from yanxiu_visits.visiting.assess_visit import fold_visit
from yanxiu_visits.visiting.note_store import read_notes
from yanxiu_visits.visiting.notes import VERBS, Note, Outcome, in_order


async def list_notes(service: Service, district: str, query: ListNotes, _deadline: Deadline) -> Notes | Refused:
    """Return the notes of what the caller may see; author and typist both, and what each note does now."""
    scope = scope_of(query.caller)
    async with service.databases.read(district) as conn:
        refused = await _unseen(conn, district, scope, query)
        if refused is not None:
            return refused
        notes = await read_notes(conn, district, query.about, query.id)
    match query.about:
        case "visit":
            outcomes = fold_visit(query.id, notes).outcomes
        case "record":
            outcomes = fold_record(query.id, notes).outcomes
        case "finding":
            outcomes = fold_finding(query.id, notes).outcomes
    return Notes(items=tuple(_row(one, outcomes) for one in in_order(notes)))


async def _unseen(conn: AsyncConnection, district: str, scope: Scope, query: ListNotes) -> Refused | None:
    match query.about:
        case "visit":
            found = await visit_store.read_visits(conn, visit_store.may_see(district, scope), [query.id])
            return None if found else of_visits.visit_unknown(query.id)
        case "record":
            seen = record_store.may_see(district, scope)
            found = await record_store.read_records(conn, district, seen, [query.id])
            return None if found else of_records.record_unknown(query.id)
        case "finding":
            found = await finding_store.read_findings(conn, finding_store.may_see(district, scope), [query.id])
            return None if found else of_findings.finding_unknown(query.id)


def _row(one: Note, outcomes: Mapping[str, Outcome]) -> NoteRow:
    return NoteRow(
        key=one.key,
        kind=VERBS[type(one.command)],
        author=one.author,
        typist=one.command.caller.subject,
        typist_role=one.command.caller.role,
        occurred_at=from_us(one.occurred_us),
        recorded_at=from_us(one.recorded_us),
        effect=outcomes[one.key].effect,
        reason=outcomes[one.key].reason,
    )
