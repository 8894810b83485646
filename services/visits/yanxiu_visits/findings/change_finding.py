"""Give a finding another owner or deadline."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.findings import ChangeFinding, FindingNoted
from yanxiu_wire.refusal import Refused

from yanxiu_visits.findings.note_finding import note_finding
from yanxiu_visits.findings.record_finding import owner_refused
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text


async def change_finding(
    service: Service, district: str, command: ChangeFinding, deadline: Deadline
) -> FindingNoted | Refused:
    """Keep the change; it counts where its author found it or is an officer, and the owner is of its school."""
    refused = assess_text("reason", command.reason, most=1000)
    if refused is not None:
        return refused

    async def check(conn: AsyncConnection) -> Refused | None:
        return await owner_refused(conn, district, command) if command.owner is not None else None

    return await note_finding(service, district, command, command.finding, deadline, check)
