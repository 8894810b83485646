"""How many branches of one operation are being answered side by side: as many as may ask something at a time."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


class Company:
    """The branches of one operation; `alive` is how many there are, without end while nobody counts them."""

    __slots__ = ("alive",)

    def __init__(self, *, counted: bool = True) -> None:
        self.alive: float = 1 if counted else math.inf

    def branches(self) -> float:
        """How many may ask something at a time."""
        return self.alive

    async def gather(self, branches: Sequence[Awaitable[T]]) -> list[T]:
        """What the branches come to, awaited beside one another; raises what the first of them raised."""
        self.alive += len(branches) - 1
        found = await asyncio.gather(*map(self._branch, branches))
        self.alive += 1
        return found

    async def gather_all(self, branches: Sequence[Awaitable[T]]) -> list[T | BaseException]:
        """As `gather`, with what was raised in its place."""
        self.alive += len(branches) - 1
        found: list[Any] = await asyncio.gather(*map(self._branch, branches), return_exceptions=True)
        self.alive += 1
        return found

    async def _branch(self, branch: Awaitable[T]) -> T:
        """A branch, which counts until it ends."""
        try:
            return await branch
        finally:
            self.alive -= 1
