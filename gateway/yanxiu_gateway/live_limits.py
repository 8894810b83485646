"""How much may be held open: sockets in a process, subscriptions of a caller; and the word that the process ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from yanxiu_wire.caller import Caller

from yanxiu_gateway.errors import limit_exceeded


@dataclass(frozen=True, slots=True)
class LiveLimits:
    """The most that is held open.

    A client that takes no message for `slow_seconds` is told, and cut off when it does not read on in `cut_seconds`.
    """

    sockets: int = 2_000
    subscriptions_of_socket: int = 20
    subscriptions_of_caller: int = 50
    init_seconds: float = 3.0
    slow_seconds: float = 30.0
    cut_seconds: float = 10.0


@dataclass(slots=True)
class Held:
    """What is held open now, and how many clients were let go because they did not read."""

    limits: LiveLimits = field(default_factory=LiveLimits)
    sockets: int = 0
    slow: int = 0
    subscriptions: Counter[tuple[str, str]] = field(default_factory=Counter)
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    @contextlib.contextmanager
    def socket(self) -> Iterator[bool]:
        """Whether there is room for one more socket (or stream), which is held while the block lasts."""
        if self.sockets >= self.limits.sockets or self.ending.is_set():
            yield False
            return
        self.sockets += 1
        try:
            yield True
        finally:
            self.sockets -= 1

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

    def end(self) -> None:
        """The process ends: nothing new is held, and what is held is let go."""
        self.ending.set()
