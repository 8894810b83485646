"""What is measured now and then of every district: what waits in the outbox, and whether the stream has what was sent.

The stream is never the record. That it lacks an event which the outbox says it has is seen here within a minute.
"""

from __future__ import annotations

import time

import msgspec
import sqlalchemy as sa
from yanxiu_wire.metrics import Count, gauge
from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import holds

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


class Outbox(msgspec.Struct, frozen=True, kw_only=True):
    """A district's outbox: how many events wait, the oldest for how long, and which one the stream had last."""

    waiting: int
    oldest_seconds: float
    newest: tuple[int, str] | None


def look_at_outbox(look: Look, district: str) -> Outbox:
    """What stands in the outbox now."""
    unsent, newest = look(_UNSENT, {"of": district})[0], look(_NEWEST_SENT, {"of": district})
    return Outbox(
        waiting=unsent.rows,
        oldest_seconds=0.0 if unsent.oldest is None else max(time.time() - unsent.oldest / 1000, 0.0),
        newest=(newest[0].stream_seq, newest[0].id) if newest else None,
    )


async def lacks_newest(bus: Bus, service: str, outbox: Outbox) -> bool | None:
    """Whether the stream lacks the newest event that it was sent; None when it cannot be asked now."""
    there = True if outbox.newest is None else await holds(bus, service, *outbox.newest)
    return None if there is None else not there


def show_lag(service: str, district: str, outbox: Outbox, *, behind: bool | None) -> None:
    """Show Prometheus what was found."""
    _WAITING.labels(service, district).set(outbox.waiting)
    _OLDEST.labels(service, district).set(outbox.oldest_seconds)
    if behind is not None:
        _BEHIND.labels(service, district).set(behind)
