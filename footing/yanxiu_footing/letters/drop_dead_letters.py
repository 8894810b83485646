"""Settle dead letters without applying them, for a reason that stays beside them."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.dead_letters import DeadLettersSettled, DropDeadLetters
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_footing import paging
from yanxiu_footing.clock import to_us
from yanxiu_footing.letters import letter_store, refusals
from yanxiu_footing.letters.served import Serves


async def drop_dead_letters(
    service: Serves, district: str, command: DropDeadLetters, deadline: Deadline
) -> DeadLettersSettled | Refused:
    """Return the letters as they stand then.

    Refused: REASON_REQUIRED, DEAD_LETTERS_UNNAMED, DEAD_LETTER_UNKNOWN, DEAD_LETTER_SETTLED, OUT_OF_BOUNDS.
    """
    if not command.reason.strip():
        return refusals.reason_missing()
    if not command.ids:
        return refusals.nothing_named()
    refused = paging.few_enough("ids", command.ids)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> DeadLettersSettled | Refused:
        rows = {row.message_id: row for row in await letter_store.rows_of(conn, district, command.ids)}
        for message_id in dict.fromkeys(command.ids):
            row = rows.get(message_id)
            if row is None:
                return refusals.letter_unknown(message_id)
            if row.resolution is not None:
                return refusals.letter_settled(message_id, row.resolution)
            now = to_us(service.clock.now())
            await letter_store.settle(
                conn, district, message_id, "dropped", command.caller.subject, now, command.reason.strip()
            )
        found = await letter_store.rows_of(conn, district, command.ids)
        return DeadLettersSettled(items=tuple(map(letter_store.told, found)))

    return await once(service.databases, district, command, DeadLettersSettled, deadline, work)
