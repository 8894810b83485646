"""Answer for a page of a district's dead letters."""

from __future__ import annotations

from yanxiu_wire.dead_letters import DeadLetterPage, ListDeadLetters
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_footing import paging
from yanxiu_footing.letters.letter_store import page_of
from yanxiu_footing.letters.served import Serves


async def list_dead_letters(
    service: Serves, district: str, query: ListDeadLetters, deadline: Deadline
) -> DeadLetterPage | Refused:
    """Return the letters asked for, newest first. Refused: OUT_OF_BOUNDS, CURSOR_MALFORMED."""
    refused = paging.bounded(query.page)
    if refused is not None:
        return refused
    after = paging.instant_and_id(query.page.after)
    if isinstance(after, Refused):
        return after
    deadline.check()
    async with service.databases.read(district) as conn:
        return await page_of(conn, district, query.state, query.consumer, after, query.page.first)
