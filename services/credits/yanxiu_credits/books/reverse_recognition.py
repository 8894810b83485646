"""Take the recognition of one teacher's period back, so that the period can be recognised anew."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.books import RecognitionReversed, ReverseRecognition
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.kinds import RECOGNITION
from yanxiu_credits.books.reverse import reverse
from yanxiu_credits.books.tables import recognition
from yanxiu_credits.service import Service
from yanxiu_credits.tables import ledger

_ENTRY = (
    sa.select(ledger.c.entry_id)
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

    Refuses with ENTRY_UNKNOWN, ALREADY_REVERSED, PERIOD_LOCKED, REASON_MISSING or LEDGER_BROKEN.
    """

    async def work(conn: AsyncConnection) -> RecognitionReversed | Refused:
        entry_id = await conn.scalar(_ENTRY, {"of": district, "its": command.recognition})
        if entry_id is None:
            return no.entry_unknown(command.recognition)
        entry = await reverse(
            conn, service, district, entry_id, reason=command.reason, by=command.caller, why="correction"
        )
        return entry if isinstance(entry, Refused) else RecognitionReversed(entry=entry)

    return await once(service.databases, district, command, RecognitionReversed, deadline, work, few_rows=True)
