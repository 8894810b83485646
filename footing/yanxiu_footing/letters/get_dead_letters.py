"""Answer for dead letters by id, with what they say."""

from __future__ import annotations

from yanxiu_wire.dead_letters import DeadLetters, GetDeadLetters
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_footing import paging
from yanxiu_footing.letters.letter_store import rows_of, told
from yanxiu_footing.letters.served import Serves


async def get_dead_letters(
    service: Serves, district: str, query: GetDeadLetters, deadline: Deadline
) -> DeadLetters | Refused:
    """Return the letters in the order asked for, None where there is none. Refused: OUT_OF_BOUNDS."""
    refused = paging.few_enough("ids", query.ids)
    if refused is not None:
        return refused
    deadline.check()
    async with service.databases.read(district) as conn:
        found = {row.message_id: told(row, whole=True) for row in await rows_of(conn, district, query.ids)}
    return DeadLetters(items=tuple(found.get(one) for one in query.ids))
