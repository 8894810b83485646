"""The sweep: events that were sent long ago are looked up in the stream again, round after round, for ever.

A disk may turn over a bit of an old block. nats-server says nothing of it: after a clean start its account still counts
the message, which only who asks for it is not given; after a kill the rest of that block is gone. Each district is gone
through once a day, some events at a time; and at once, some hundreds a second, when one was missed or when the stream's
own account has a hole.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass

from nats.js import api
from yanxiu_wire.metrics import Count

from yanxiu_durable.sent_rows import WINDOW, SentRows

# A whole round of a district takes no longer, however many events it has; few of them are seen sooner.
ROUND_SECONDS = 86_400.0
_LEAST_A_SECOND = 1.0
_AT_ONCE = 32
# While a round is in a hurry: from one look to the next.
HURRIED_SECONDS = 0.2
_LOOKED_UP = Count(
    "yanxiu_stream_looked_up_total",
    "巡查中在事件流里重新核对的已送出事件数",
    "sent events that the sweep has looked up in the stream again",
    ("service",),
)


@dataclass(slots=True)
class _Round:
    """How far a district is: after which row, of how many, looked at when (monotonic), and how much is in a hurry."""

    place: int
    rows: int
    at: float
    alarms: int
    hurried: int = 0


class Sweep:
    """Where each district's round is; a process begins anywhere, so that one which is often ended sees all in time."""

    def __init__(self, service: str, rows: SentRows) -> None:
        self._service = service
        self._rows = rows
        self._rounds: dict[str, _Round] = {}
        self._alarms = 0
        self._holes = 0
        self._ended: Counter[str] = Counter()

    @property
    def hurries(self) -> bool:
        """Whether there is a reason not to wait."""
        return any(one.hurried > 0 for one in self._rounds.values())

    def ended(self, district: str) -> int:
        """How often this process has come to the district's last event."""
        return self._ended[district]

    def hear(self, account: api.StreamState) -> None:
        """Look at the stream's account of itself: when more is missing in it than before, all is looked up in a hurry.

        Nothing is ever deleted from it, so numbers without a message are of messages that it has lost.
        """
        holes = account.last_seq - account.messages
        if holes > self._holes:
            self._alarms += 1
        self._holes = holes

    def due(self, district: str) -> bool:
        """Whether some of the district's events are to be looked up now."""
        mine = self._rounds.get(district)
        return mine is None or mine.alarms != self._alarms or mine.hurried > 0 or self._owed(mine) >= _AT_ONCE

    async def look(self, district: str) -> None:
        """Look up the next events of the district that are due, and unsend what the stream lacks."""
        mine = self._rounds.get(district)
        if mine is None:
            rows = await self._rows.last(district)
            place = random.SystemRandom().randint(0, rows)
            mine = self._rounds[district] = _Round(place, rows, time.monotonic(), alarms=0)
        if mine.alarms != self._alarms:
            mine.alarms, mine.hurried = self._alarms, mine.rows + WINDOW
        most = WINDOW if mine.hurried > 0 else min(self._owed(mine), WINDOW)
        mine.at = time.monotonic()
        if not most:
            return
        seen = await self._rows.look_up(district, mine.place, most)
        _LOOKED_UP.add(self._service, by=len(seen))
        mine.hurried -= most
        mine.place = seen[-1].seq if seen else 0
        if len(seen) < most:
            mine.place, mine.rows = 0, await self._rows.last(district)
            self._ended[district] += 1
        if not all(one.there for one in seen):
            self._alarms += 1

    @staticmethod
    def _owed(mine: _Round) -> int:
        a_second = max(mine.rows / ROUND_SECONDS, _LEAST_A_SECOND)
        return int((time.monotonic() - mine.at) * a_second)
