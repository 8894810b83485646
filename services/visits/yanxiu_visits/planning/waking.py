"""Word that a plan wants a planner, or wants it no more, inside one process."""

from __future__ import annotations

import asyncio


class Waking:
    """Districts in which something may be to do; the planner of this process waits for them."""

    def __init__(self) -> None:
        self._districts: set[str] = set()
        self._event = asyncio.Event()

    def wake(self, district: str) -> None:
        """Say that there may be something to do in a district."""
        self._districts.add(district)
        self._event.set()

    async def next(self, seconds: float) -> frozenset[str]:
        """Return the districts named since the last time, or after `seconds` none."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return frozenset()
        found = frozenset(self._districts)
        self._districts.clear()
        self._event.clear()
        return found
