"""Take a record's entry back: it counts no longer, and stays as history with the reason."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.books import RecordReversed, ReverseRecord
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.changed_record import read_changed
from yanxiu_credits.books.reverse import reverse
from yanxiu_credits.service import Service
from yanxiu_credits.store.records import read_record


async def reverse_record(
    service: Service, district: str, command: ReverseRecord, deadline: Deadline
) -> RecordReversed | Refused:
    """Reverse a record's entry: a school its own while the period is open, officers any.

    Refuses with RECORD_UNKNOWN, ALREADY_REVERSED, ALREADY_CORRECTED, NOT_COUNTED, PERIOD_LOCKED, REASON_MISSING or
    LEDGER_BROKEN. The training may be registered again afterwards.
    """

    async def work(conn: AsyncConnection) -> RecordReversed | Refused:
        changed = await read_changed(conn, district, command.record, command.caller)
        if isinstance(changed, Refused):
            return changed
        if changed.entry_id is None:
            return no.not_counted(command.record)
        entry = await reverse(
            conn, service, district, changed.entry_id, reason=command.reason, by=command.caller, why="correction"
        )
        if isinstance(entry, Refused):
            return entry
        return RecordReversed(record=await read_record(conn, district, changed.id), entry=entry)

    return await once(service.databases, district, command, RecordReversed, deadline, work, few_rows=True)
