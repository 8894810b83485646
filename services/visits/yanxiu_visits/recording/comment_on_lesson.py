"""Set down the comment on an observed lesson."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import CommentOnLesson, RecordNoted
from yanxiu_wire.refusal import Refused

from yanxiu_visits.recording.note_record import note_record
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text


async def comment_on_lesson(
    service: Service, district: str, command: CommentOnLesson, deadline: Deadline
) -> RecordNoted | Refused:
    """Keep the comment; before its lesson has arrived it waits."""
    refused = assess_text("comment", command.comment)
    return refused or await note_record(service, district, command, command.record, deadline)
