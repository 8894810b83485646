"""What is measured now and then of every district: what waits in the outbox, and whether the stream has what was sent.

The stream is never the record. That it lacks an event which the outbox says it has is seen here within a minute.
"""

from __future__ import annotations

import time
from typing import Any

import msgspec
import sqlalchemy as sa
from yanxiu_wire.metrics import Count, gauge
from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import holds

from yanxiu_durable.databases import Databases
from yanxiu_durable.looking import Look
from yanxiu_durable.tables import OUTBOX

SENT = Count(
    "yanxiu_outbox_sent_total", "发件箱中送入事件流的条数", "events that the relay took to the stream", ("service",)
)
LOST = Count(
    "yanxiu_stream_lost_events_total",
    "事件流丢失、由台账一侧重新送出的事件数",
    "events that the stream had lost and that were sent again from the outbox",
    ("service", "district"),
)
_WAITING = gauge(
    "yanxiu_outbox_waiting",
    "发件箱中尚未送入事件流的事件数",
    "events that wait in the outbox for the stream",
    ("service", "district"),
)
_OLDEST = gauge(
    "yanxiu_outbox_oldest_seconds",
    "发件箱中最早一条等候的秒数，没有则为 0",
    "for how long the oldest event in the outbox has been waiting, 0 when none waits",
    ("service", "district"),
)
_BEHIND = gauge(
    "yanxiu_stream_behind",
    "1 表示事件流缺少发件箱记为已送出的最新一条",
    "1 when the stream lacks the newest event that the outbox says was sent",
    ("service", "district"),
)

_UNSENT = sa.select(sa.func.count().label("rows"), sa.func.min(OUTBOX.c.recorded_ms).label("oldest")).where(
    OUTBOX.c.district == sa.bindparam("of"), OUTBOX.c.sent_ms.is_(None)
)
_NEWEST_SENT = (
    sa.select(OUTBOX.c.id, OUTBOX.c.stream_seq)
    .where(OUTBOX.c.district == sa.bindparam("of"), OUTBOX.c.sent_ms.is_not(None))
    .order_by(OUTBOX.c.seq.desc())
    .limit(1)
)


class Lag(msgspec.Struct, frozen=True, kw_only=True):
    """How far a district's announcements are: how many wait, the oldest for how long, and whether the stream lacks
    what it had (None: it cannot be asked now).
    """

    waiting: int
    oldest_seconds: float
    behind: bool | None


async def measure(databases: Databases, bus: Bus, district: str) -> Lag:
    """Measure one district, and show Prometheus what was found."""

    def found(look: Look) -> tuple[Any, Any]:
        unsent, newest = look(_UNSENT, {"of": district}), look(_NEWEST_SENT, {"of": district})
        return unsent[0], newest[0] if newest else None

    unsent, newest = await databases.look(district, found)
    oldest = max(time.time() - unsent.oldest / 1000, 0.0) if unsent.oldest is not None else 0.0
    there = True if newest is None else await holds(bus, newest.stream_seq, newest.id)
    lag = Lag(waiting=unsent.rows, oldest_seconds=oldest, behind=None if there is None else not there)
    _WAITING.labels(databases.service, district).set(lag.waiting)
    _OLDEST.labels(databases.service, district).set(lag.oldest_seconds)
    if lag.behind is not None:
        _BEHIND.labels(databases.service, district).set(lag.behind)
    return lag
