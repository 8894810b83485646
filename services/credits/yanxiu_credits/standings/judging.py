"""Judging a whole district once, however many ask: it goes on when the one who asked first has left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.ending import end
from yanxiu_wire.faults import DeadlineExceeded


class Judging:
    """The districts and periods that this process judges at the moment."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[None]] = {}

    @property
    def busy(self) -> bool:
        """Whether anything is being judged."""
        return bool(self._running)

    async def once(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, None]], deadline: Deadline) -> None:
        """Return when the work under that key is done, by whomever it was begun; what it raises is raised here.

        Raises `DeadlineExceeded` when the time of the one who waits is up; the work goes on, for the next who asks.
        """
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(work())
            task.add_done_callback(lambda done: self._forget(key, done))
        done, _ = await asyncio.wait({task}, timeout=max(deadline.remaining(), 0))
        if not done:
            raise DeadlineExceeded("credits")
        task.result()

    async def stop(self) -> None:
        """Leave what is under way: its rows are derived, and the next one who asks goes on."""
        await end(*self._running.values())

    def _forget(self, key: Hashable, done: asyncio.Task[None]) -> None:
        del self._running[key]
        if not done.cancelled():
            done.exception()  # read, so that nobody having waited for it is no fault of its own
