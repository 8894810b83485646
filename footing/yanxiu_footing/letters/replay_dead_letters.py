"""Apply dead letters again, each for itself: what still cannot be applied stays open and holds up no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.codec import decode
from yanxiu_wire.consuming import problem_of
from yanxiu_wire.dead_letters import DeadLettersSettled, ReplayDeadLetters
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.events import Delivery
from yanxiu_wire.faults import MessageMalformed
from yanxiu_wire.refusal import Refused

from yanxiu_footing import paging
from yanxiu_footing.clock import from_us, to_us
from yanxiu_footing.letters import letter_store, refusals
from yanxiu_footing.letters.served import Applied, Serves

MOST = 200
# Of the letter; whatever else is raised is of the moment, and undoes the whole command.
_OF_THE_LETTER = (MessageMalformed, LookupError, TypeError, ValueError, ArithmeticError, IntegrityError, DataError)
UseCase = Callable[[Any, str, ReplayDeadLetters, Deadline], Awaitable[DeadLettersSettled | Refused]]


def replaying(applied: Applied) -> UseCase:
    """Return the use case for a service that applies announcements so."""

    async def replay_dead_letters(
        service: Serves, district: str, command: ReplayDeadLetters, deadline: Deadline
    ) -> DeadLettersSettled | Refused:
        """Return the letters as they stand then. Refused: DEAD_LETTERS_UNNAMED, DEAD_LETTER_UNKNOWN, OUT_OF_BOUNDS."""
        if bool(command.ids) == (command.consumer is not None):
            return refusals.nothing_named()
        refused = paging.few_enough("ids", command.ids)
        if refused is not None:
            return refused

        async def work(conn: AsyncConnection) -> DeadLettersSettled | Refused:
            rows = await _asked(conn, district, command)
            if isinstance(rows, Refused):
                return rows
            for row in rows:
                deadline.check()
                await _replay(service, conn, district, row, applied, command.caller.subject)
            found = await letter_store.rows_of(conn, district, [row.message_id for row in rows])
            return DeadLettersSettled(items=tuple(map(letter_store.told, found)))

        answer = await once(service.databases, district, command, DeadLettersSettled, deadline, work)
        service.arrivals.announce()
        return answer

    return replay_dead_letters


async def _asked(conn: AsyncConnection, district: str, command: ReplayDeadLetters) -> list[Any] | Refused:
    if command.consumer is not None:
        return await letter_store.open_rows(conn, district, command.consumer, MOST)
    rows = await letter_store.rows_of(conn, district, command.ids)
    unknown = set(command.ids) - {row.message_id for row in rows}
    if unknown:
        return refusals.letter_unknown(min(unknown))
    dropped = next((row for row in rows if row.resolution == "dropped"), None)
    return refusals.letter_settled(dropped.message_id, "dropped") if dropped is not None else rows


async def _replay(service: Serves, conn: AsyncConnection, district: str, row: Any, applied: Applied, by: str) -> None:
    if row.resolution is not None:
        # Replayed before: its effect is there, and saying so again is the answer.
        return
    try:
        async with conn.begin_nested():
            found = _delivery(district, row, applied)
            await applied.remember(conn, district, [found])
            await applied.copy.apply(conn, district, [found.body])
    except _OF_THE_LETTER as error:
        await letter_store.failed_again(conn, district, row.message_id, problem_of(error))
        return
    await letter_store.settle(conn, district, row.message_id, "replayed", by, to_us(service.clock.now()))


def _delivery(district: str, row: Any, applied: Applied) -> Delivery:
    event = applied.event(row.event)
    if event is None:
        raise LookupError(row.event)
    return Delivery(
        district=district,
        event=event,
        body=decode(event.body, row.body),
        message_id=row.message_id,
        announced_at=from_us(row.announced_us or row.given_up_us),
    )
