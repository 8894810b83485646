"""Events enter the outbox in the transaction that made them true; the relay takes them to the stream afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire import tracing
from yanxiu_wire.codec import encode
from yanxiu_wire.endpoint import Event
from yanxiu_wire.faults import MessageTooLarge

from yanxiu_durable.directly import add_later, changed_by, heads_of, rows_of
from yanxiu_durable.tables import CONSUMED, OUTBOX

# Bytes of an event's body: nats-server, as it is delivered, takes 1 MiB with headers.
MAX_EVENT = 1_000_000

_NEXT = sa.select((sa.func.coalesce(sa.func.max(OUTBOX.c.seq), 0) + 1).label("next")).where(
    OUTBOX.c.district == sa.bindparam("of")
)
_GIVEN = {name: sa.bindparam(name) for name in ("district", "id", "subject", "body", "trace", "recorded_ms")}
# On PostgreSQL one event takes its place in the same statement; otherwise the last place is read once for all.
# Inline: nobody asks which place it was, so that the statement can go to PostgreSQL together with others.
_QUEUE_ONE = sa.insert(OUTBOX).values(seq=_NEXT.scalar_subquery(), **_GIVEN).inline()
_QUEUE = sa.insert(OUTBOX).values(seq=sa.bindparam("seq"), **_GIVEN)


async def announce(connection: AsyncConnection, event: Event[Any], district: str, body: Any) -> str:
    """Queue one event behind those of the district; returns its message id (UUIDv7)."""
    return (await announce_all(connection, district, [(event, body)]))[0]


async def announce_all(
    connection: AsyncConnection, district: str, events: Iterable[tuple[Event[Any], Any]]
) -> tuple[str, ...]:
    """Queue events in order with one statement for all, however many; returns their message ids.

    Raises `MessageTooLarge` for an event that the stream would never take, and so would hold up those behind it.
    """
    now = int(time.time() * 1000)
    trace = tracing.carried().get("traceparent")
    rows = [
        {
            "district": district,
            "id": str(uuid_utils.uuid7()),
            "subject": event.subject(district),
            "body": encode(body),
            "trace": trace,
            "recorded_ms": now,
        }
        for event, body in events
    ]
    largest = max((len(row["body"]) for row in rows), default=0)
    if largest > MAX_EVENT:
        raise MessageTooLarge(largest, MAX_EVENT)
    if len(rows) == 1 and connection.dialect.name != "sqlite":
        await changed_by(connection, _QUEUE_ONE, {"of": district, **rows[0]})
    elif rows:
        # The caller's transaction holds the district's lock: nobody else takes a place meanwhile.
        heads = heads_of(connection)
        after = heads.get(OUTBOX.name) or int((await rows_of(connection, _NEXT, {"of": district}))[0].next)
        await add_later(connection, _QUEUE, [{"seq": seq, **row} for seq, row in enumerate(rows, start=after)])
        heads[OUTBOX.name] = after + len(rows)
    return tuple(row["id"] for row in rows)


async def apply_once(connection: AsyncConnection, district: str, message_id: str) -> bool:
    """Whether this event of another service is new here; notes it in the caller's transaction."""
    known = sa.select(CONSUMED.c.message_id).where(CONSUMED.c.district == district, CONSUMED.c.message_id == message_id)
    if (await connection.execute(known)).first() is not None:
        return False
    row = {"district": district, "message_id": message_id, "applied_ms": int(time.time() * 1000)}
    await connection.execute(sa.insert(CONSUMED), row)
    return True
