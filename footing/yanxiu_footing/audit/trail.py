"""A process's way into the trail: commands write in their own transaction, reads are collected and written together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from yanxiu_durable.databases import Databases
from yanxiu_durable.errors import DistrictUnknown
from yanxiu_wire import log
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import WireFault

from yanxiu_footing.audit.append import append
from yanxiu_footing.audit.entry import Entry
from yanxiu_footing.clock import to_us

# A read that need not be on record before its answer is within so many seconds: what kill -9 can lose.
WITHIN_SECONDS = 1.0
# So many lines of a district may wait; whoever comes then waits until they are written.
MOST_WAITING = 1_000
WRITE_SECONDS = 10.0
_log = log.logger()


class Trail:
    """The trail of a service's districts, as this process adds to it; `now` tells the moment (aware, UTC)."""

    def __init__(self, databases: Databases, now: Callable[[], datetime], *, within: float = WITHIN_SECONDS) -> None:
        self._databases = databases
        self._now = now
        self._within = within
        self._waiting: dict[str, list[Entry]] = {}
        self._due: dict[str, asyncio.TimerHandle] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def now_us(self) -> int:
        """Return the moment as lines have it."""
        return to_us(self._now())

    async def note(self, district: str, entry: Entry, *, wait: bool = False) -> None:
        """Put a line among those to be written; with `wait` return when it is, with all that came before.

        Raises what `Databases.write` raises, with `wait` and where too many wait: nothing is answered off the record.
        """
        room = self.room(district)
        self.put(district, entry)
        if wait or room <= 1:
            await self.write(district)

    def room(self, district: str) -> int:
        """Return for how many lines there is room before one has to wait until they are written."""
        return MOST_WAITING - len(self._waiting.get(district, ()))

    def put(self, district: str, entry: Entry) -> None:
        """Put a line, for which there is `room`, among those to be written."""
        self._waiting.setdefault(district, []).append(entry)
        self._later(district)

    async def write(self, district: str) -> None:
        """Write what waits of a district, in one transaction; what could not be written waits on."""
        async with self._turns.setdefault(district, asyncio.Lock()):
            timer = self._due.pop(district, None)
            if timer is not None:
                timer.cancel()
            entries = self._waiting.pop(district, None)
            if not entries:
                return
            try:
                # In place, a few at a time: a thread that inserted them would wait for the others' turns at each row.
                until = Deadline.after(WRITE_SECONDS)
                async with self._databases.write(district, until, few_rows=True, aside=True) as connection:
                    await append(connection, district, entries)
            except DistrictUnknown:
                _log.warning("audit-without-district", district=district, lines=len(entries))
            except BaseException:
                self._waiting[district] = entries + self._waiting.get(district, [])
                # Whoever waited is told, and goes; the lines of the others are still to be written in their time.
                self._later(district)
                raise

    async def write_all(self) -> None:
        """Write whatever waits; a process does so before it ends."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))
        for district in tuple(self._waiting):
            try:
                await self.write(district)
            except WireFault as fault:
                self._due.pop(district).cancel()
                lost = len(self._waiting.get(district, ()))
                _log.error("audit-not-written", district=district, lines=lost, problem=str(fault))

    def _later(self, district: str) -> None:
        if district not in self._due:
            loop = asyncio.get_running_loop()
            self._due[district] = loop.call_later(self._within, self._begin, district)

    def _begin(self, district: str) -> None:
        task = asyncio.get_running_loop().create_task(self._write_soon(district))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write_soon(self, district: str) -> None:
        self._due.pop(district, None)
        try:
            await self.write(district)
        except WireFault as fault:
            _log.warning("audit-put-off", district=district, problem=str(fault))
        except Exception:  # noqa: BLE001 - the log has it, and the lines wait for the next try
            _log.exception("audit-put-off", district=district)
