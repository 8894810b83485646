"""Who is answered first when more is asked than can be: bounded queues by urgency, and a bounded share for a district.

What can be done at once begins at once. Else it waits in the queue of its urgency: commands first, then single reads,
lists, and what takes long by nature. A queue is bounded in length and in age, so that what is begun is still wanted;
under overload reads are taken newest first, for who has waited longest is most likely to have left. What finds no room
is turned away at once with the time after which to ask again, which costs next to nothing.
"""

from __future__ import annotations

import enum
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yanxiu_wire.endpoint import Endpoint

_ORDINARY = 8.0, 3.0


class Urgency(enum.IntEnum):
    """Queues in the order in which they are served; whether a process lives is asked past all of them (`$SRV.PING`)."""

    WRITE = 0
    READ = 1
    LIST = 2
    BATCH = 3


def urgency_of(endpoint: Endpoint[object, object]) -> Urgency:
    """How urgent a request of this endpoint is: what takes longer than an ordinary command or read comes last."""
    if endpoint.seconds > _ORDINARY[0 if endpoint.writes else 1]:
        return Urgency.BATCH
    if endpoint.writes:
        return Urgency.WRITE
    return Urgency.LIST if endpoint.verb.startswith("list-") else Urgency.READ


@dataclass(frozen=True, slots=True)
class Room:
    """What one queue has: the part of all slots (in per cent) that it and the less urgent ones may hold together, how
    many may wait and for how long (seconds), and after how many milliseconds to ask again when there is no room.
    """

    slots: int
    waiting: int
    seconds: float
    newest_first: bool
    again_ms: int


# Ages are half of the ordinary deadlines at most: the other half is for the answer.
ROOMS: Mapping[Urgency, Room] = {
    Urgency.WRITE: Room(100, 512, 4.0, newest_first=False, again_ms=1000),
    Urgency.READ: Room(85, 256, 1.0, newest_first=True, again_ms=1000),
    Urgency.LIST: Room(60, 128, 1.0, newest_first=True, again_ms=2000),
    Urgency.BATCH: Room(25, 32, 10.0, newest_first=False, again_ms=5000),
}
# A district beyond its share takes no slot that another waits for, and never the last ones.
SHARE, LAST = 40, 80
# Who waits longer than this sees an overload, not a moment's crowd.
_CROWD_SECONDS = 0.1
_NONE = [0] * len(Urgency)
_QUEUES = len(Urgency)


class Asked:
    """One request: `go` is called when it may begin, or `away` with milliseconds when it is turned away."""

    __slots__ = ("away", "district", "go", "since", "urgency")

    def __init__(self, urgency: Urgency, district: str, go: Callable[[], None], away: Callable[[int], None]) -> None:
        self.urgency = urgency
        self.district = district
        self.go = go
        self.away = away
        self.since = 0.0


class Admission:
    """The slots of one process and who waits for one; `leave` is called for everyone who was told to go.

    `of_one` bounds what a single district has in hand, whoever else is there, in the same parts for each urgency.
    Not for several threads.
    """

    def __init__(
        self,
        slots: int,
        *,
        of_one: int | None = None,
        rooms: Mapping[Urgency, Room] = ROOMS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        if slots < 1:
            raise ValueError("there must be at least one slot")
        self.slots = slots
        self._share, self._last = _part(slots, SHARE), _part(slots, LAST)
        self._most = [_part(slots, rooms[one].slots) for one in Urgency]
        self._of_one = [_part(of_one or slots, rooms[one].slots) for one in Urgency]
        # With fewer than so many in hand one of this urgency may begin, whosever they are.
        bounds = zip(self._most, self._of_one, strict=True)
        self._surely = [min(slots, self._share, most, of_one) for most, of_one in bounds]
        self._rooms = rooms
        self._share_of_queue = [_part(rooms[one].waiting, SHARE) for one in Urgency]
        self._now = now
        self.running = 0
        self._running = [0] * len(Urgency)
        self._mine: dict[str, list[int]] = {}
        # For each urgency the districts that wait, in turn, each with its own in order of arrival.
        self._waiting: list[dict[str, deque[Asked]]] = [{} for _ in Urgency]
        self._lengths = [0] * len(Urgency)
        self._swept = 0.0
        # Who was told that there is room and has not entered; forgotten at every sweep, for some never do.
        self._coming: dict[tuple[Urgency, str], int] = {}
        self.turned_away = [0] * len(Urgency)

    def waiting(self, urgency: Urgency) -> int:
        """How many wait in a queue."""
        return self._lengths[urgency]

    def in_hand(self, urgency: Urgency) -> int:
        """How many of a queue were told to go and have not left."""
        return self._running[urgency]

    def of(self, district: str) -> int:
        """How many of a district were told to go and have not left."""
        return sum(self._mine.get(district, _NONE))

    @property
    def crowded(self) -> bool:
        """Whether so much is in hand that a district may soon have its share of a queue."""
        return self.running >= self._share

    def no_room(self, urgency: Urgency, district: str) -> int | None:
        """Turn away one who has not entered, when his district has its share of the queue: after how many milliseconds
        to ask again. None when he may enter; he counts from now on, for many may come before the first has entered.
        """
        self._sweep(self._now())
        coming = self._coming.get((urgency, district), 0)
        if len(self._waiting[urgency].get(district, ())) + coming < self._share_of_queue[urgency]:
            self._coming[urgency, district] = coming + 1
            return None
        self.turned_away[urgency] += 1
        return self._rooms[urgency].again_ms

    @property
    def idle(self) -> bool:
        """Whether nobody is in hand and nobody waits."""
        return not self.running and not any(self._lengths)

    def at_once(self, urgency: Urgency, district: str) -> bool:
        """Whether one may begin now who ends before anybody else has a turn: he holds no slot."""
        return not any(self._lengths) and self._may(urgency, district)

    def enter(self, asked: Asked) -> None:
        """Take a request: it goes at once, waits, or is turned away (it, or another that waits with less right)."""
        if self._coming:
            key = asked.urgency, asked.district
            self._coming[key] = max(self._coming.get(key, 0) - 1, 0)
        if self.at_once(asked.urgency, asked.district):
            return self._go(asked)
        asked.since = self._now()
        urgency = asked.urgency
        self._waiting[urgency].setdefault(asked.district, deque()).append(asked)
        self._lengths[urgency] += 1
        self._sweep(asked.since)
        self._begin()
        if self._lengths[urgency] > self._rooms[urgency].waiting:
            self._turn_one_away(urgency)
        return None

    def leave(self, urgency: Urgency, district: str) -> None:
        """One that was told to go is done: the next may begin."""
        self.running -= 1
        self._running[urgency] -= 1
        mine = self._mine[district]
        mine[urgency] -= 1
        if not any(mine):
            del self._mine[district]
        if any(self._lengths):
            self._sweep(self._now())
            self._begin()

    def _may(self, urgency: Urgency, district: str) -> bool:
        if self.running < self._surely[urgency]:
            return True
        if self.running >= self.slots or sum(self._running[urgency:]) >= self._most[urgency]:
            return False
        mine = self._mine.get(district, _NONE)
        if sum(mine[urgency:]) >= self._of_one[urgency]:
            return False
        return sum(mine) < self._share or (self.running < self._last and not self._others_wait(district))

    def _others_wait(self, district: str) -> bool:
        """Whether a district that has less than its share waits."""
        return any(other != district and self.of(other) < self._share for queue in self._waiting for other in queue)

    def _go(self, asked: Asked) -> None:
        self.running += 1
        self._running[asked.urgency] += 1
        mine = self._mine.get(asked.district)
        if mine is None:
            mine = self._mine[asked.district] = [0] * _QUEUES
        mine[asked.urgency] += 1
        asked.go()

    def _begin(self) -> None:
        """Let go all that may: the most urgent first, districts in turn."""
        for urgency in Urgency:
            while self.running < self.slots:
                district = next((one for one in self._waiting[urgency] if self._may(urgency, one)), None)
                if district is None:
                    break
                self._go(self._next(urgency, district))

    def _next(self, urgency: Urgency, district: str) -> Asked:
        queue = self._waiting[urgency].pop(district)
        crowded = self._now() - queue[0].since > _CROWD_SECONDS
        found = queue.pop() if crowded and self._rooms[urgency].newest_first else queue.popleft()
        self._lengths[urgency] -= 1
        if queue:
            # Behind the other districts: it is their turn now.
            self._waiting[urgency][district] = queue
        return found

    def _turn_one_away(self, urgency: Urgency) -> None:
        """Of the district that has most waiting: its oldest read, or its newest command."""
        district = max(self._waiting[urgency], key=lambda one: len(self._waiting[urgency][one]))
        queue = self._waiting[urgency][district]
        self._away(urgency, queue.popleft() if self._rooms[urgency].newest_first else queue.pop())
        if not queue:
            del self._waiting[urgency][district]

    def _sweep(self, now: float) -> None:
        """Turn away who has waited too long, looked at ten times a second while anybody waits."""
        if now - self._swept < _CROWD_SECONDS:
            return
        self._swept = now
        self._coming.clear()
        for urgency in Urgency:
            oldest = now - self._rooms[urgency].seconds
            for district, queue in tuple(self._waiting[urgency].items()):
                while queue and queue[0].since < oldest:
                    self._away(urgency, queue.popleft())
                if not queue:
                    del self._waiting[urgency][district]

    def _away(self, urgency: Urgency, asked: Asked) -> None:
        self._lengths[urgency] -= 1
        self.turned_away[urgency] += 1
        asked.away(self._rooms[urgency].again_ms)


def _part(slots: int, per_cent: int) -> int:
    return max(1, math.ceil(slots * per_cent / 100))
