"""Whether this host's clock can be believed before something is written by it.

A clock that was turned back would write entries before those that are there; one that jumped ahead would date them,
let tokens run out, and reach the next year's law. So a command is refused while the clock lies behind the newest
announcement of its district, and while it has moved against the steady clock of the machine or against the server of
the bus and nobody could confirm it. What counts for credits is the day of the event, never the day of the entry.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from yanxiu_durable.databases import Databases
from yanxiu_durable.tables import OUTBOX
from yanxiu_wire import log
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.metrics import Count, gauge
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus, Handler
from yanxiu_wire.server_clock import Reference, server_time

from yanxiu_footing.clock import Clock
from yanxiu_footing.refusals import refuse

# Clocks of one deployment are kept within a second; what lies further apart than a minute is no drift.
MOST_SECONDS = 60.0
# A machine that slept for a night is believed when the bus's server agrees; days ahead, only after a restart.
MOST_JUMP_SECONDS = 6 * 3600.0
_LOOK_SECONDS = 60.0
_NEVER = (0.0, float("-inf"))
_REFUSED = Count(
    "yanxiu_clock_refusals_total",
    "因时钟不可信而拒绝的写操作：落后 behind、跳变 jumped、与消息服务器不符 disagrees",
    "commands refused for a clock that cannot be believed: behind, jumped, disagrees",
    ("service", "problem"),
)
_OFFSET = gauge(
    "yanxiu_clock_offset_seconds",
    "本机时钟超前消息服务器的秒数",
    "by how many seconds this host's clock is ahead of the bus's server",
    ("service",),
)
_log = log.logger()


class ClockGuard:
    """Watches one process's clock; `refuses` is asked before every command and usually compares four numbers."""

    def __init__(
        self,
        databases: Databases,
        reference: Reference,
        *,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._databases = databases
        self._reference = reference
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()
        self._asked_at = float("-inf")
        self._disagrees = False
        # For each district the newest time that was seen in it, and when that was looked up.
        self._newest: dict[str, tuple[float, float]] = {}

    async def refuses(self, district: str) -> Refused | None:
        """The refusal of a command in this district now, None when the clock can be believed."""
        if self._steady() - self._newest.get(district, _NEVER)[1] > _LOOK_SECONDS:
            recorded = await self._recorded(district)
            self._newest[district] = (max(self._newest.get(district, _NEVER)[0], recorded), self._steady())
        while self._doubtful(wall := self._wall()):
            problem = await self._look()
            if problem is not None:
                return self._refused(problem, self._jumped(self._wall()))
        # Nobody was waited for since: this is the time that was found right, and the next are held against it.
        newest, looked_at = self._newest[district]
        if wall < newest - MOST_SECONDS:
            return self._refused("behind", wall - newest)
        self._newest[district] = (max(wall, newest), looked_at)
        return None

    def _doubtful(self, wall: float) -> bool:
        late = self._steady() - self._asked_at > _LOOK_SECONDS
        return late or self._disagrees or abs(self._jumped(wall)) > MOST_SECONDS

    def _jumped(self, wall: float) -> float:
        return wall - self._steady() - self._offset

    async def _look(self) -> str | None:
        """What is wrong with the clock, as far as the steady one and the server's can tell."""
        told = await self._reference()
        self._asked_at = self._steady()
        ahead = self._wall() - told if told is not None else None
        if ahead is not None:
            _OFFSET.labels(self._databases.service).set(ahead)
            self._disagrees = abs(ahead) > MOST_SECONDS
        if self._disagrees:
            return "disagrees"
        # Looked at anew: of commands that wait here together, the first may have taken it into account already.
        jumped = self._jumped(self._wall())
        if abs(jumped) <= MOST_SECONDS:
            return None
        if ahead is None or abs(jumped) > MOST_JUMP_SECONDS:
            return "jumped"
        # Set right, or the machine slept: the server says the same.
        _log.warning("clock-moved", service=self._databases.service, seconds=round(jumped))
        self._offset += jumped
        return None

    async def _recorded(self, district: str) -> float:
        """When the newest announcement of the district was written, by the clock of who wrote it."""
        if not await self._databases.has(district):
            return 0.0
        query = sa.select(OUTBOX.c.recorded_ms).where(OUTBOX.c.district == district)
        async with self._databases.read(district) as conn:
            found = await conn.scalar(query.order_by(OUTBOX.c.seq.desc()).limit(1))
        return (found or 0) / 1000

    def _refused(self, problem: str, seconds: float) -> Refused:
        _REFUSED.add(self._databases.service, problem)
        _log.error("clock-not-believed", service=self._databases.service, problem=problem, seconds=round(seconds))
        zh, en = _SAID[problem]
        return refuse(
            "CLOCK_NOT_BELIEVED",
            field="",
            value=problem,
            zh=f"服务器时钟{zh}，为免记错日期，暂不办理写操作；查询不受影响。",
            en=f"The server's clock {en}; nothing is written, so that nothing is dated wrongly. Reading goes on.",
            remedy=(
                "请稍后以同一 idempotencyKey 重试；运维须校准时钟（NTP），跳变数日的还须重启服务。",
                "Try again later with the same idempotencyKey; the operator sets the clock right (NTP), and after a "
                "jump of days starts the service again.",
            ),
        )


_SAID = {
    "behind": ("落后于本区已有的记录", "is behind what is on record in this district"),
    "jumped": ("刚刚发生跳变，无法证实", "has just jumped, and nobody confirms it"),
    "disagrees": ("与消息服务器相差一分钟以上", "differs from that of the message server by more than a minute"),
}


def by_the_clock(
    clock: Clock, databases: Databases, bus: Bus, answers: Mapping[Endpoint[Any, Any], Handler]
) -> Mapping[Endpoint[Any, Any], Handler]:
    """Return the handlers behind a guard of this host's clock; as they are where a service was given another clock."""
    if type(clock) is not Clock:
        return answers
    return guarded(answers, ClockGuard(databases, server_time(bus, databases.service)))


def guarded(answers: Mapping[Endpoint[Any, Any], Handler], guard: ClockGuard) -> Mapping[Endpoint[Any, Any], Handler]:
    """Return the handlers, those of commands behind the guard."""
    return {endpoint: _guarded(handler, guard) if endpoint.writes else handler for endpoint, handler in answers.items()}


def _guarded(handler: Handler, guard: ClockGuard) -> Handler:
    async def handle(district: str, request: Any, deadline: Deadline) -> Any:
        refused = await guard.refuses(district)
        return refused if refused is not None else await handler(district, request, deadline)

    return handle
