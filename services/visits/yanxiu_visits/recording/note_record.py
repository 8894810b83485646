"""Keep a note of a record of work and answer with the record as it is now."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import RecordNoted
from yanxiu_wire.noting import FieldCommand, FieldWorkChanged
from yanxiu_wire.refusal import Refused

from yanxiu_visits.recording.record_store import fold_and_store, with_visits
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_own_id, visitor_of
from yanxiu_visits.visiting.notes import Note, full_id
from yanxiu_visits.visiting.take_note import Check, nothing_to_check, take_note


async def note_record(
    service: Service,
    district: str,
    command: FieldCommand,
    record: str,
    deadline: Deadline,
    check: Check = nothing_to_check,
) -> RecordNoted | Refused:
    """Keep a command about the caller's own record (or that of whom an officer types for)."""
    author = visitor_of(command)
    if isinstance(author, Refused):
        return author
    malformed = assess_own_id("record", record, author)
    if malformed is not None:
        return malformed
    subject = full_id(author, record)

    async def refold(conn: AsyncConnection, note: Note) -> tuple[Any, FieldWorkChanged]:
        folded = await fold_and_store(conn, district, subject)
        outcome = folded.outcomes[note.key]
        cautions = (outcome.reason,) if outcome.reason else ()
        (seen,) = await with_visits(conn, district, [folded.record])
        answer = RecordNoted(record=seen, effect=outcome.effect, cautions=cautions)
        changed = FieldWorkChanged(about="record", id=subject, researcher=author, school=folded.record.school)
        return answer, changed

    return await take_note(
        service, district, command, deadline,
        about="record", subject=subject, author=author, reply=RecordNoted, check=check, refold=refold,
    )  # fmt: skip
