"""Word of newly arrived facts, for those who wait for one that is still on its way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Arrivals:
    """Wakes those who wait for a fact of the registry that is still on its way.

    `seconds` bounds how long one command waits, `most` how many wait at a time, so that commands about teachers who
    do not exist cannot hold up the others. `told` is called at each announcement: for the cells, who wait as well.
    """

    def __init__(self, *, seconds: float = 0.75, most: int = 8, told: Callable[[], None] | None = None) -> None:
        self.seconds = seconds
        self._told = told
        self.places = asyncio.Semaphore(most)
        self._arrived = asyncio.Event()

    def announce(self) -> None:
        """Say that the copy of the registry's facts has changed."""
        self._arrived.set()
        self._arrived = asyncio.Event()
        if self._told is not None:
            self._told()

    async def next(self, seconds: float) -> None:
        """Return at the next change of the copy, or after `seconds`: another process may fill the same copy."""
        try:
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
        except TimeoutError:
            return
