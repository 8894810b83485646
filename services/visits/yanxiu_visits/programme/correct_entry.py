"""Put an entry of the programme right, or take it back: a new version each time, the old ones stay."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.programme import (
    BaseSchoolBatch,
    CorrectProgrammeEntry,
    ProgrammeEntry,
    WithdrawProgrammeEntry,
)
from yanxiu_wire.refusal import Refused

from yanxiu_visits.programme import refusals
from yanxiu_visits.programme.assess_entry import MOST_EVIDENCE, assess_entry, same_as
from yanxiu_visits.programme.batches import batch_of, read_batches
from yanxiu_visits.programme.check_entry import check_entry, may_record
from yanxiu_visits.programme.entry_store import add_version, kind_of, read_entry, standing_entries
from yanxiu_visits.scope import SCHOOL_ROLES
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text

Change = CorrectProgrammeEntry | WithdrawProgrammeEntry


async def correct_entry(
    service: Service, district: str, command: CorrectProgrammeEntry, deadline: Deadline
) -> ProgrammeEntry | Refused:
    """Correct; VERSION_CHANGED where another version than the one seen is the newest, ENTRY_WITHDRAWN, ANOTHER_KIND."""
    refused = assess_entry(command.content, command.evidence, command.reason)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> ProgrammeEntry | Refused:
        found = await _open_entry(conn, district, command)
        if isinstance(found, Refused):
            return found
        old, batch = found
        if kind_of(command.content) != kind_of(old.content):
            return refusals.another_kind(kind_of(command.content))
        refused = await check_entry(service, conn, district, batch, old.school, command.content)
        if refused is not None:
            return refused
        there = await standing_entries(conn, district, until=batch.starts_on, school=old.school)
        same = same_as(command.content, [one for one in there if one.id != old.id])
        if same is not None:
            return refusals.already_recorded(same.id)
        made = msgspec.structs.replace(old, content=command.content, evidence=command.evidence.strip())
        return await _next_version(service, conn, district, command, made)

    return await once(service.databases, district, command, ProgrammeEntry, deadline, work)


async def withdraw_entry(
    service: Service, district: str, command: WithdrawProgrammeEntry, deadline: Deadline
) -> ProgrammeEntry | Refused:
    """Withdraw; refused as a correction is."""
    refused = assess_text("reason", command.reason, most=MOST_EVIDENCE)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> ProgrammeEntry | Refused:
        found = await _open_entry(conn, district, command)
        if isinstance(found, Refused):
            return found
        made = msgspec.structs.replace(found[0], withdrawn=True)
        return await _next_version(service, conn, district, command, made)

    return await once(service.databases, district, command, ProgrammeEntry, deadline, work)


async def _open_entry(
    conn: AsyncConnection, district: str, command: Change
) -> tuple[ProgrammeEntry, BaseSchoolBatch] | Refused:
    """Return the entry that the caller may change, as he saw it, with its batch.

    A school changes what a school recorded, not what an officer or a researcher recorded of it.
    """
    old = await read_entry(conn, district, command.entry)
    batch = batch_of(await read_batches(conn, district), old.batch) if old is not None else None
    if old is None or batch is None:
        return refusals.entry_unknown(command.entry)
    refused = await may_record(conn, command.caller, batch, old.school, old.content)
    if refused is not None:
        hidden = refused.errors[0].code == "BASE_SCHOOL_UNKNOWN"
        return refusals.entry_unknown(command.entry) if hidden else refused
    if command.caller.role in SCHOOL_ROLES and old.recorded_role not in SCHOOL_ROLES:
        return refusals.not_the_schools(old.id)
    if old.withdrawn:
        return refusals.entry_withdrawn(old.id)
    return (old, batch) if old.version == command.expected_version else refusals.entry_changed(old.version)


async def _next_version(
    service: Service, conn: AsyncConnection, district: str, command: Change, made: ProgrammeEntry
) -> ProgrammeEntry | Refused:
    made = msgspec.structs.replace(
        made,
        version=made.version + 1,
        reason=command.reason.strip(),
        recorded_by=command.caller.subject,
        recorded_role=command.caller.role,
        recorded_at=service.clock.now(),
    )
    return made if await add_version(conn, district, made) else refusals.entry_changed(made.version)
