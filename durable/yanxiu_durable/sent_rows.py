"""The events that an outbox has noted as sent, looked up in the stream; what the stream lacks is unsent again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from nats.js.errors import NotFoundError
from yanxiu_wire import log
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.events import MESSAGE_ID, stream_of
from yanxiu_wire.rpc import Bus

from yanxiu_durable.databases import Databases
from yanxiu_durable.lag import LOST
from yanxiu_durable.tables import OUTBOX

# So many are looked up at once, over the one connection.
WINDOW = 128
_log = log.logger()


class Seen(NamedTuple):
    """A row of the outbox that was sent, when (Unix ms), and whether the stream has it."""

    seq: int
    sent_ms: int
    there: bool


class SentRows:
    """The sent rows of one service's districts."""

    def __init__(self, databases: Databases, bus: Bus) -> None:
        self._databases = databases
        self._bus = bus
        self._stream = stream_of(databases.service)

    async def last(self, district: str) -> int:
        """The newest row of a district that was sent; 0 when there is none."""
        query = sa.select(sa.func.max(OUTBOX.c.seq)).where(OUTBOX.c.district == district, OUTBOX.c.sent_ms.is_not(None))
        async with self._databases.read(district) as connection:
            return (await connection.execute(query)).scalar_one() or 0

    async def look_up(self, district: str, after: int, most: int = WINDOW) -> Sequence[Seen]:
        """Look up the rows after that one, in their order, and unsend those that the stream lacks; none at the end."""
        query = (
            sa.select(OUTBOX.c.seq, OUTBOX.c.id, OUTBOX.c.stream_seq, OUTBOX.c.sent_ms)
            .where(OUTBOX.c.district == district, OUTBOX.c.seq > after, OUTBOX.c.sent_ms.is_not(None))
            .order_by(OUTBOX.c.seq)
            .limit(most)
        )
        async with self._databases.read(district) as connection:
            rows = (await connection.execute(query)).all()
        there = await asyncio.gather(*(self.in_stream(row.stream_seq, row.id) for row in rows))
        seen = [Seen(row.seq, row.sent_ms, one) for row, one in zip(rows, there, strict=True)]
        await self._unsend(district, [one.seq for one in seen if not one.there])
        return seen

    async def in_stream(self, stream_seq: int, message_id: str) -> bool:
        """Whether the message at that place of the stream has that id: a stream that lost some numbers others anew."""
        try:
            found = await self._bus.jetstream.get_msg(self._stream, stream_seq)
        except NotFoundError:
            return False
        return (found.headers or {}).get(MESSAGE_ID) == message_id

    async def _unsend(self, district: str, missing: list[int]) -> None:
        if not missing:
            return
        LOST.add(self._databases.service, district, by=len(missing))
        _log.warning("stream-lost-events", district=district, events=len(missing))
        lost = sa.update(OUTBOX).where(OUTBOX.c.district == district, OUTBOX.c.seq.in_(missing))
        async with self._databases.write(district, Deadline.after(30)) as connection:
            await connection.execute(lost.values(sent_ms=None, stream_seq=None))
