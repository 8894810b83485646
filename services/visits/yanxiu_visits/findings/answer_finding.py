"""The steps that answer a finding: the remedy of the school, the re-check of a second person, its withdrawal."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.findings import FindingNoted, RecheckFinding, ReportRemedy, WithdrawFinding
from yanxiu_wire.refusal import Refused

from yanxiu_visits.findings.note_finding import note_finding
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text


async def report_remedy(
    service: Service, district: str, command: ReportRemedy, deadline: Deadline
) -> FindingNoted | Refused:
    """Keep the remedy; it counts where its author owns the finding, or speaks for the school."""
    refused = assess_text("text", command.text)
    return refused or await note_finding(service, district, command, command.finding, deadline)


async def recheck_finding(
    service: Service, district: str, command: RecheckFinding, deadline: Deadline
) -> FindingNoted | Refused:
    """Keep the re-check; it counts where a remedy is there and its author has no part in the finding."""
    refused = assess_text("remark", command.remark, empty=True)
    return refused or await note_finding(service, district, command, command.finding, deadline)


async def withdraw_finding(
    service: Service, district: str, command: WithdrawFinding, deadline: Deadline
) -> FindingNoted | Refused:
    """Keep the withdrawal; it counts where its author found it or is an officer."""
    refused = assess_text("reason", command.reason, most=1000)
    return refused or await note_finding(service, district, command, command.finding, deadline)
