"""Take the recognition of one teacher's period back, so that the period can be recognised anew."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.books import RecognitionReversed, ReverseRecognition
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.kinds import RECOGNITION
from yanxiu_credits.books.reverse import reverse
from yanxiu_credits.books.tables import recognition
from yanxiu_credits.service import Service
from yanxiu_credits.tables import ledger
from yanxiu_credits.workflow.running import Running, load
from yanxiu_credits.workflow.store import read_process
from yanxiu_credits.workflow.taken_back import sign_taken_back, too_low

_ENTRY = (
    sa.select(ledger.c.entry_id, recognition.c.id, recognition.c.process)
    .select_from(
        ledger.outerjoin(
            recognition,
            sa.and_(recognition.c.district == ledger.c.district, recognition.c.entry == ledger.c.seq),
        )
    )
    .where(
        ledger.c.district == sa.bindparam("of"),
        ledger.c.kind == RECOGNITION,
        sa.or_(recognition.c.id == sa.bindparam("its"), ledger.c.entry_id == sa.bindparam("its")),
    )
)


async def reverse_recognition(
    service: Service, district: str, command: ReverseRecognition, deadline: Deadline
) -> RecognitionReversed | Refused:
    """Reverse a recognition by its id or its entry's; its period must have been opened first.

    The process that made it stands before its recognition again, where the teacher can be recognised anew. Refuses
    with ENTRY_UNKNOWN, LEVEL_TOO_LOW, ALREADY_REVERSED, PERIOD_LOCKED, REASON_MISSING, LEDGER_BROKEN or LAW_UNUSABLE.
    """

    async def work(conn: AsyncConnection) -> RecognitionReversed | Refused:
        found = (await conn.execute(_ENTRY, {"of": district, "its": command.recognition})).first()
        if found is None:
            return no.entry_unknown(command.recognition)
        its = await _process(conn, service, district, command.caller, found.process)
        refused = its if isinstance(its, Refused) else too_low(its) if its is not None else None
        if refused is not None:
            return refused
        entry = await reverse(
            conn, service, district, found.entry_id, reason=command.reason, by=command.caller, why="correction"
        )
        if isinstance(entry, Refused):
            return entry
        if isinstance(its, Running):
            result = {"reversed": 1, "recognition": found.id}
            await sign_taken_back(conn, service, its, reason=command.reason.strip(), result=result)
        return RecognitionReversed(entry=entry)

    return await once(service.databases, district, command, RecognitionReversed, deadline, work, few_rows=True)


async def _process(
    conn: AsyncConnection, service: Service, district: str, caller: Caller, process: str | None
) -> Running | Refused | None:
    """Return the process that recognised, None for a recognition that was posted without one."""
    if process is None or await read_process(conn, district, process) is None:
        return None
    return await load(conn, service, district, caller, process, None)
