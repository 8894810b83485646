"""Keep a command of field work once, and refold what it speaks of: the one way in which notes are written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.noting import FIELD_WORK_CHANGED, About, FieldCommand, FieldWorkChanged
from yanxiu_wire.refusal import Refused

from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_time
from yanxiu_visits.visiting.note_store import add_note
from yanxiu_visits.visiting.notes import Note

Check = Callable[[AsyncConnection], Awaitable[Refused | None]]
"""What the registry and the law say of a command: a refusal, or None."""
Folded = tuple[Any, FieldWorkChanged]
"""The answer to a note, and what is announced of it."""
Refold = Callable[[AsyncConnection, Note], Awaitable[Folded | Refused]]
"""Fold all notes of what the new one speaks of, store it, and return the answer with what to announce."""


async def take_note(
    service: Service,
    district: str,
    command: FieldCommand,
    deadline: Deadline,
    *,
    about: About,
    subject: str,
    author: str,
    reply: type,
    check: Check,
    refold: Refold,
) -> Any:
    """Keep the command as a note and answer with what it makes of its subject; the same key is answered again."""
    now = service.clock.now()
    refused = assess_time(command, now, service.tolerance)
    if refused is not None:
        return refused
    note = Note(
        subject=subject,
        author=author,
        occurred_us=to_us(command.occurred_at),
        recorded_us=to_us(now),
        command=command,
    )

    async def work(conn: AsyncConnection) -> Any:
        refused = await check(conn)
        if refused is not None:
            return refused
        await add_note(conn, district, about, note)
        folded = await refold(conn, note)
        if isinstance(folded, Refused):
            return folded
        answer, changed = folded
        await announce(conn, FIELD_WORK_CHANGED, district, changed)
        return answer

    return await once(service.databases, district, command, reply, deadline, work)


async def nothing_to_check(_conn: AsyncConnection) -> None:
    """Accept whatever the registry says: the command speaks of nothing that it knows."""
