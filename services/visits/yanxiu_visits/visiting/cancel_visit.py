"""Call a visit off."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.visiting import CancelVisit, VisitNoted

from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text
from yanxiu_visits.visiting.note_visit import note_visit


async def cancel_visit(
    service: Service, district: str, command: CancelVisit, deadline: Deadline
) -> VisitNoted | Refused:
    """Keep the cancelling; whoever arrives later was there all the same."""
    refused = assess_text("reason", command.reason, most=1000)
    return refused or await note_visit(service, district, command, command.visit, deadline)
