"""Take a record back."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import RecordNoted, WithdrawRecord
from yanxiu_wire.refusal import Refused

from yanxiu_visits.recording.note_record import note_record
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text


async def withdraw_record(
    service: Service, district: str, command: WithdrawRecord, deadline: Deadline
) -> RecordNoted | Refused:
    """Keep the withdrawal: the record stands withdrawn and counts nowhere."""
    refused = assess_text("reason", command.reason, most=1000)
    return refused or await note_record(service, district, command, command.record, deadline)
