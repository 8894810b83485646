"""Starts programs in order, each tier when the one before answers, and stops them in the opposite order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from yanxiu_cli.local.child import Child, Program, Say
from yanxiu_cli.local.trunk import Trunk

STOP_WITHIN = 15.0


class Supervisor:
    """The running tiers. A tier is started as a whole and is up when every program in it answers."""

    def __init__(self, say: Say, trunk: Trunk | None = None) -> None:
        self._say = say
        self._trunk = trunk
        self._tiers: list[list[Child]] = []

    @property
    def children(self) -> tuple[Child, ...]:
        """Every child, in the order of starting."""
        return tuple(child for tier in self._tiers for child in tier)

    async def start(self, programs: Iterable[Program]) -> None:
        """Start one tier and wait until all of it answers; raises StartFailed of the first that does not."""
        tier = [Child(program, self._say, self._trunk) for program in programs]
        self._tiers.append(tier)
        try:
            async with asyncio.TaskGroup() as group:
                for child in tier:
                    group.create_task(child.start())
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None  # one reason is enough to see what to do

    async def stop(self, within: float = STOP_WITHIN) -> None:
        """Stop the tiers, last first; each gets that many seconds to answer what it has accepted."""
        for tier in reversed(self._tiers):
            await asyncio.gather(*(child.stop(within) for child in tier))
        self._tiers.clear()
        if self._trunk is not None:
            await self._trunk.stop()
