"""Record what a base school of a batch reached."""

from __future__ import annotations

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.programme import ProgrammeEntry, RecordProgrammeEntry
from yanxiu_wire.refusal import Refused

from yanxiu_visits.programme import refusals
from yanxiu_visits.programme.assess_entry import assess_entry, same_as
from yanxiu_visits.programme.batches import batch_of, read_batches
from yanxiu_visits.programme.check_entry import check_entry, may_record
from yanxiu_visits.programme.entry_store import add_version, standing_entries
from yanxiu_visits.service import Service


async def record_entry(
    service: Service, district: str, command: RecordProgrammeEntry, deadline: Deadline
) -> ProgrammeEntry | Refused:
    """Record; BATCH_UNKNOWN, BASE_SCHOOL_UNKNOWN, ALREADY_RECORDED, or what the law or the register does not know."""
    refused = assess_entry(command.content, command.evidence)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> ProgrammeEntry | Refused:
        refused = await _wrong(service, conn, district, command)
        if refused is not None:
            return refused
        made = ProgrammeEntry(
            id=str(uuid_utils.uuid7()),
            version=1,
            batch=command.batch,
            school=command.school,
            content=command.content,
            evidence=command.evidence.strip(),
            recorded_by=command.caller.subject,
            recorded_role=command.caller.role,
            recorded_at=service.clock.now(),
        )
        await add_version(conn, district, made)
        return made

    return await once(service.databases, district, command, ProgrammeEntry, deadline, work)


async def _wrong(
    service: Service, conn: AsyncConnection, district: str, command: RecordProgrammeEntry
) -> Refused | None:
    batch = batch_of(await read_batches(conn, district), command.batch)
    if batch is None:
        return refusals.batch_unknown(command.batch)
    refused = await may_record(conn, command.caller, batch, command.school, command.content)
    if refused is None and command.school not in batch.schools:
        refused = refusals.no_base_school(command.school)
    if refused is None:
        refused = await check_entry(service, conn, district, batch, command.school, command.content)
    if refused is not None:
        return refused
    there = await standing_entries(conn, district, until=batch.starts_on, school=command.school)
    same = same_as(command.content, there)
    return None if same is None else refusals.already_recorded(same.id)
