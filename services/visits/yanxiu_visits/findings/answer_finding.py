"""The steps that answer a finding: the remedy of the school, the re-check of a second person, its withdrawal."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.findings import FindingNoted, RecheckFinding, ReportRemedy, WithdrawFinding
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals as general
from yanxiu_visits.findings import refusals
from yanxiu_visits.findings.note_finding import note_finding
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text

MOST_STEPS = 500


async def report_remedy(
    service: Service, district: str, command: ReportRemedy, deadline: Deadline
) -> FindingNoted | Refused:
    """Keep the remedy; it counts where its author owns the finding, or speaks for the school."""
    refused = assess_text("text", command.text)
    return refused or await note_finding(service, district, command, command.finding, deadline)


async def recheck_finding(
    service: Service, district: str, command: RecheckFinding, deadline: Deadline
) -> FindingNoted | Refused:
    """Keep the re-check; it counts by what it saw: a remedy, and nobody behind the check has a part in it."""
    refused = assess_text("remark", command.remark, empty=True)
    if refused is None and not command.seen:
        refused = refusals.saw_no_finding()
    if refused is None and len(command.seen) > MOST_STEPS:
        refused = general.out_of_bounds("seen", len(command.seen), 1, MOST_STEPS)
    return refused or await note_finding(service, district, command, command.finding, deadline)


async def withdraw_finding(
    service: Service, district: str, command: WithdrawFinding, deadline: Deadline
) -> FindingNoted | Refused:
    """Keep the withdrawal; it counts where its author found it or is an officer."""
    refused = assess_text("reason", command.reason, most=1000)
    return refused or await note_finding(service, district, command, command.finding, deadline)
