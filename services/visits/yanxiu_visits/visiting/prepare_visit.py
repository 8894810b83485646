"""Set down goal, focus and tasks of a visit."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.visiting import PrepareVisit, VisitNoted

from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_plan import assess_preparation
from yanxiu_visits.visiting.note_visit import note_visit


async def prepare_visit(
    service: Service, district: str, command: PrepareVisit, deadline: Deadline
) -> VisitNoted | Refused:
    """Keep the preparation; set down after the start it stands in the visit, and came too late for the law."""
    refused = assess_preparation(command.goal, command.focus, command.tasks)
    return refused or await note_visit(service, district, command, command.visit, deadline)
