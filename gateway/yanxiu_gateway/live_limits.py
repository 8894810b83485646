"""How much may be held open: sockets in a process, subscriptions of a caller; and the word that the process ends."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from yanxiu_wire.caller import Caller

from yanxiu_gateway.errors import limit_exceeded

# What a caller follows of a whole district is looked for again after so many seconds at the earliest, and whatever
# else of it is due within a moment goes along.
LOOKS_APART_SECONDS = 1.0
_TOGETHER_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """The most that is held open.

    `sockets_of_nobody` are those on which nobody has signed in yet. A client that takes no message for `slow_seconds`
    is told, and cut off when it does not read on in `cut_seconds`.
    """

    sockets: int = 2_000
    sockets_of_caller: int = 10
    sockets_of_nobody: int = 500
    subscriptions_of_socket: int = 20
    subscriptions_of_caller: int = 50
    init_seconds: float = 3.0
    slow_seconds: float = 30.0
    cut_seconds: float = 10.0


Owner = tuple[str, str]
"""District and subject of a caller."""


def owner_of(caller: Caller | None) -> Owner | None:
    """Whose a socket is; None where nobody has signed in on it."""
    return (caller.district, caller.subject) if caller is not None else None


@dataclass(slots=True)
class Held:
    """What is held open now, and how many clients were let go because they did not read."""

    limits: LiveLimits = field(default_factory=LiveLimits)
    sockets: int = 0
    slow: int = 0
    owners: Counter[Owner | None] = field(default_factory=Counter)
    subscriptions: Counter[tuple[str, str]] = field(default_factory=Counter)
    looks: dict[Owner, float] = field(default_factory=dict)
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    def room(self, caller: Caller | None = None) -> Room | None:
        """Take room for one more socket or stream, of a caller or of nobody yet; None where there is none."""
        room = Room(self)
        if self.sockets >= self.limits.sockets or self.ending.is_set() or not room.give(owner_of(caller)):
            return None
        self.sockets += 1
        return room

    @contextlib.contextmanager
    def subscription(self, caller: Caller) -> Iterator[None]:
        """Hold one more subscription of a caller; raises `RequestRefused` beyond the limit."""
        key, most = (caller.district, caller.subject), self.limits.subscriptions_of_caller
        if self.subscriptions[key] >= most:
            raise limit_exceeded("subscriptions", self.subscriptions[key] + 1, most)
        self.subscriptions[key] += 1
        try:
            yield
        finally:
            self.subscriptions[key] -= 1
            if not self.subscriptions[key]:
                del self.subscriptions[key]
                self.looks.pop(key, None)

    def wait_for_look(self, caller: Caller, looked: float, now: float) -> float:
        """Seconds until the caller may look again for what a district's events change; 0 for now, which is noted.

        It is for who holds a subscription, which `looked` last at that time, by a clock that only goes forward.
        """
        key = (caller.district, caller.subject)
        moment = self.looks.get(key, -math.inf)
        since = now - moment
        if since < _TOGETHER_SECONDS and looked < moment:
            return 0.0
        if since < LOOKS_APART_SECONDS:
            return LOOKS_APART_SECONDS - since
        self.looks[key] = now
        return 0.0

    def end(self) -> None:
        """The process ends: nothing new is held, and what is held is let go."""
        self.ending.set()


class Room:
    """The room that one socket or stream takes, until it leaves."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._owner: Owner | None = None
        self._counted = False

    def give(self, owner: Owner | None) -> bool:
        """Count it as the owner's from now on; whether he has room for it."""
        limits, owners = self._held.limits, self._held.owners
        if owners[owner] >= (limits.sockets_of_nobody if owner is None else limits.sockets_of_caller):
            return False
        self._uncount()
        owners[owner] += 1
        self._owner, self._counted = owner, True
        return True

    def leave(self) -> None:
        """Give the room back."""
        self._uncount()
        self._held.sockets -= 1

    def _uncount(self) -> None:
        if self._counted:
            owners = self._held.owners
            owners[self._owner] -= 1
            if not owners[self._owner]:
                del owners[self._owner]
