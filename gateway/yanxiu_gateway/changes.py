"""Who is to be told when something changes: one ear on the bus for each district, a flag for each who waits."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

from yanxiu_wire.credits import CREDIT_RECOGNISED, CreditRecognised
from yanxiu_wire.endpoint import Event

# What is heard may be lost on the way, and facts change without an entry: so often it is read again without a word.
LOOK_AGAIN_SECONDS = 60.0


class Ear(Protocol):
    """What listens on the bus, until it is stopped."""

    async def stop(self) -> None:
        """Hear no more."""
        ...


Listen = Callable[
    [Event[CreditRecognised], str, Callable[[CreditRecognised | None], None]],
    Awaitable[Ear],
]


class Change:
    """Set when there may be something new for the one who waits; many changes before a look are one."""

    def __init__(self, teacher: str) -> None:
        self.teacher = teacher
        self._set = asyncio.Event()

    def tell(self) -> None:
        """Say that there may be something new."""
        self._set.set()

    async def next(self, seconds: float = LOOK_AGAIN_SECONDS) -> None:
        """Return when there may be something new since the last time, or after `seconds`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._set.wait(), seconds)
        self._set.clear()


class Changes:
    """The changes of every district that somebody in this process waits for."""

    def __init__(self, listen: Listen) -> None:
        self._listen = listen
        self._waiting: dict[str, set[Change]] = {}
        self._ears: dict[str, Ear] = {}
        self._turn = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def of(self, district: str, teacher: str) -> AsyncIterator[Change]:
        """Hear of a teacher's ledger entries for as long as the block lasts; raises `ServiceUnavailable`."""
        change = Change(teacher)
        async with self._turn:
            if district not in self._ears:
                self._ears[district] = await self._listen(
                    CREDIT_RECOGNISED, district, lambda body: self._heard(district, body)
                )
            self._waiting.setdefault(district, set()).add(change)
        try:
            yield change
        finally:
            await asyncio.shield(self._leave(district, change))

    async def _leave(self, district: str, change: Change) -> None:
        async with self._turn:
            waiting = self._waiting[district]
            waiting.discard(change)
            if not waiting:
                del self._waiting[district]
                await self._ears.pop(district).stop()

    def _heard(self, district: str, body: CreditRecognised | None) -> None:
        for change in self._waiting.get(district, ()):
            if body is None or body.entry.teacher == change.teacher:
                change.tell()
