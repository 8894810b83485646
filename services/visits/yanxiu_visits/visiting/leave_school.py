"""Say that a visitor has gone, and how much of a day it was."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.visiting import LeaveSchool, VisitNoted

from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_plan import assess_half_days
from yanxiu_visits.visiting.note_visit import note_visit


async def leave_school(
    service: Service, district: str, command: LeaveSchool, deadline: Deadline
) -> VisitNoted | Refused:
    """Keep the leaving; before the arrival of that day has come, it waits."""
    refused = assess_half_days(command.half_days)
    return refused or await note_visit(service, district, command, command.visit, deadline)
