"""Record a finding, or put it right while nobody has answered it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA
from yanxiu_footing.registry_facts import read_school, works_at
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.findings import ChangeFinding, FindingNoted, RecordFinding
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals as general
from yanxiu_visits.findings.note_finding import note_finding
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.refusals import unknown
from yanxiu_visits.supervising.tables import inspection
from yanxiu_visits.visiting import refusals
from yanxiu_visits.visiting.assess_note import actor_of, assess_own_id, assess_text


async def record_finding(
    service: Service, district: str, command: RecordFinding, deadline: Deadline
) -> FindingNoted | Refused:
    """Keep the finding; its owner is a person of the school on that day, its deadline not before it."""
    author = actor_of(command)
    refused = (
        (author if isinstance(author, Refused) else assess_own_id("finding", command.finding, author))
        or assess_text("text", command.text)
        or assess_text("advice", command.advice, empty=True)
    )
    on = command.occurred_at.astimezone(CHINA).date()
    if refused is None and command.due_on < on:
        said = "The deadline lies before the finding.", "整改期限早于发现之日。"
        refused = refusals.days_malformed("due_on", command.due_on, *said)
    if refused is not None:
        return refused

    async def check(conn: AsyncConnection) -> Refused | None:
        return await owner_refused(conn, district, command) or await _no_inspection(conn, district, command)

    return await note_finding(service, district, command, command.finding, deadline, check)


async def _no_inspection(conn: AsyncConnection, district: str, command: RecordFinding) -> Refused | None:
    """Return the refusal of a finding of supervision whose inspection is none of that school, or was cancelled."""
    if command.source != "supervision":
        return None
    its = inspection.c
    asked = command.source_id or ""
    known = await conn.scalar(
        sa.select(its.id).where(
            its.district == district, its.id == asked, its.school == command.school, its.state != "cancelled"
        )
    )
    return None if known else unknown("inspection", "督导", "source_id", command.source_id)


async def owner_refused(conn: AsyncConnection, district: str, command: RecordFinding | ChangeFinding) -> Refused | None:
    """Return the refusal of a school that there is not on that day, or of an owner who is no person of it."""
    on = command.occurred_at.astimezone(CHINA).date()
    if command.school is None or await read_school(conn, district, command.school, on) is None:
        return general.school_unknown(command.school)
    owner = command.owner or ""
    there = works_at(district, sa.literal(owner), command.school, on)
    return None if await conn.scalar(sa.select(there)) else general.person_unknown(owner, field="owner")
