"""Who is told when something changes: one ear on the bus for each event and district, a flag for each who waits."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Protocol

from yanxiu_wire.endpoint import Event

from yanxiu_gateway.heard_events import HEARD

# What is heard may be lost on the way, and facts change without an entry: so often it is read again without a word.
LOOK_AGAIN_SECONDS = 60.0


class Ear(Protocol):
    """What listens on the bus, until it is stopped."""

    @property
    def newest(self) -> str | None:
        """The id of the newest announcement; empty when there is none, None when it is not known."""
        ...

    async def stop(self) -> None:
        """Hear no more."""
        ...


Listen = Callable[[Event[Any], str, Callable[[Any], None]], Awaitable[Ear]]


class Change:
    """Set when there may be something new for the one who waits; many changes before a look are one."""

    def __init__(self, concerns: Callable[[Any], bool], newest: Callable[[], str | None]) -> None:
        self.concerns = concerns
        self.newest = newest
        self._set = asyncio.Event()

    def tell(self) -> None:
        """Say that there may be something new."""
        self._set.set()

    def seen(self) -> None:
        """Say that it is looked now: what was told so far needs no look of its own."""
        self._set.clear()

    async def next(self, seconds: float = LOOK_AGAIN_SECONDS) -> None:
        """Return when there may be something new since the last time, or after `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._set.wait()
        self._set.clear()


class Changes:
    """The changes of every district that somebody in this process waits for."""

    def __init__(self, listen: Listen) -> None:
        self._listen = listen
        self._waiting: dict[tuple[str, str], set[Change]] = {}
        self._ears: dict[tuple[str, str], Ear] = {}
        self._turn = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def heard(self, event: Event[Any], district: str, concerns: Callable[[Any], bool]) -> AsyncIterator[Change]:
        """Hear of an event of a district where its body concerns the one who waits; raises `ServiceUnavailable`.

        `ValueError` for an event that is not listed: the gateway's credential would not hear it.
        """
        if event not in HEARD:
            raise ValueError(f"{event.name} is not among the events of yanxiu_gateway.heard_events")
        where = (event.name, district)
        change = Change(concerns, lambda: self._ears[where].newest)
        async with self._turn:
            if where not in self._ears:
                self._ears[where] = await self._listen(event, district, lambda body: self._heard(where, body))
            self._waiting.setdefault(where, set()).add(change)
        try:
            yield change
        finally:
            await asyncio.shield(self._leave(where, change))

    async def _leave(self, where: tuple[str, str], change: Change) -> None:
        async with self._turn:
            waiting = self._waiting[where]
            waiting.discard(change)
            if not waiting:
                del self._waiting[where]
                await self._ears.pop(where).stop()

    def _heard(self, where: tuple[str, str], body: Any) -> None:
        for change in self._waiting.get(where, ()):
            if body is None or change.concerns(body):
                change.tell()
