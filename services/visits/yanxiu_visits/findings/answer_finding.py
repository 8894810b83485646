"""The steps that answer a finding: the remedy of the school, the re-check of a second person, its withdrawal."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.findings import FindingNoted, RecheckFinding, ReportRemedy, WithdrawFinding
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals as general
from yanxiu_visits.findings import refusals
from yanxiu_visits.findings.finding_store import may_see, read_findings
from yanxiu_visits.findings.note_finding import note_finding
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.own_school import at_home, employed_at
from yanxiu_visits.supervising.refusals import own_school
from yanxiu_visits.visiting.assess_note import actor_of, assess_text
from yanxiu_visits.visiting.notes import full_id

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

    async def check(conn: AsyncConnection) -> Refused | None:
        return await _of_the_school(conn, district, command)

    return refused or await note_finding(service, district, command, command.finding, deadline, check)


async def _of_the_school(conn: AsyncConnection, district: str, command: RecheckFinding) -> Refused | None:
    """Return why one of the school does not re-check it: nobody employed there, nor, of supervision, placed there.

    A researcher who visits a base school is placed there himself: what a visit found, his fellow may re-check. Of a
    finding that the caller may not see nothing is said.
    """
    author = actor_of(command)
    if isinstance(author, Refused):
        return None
    id_ = full_id(author, command.finding)
    found = (await read_findings(conn, may_see(district, scope_of(command.caller)), [id_])).get(id_)
    if found is None or found.school is None:
        return None
    on = command.occurred_at.astimezone(CHINA).date()
    who = at_home if found.source == "supervision" else employed_at
    own = await who(conn, district, [author], found.school, on)
    return None if own is None else own_school(own, "finding")


async def withdraw_finding(
    service: Service, district: str, command: WithdrawFinding, deadline: Deadline
) -> FindingNoted | Refused:
    """Keep the withdrawal; it counts where its author found it or is an officer."""
    refused = assess_text("reason", command.reason, most=1000)
    return refused or await note_finding(service, district, command, command.finding, deadline)
