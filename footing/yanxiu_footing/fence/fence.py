"""The fence: every request of a district goes to its cell, and what goes wrong in there stays with that district."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace
from yanxiu_wire import log
from yanxiu_wire.caller import PLATFORM
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, Overloaded, RulePackFailed, WireFault
from yanxiu_wire.known import HELD

from yanxiu_footing.answering import Offer, Table, declared
from yanxiu_footing.fence.cell_process import CellProcess
from yanxiu_footing.fence.installed import what_is_installed
from yanxiu_footing.fence.metrics import (
    CELL_MEMORY_LIMIT,
    CELLS,
    CELLS_ENDED,
    CELLS_STARTED,
    CLOSED,
    FAILURES,
    USED,
)
from yanxiu_footing.fence.parent_process import ParentProcess
from yanxiu_footing.fence.pause import Pause
from yanxiu_footing.fence.settings import FenceSettings
from yanxiu_footing.fence.warming import WARM
from yanxiu_footing.pack_store import PackStore

_LOOK_SECONDS = 0.25
_INSTALLED_SECONDS = 1.0
_DRAIN_SECONDS = 8.0
# For each of a district's endpoints: beyond those at work so many times as many may wait in this process.
_WAITING = 4
# The main process only hands requests on: it may have so many times as many in hand as one district's cell.
ROUTED = 8
# Cells that start at once, and how long a start may keep the service from answering for the others.
_STARTING = 2
_WARM_SECONDS = 20.0
_log = log.logger()

Here = Callable[[Any], bool]
"""Whether a request asks no law and looks at few rows, so that the main process answers it by itself."""
_NOTHING_HERE: Mapping[Endpoint[Any, Any], Here] = {}


class _Place:
    """What is known of one cell's place: the cell, who is being answered, and whether it rests."""

    def __init__(self, longest_pause: float) -> None:
        self.cell: CellProcess | None = None
        self.starting = asyncio.Lock()
        self.pause = Pause(longest_pause)
        self.slots: dict[str, asyncio.Semaphore] = {}
        self.held: dict[str, int] = {}


class Fence:
    """The cells of one service; `told` are the words that cells say to this process, called with the district."""

    def __init__(
        self,
        service: str,
        module: str,
        settings: FenceSettings,
        told: Mapping[str, Callable[[str], None]] | None = None,
    ) -> None:
        self._service = service
        self._settings = settings
        self._given: Mapping[str, Any] = msgspec.to_builtins(settings, enc_hook=str)
        self._concurrency: int = getattr(settings, "concurrency", 32)
        self.told: dict[str, Callable[[str], None]] = dict(told or {})
        self._parent = ParentProcess(service, module)
        self._places: dict[str, _Place] = {}
        self._cells: set[CellProcess] = set()
        self._watching: asyncio.Task[None] | None = None
        self._shunned: dict[str, str] = {}
        self._store = PackStore(settings.pack_store)
        self._looked: tuple[float, dict[str, str]] = (0.0, {})

    async def start(self, *, ready: bool = True) -> None:
        """Begin to watch; have the clean parent `ready`, unless cells are seldom wanted and may wait for it."""
        if ready:
            await self._parent.start()
        self._watching = asyncio.create_task(self._watch())
        CELL_MEMORY_LIMIT.labels(self._service).set(self._settings.fence_memory_mb << 20)
        USED.offer(self._service, self._cells)

    async def migrate(self, path: Path, migrations: Path) -> bool:
        """Migrate a file in a process of its own, which the clean parent forks where it waits; whether it was done."""
        return await self._parent.migrate(path, migrations)

    async def warm(self, districts: Sequence[str]) -> None:
        """Have cells ready before requests come: the first ones of a new replica would wait seconds for them.

        The first so many of the districts, as the settings say; those that cannot start say why when they are asked.
        """
        places = asyncio.Semaphore(_STARTING)

        async def one(district: str) -> None:
            async with places:
                with contextlib.suppress(WireFault):
                    await self.ask(district, WARM, b"", Deadline.after(_WARM_SECONDS))

        await asyncio.gather(*(one(district) for district in districts[: self._settings.fence_warm]))

    async def stop(self) -> None:
        """Let every cell finish what it has in hand, end those that do not, and the clean parent."""
        left = tuple(self._cells)
        for cell in left:
            if cell.unresponsive:
                cell.kill("hangs")
            cell.drain()
        ends = [asyncio.create_task(cell.ended()) for cell in left]
        if ends:
            await asyncio.wait(ends, timeout=_DRAIN_SECONDS)
        for cell, end in zip(left, ends, strict=True):
            if not end.done():
                cell.kill("hangs")
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self._parent.stop()
        await asyncio.gather(*ends)

    def table(self, table: Table, here: Mapping[Endpoint[Any, Any], Here] = _NOTHING_HERE) -> Table:
        """Return the table with use cases that ask the cells, but for what this process may answer `here`."""
        return {endpoint: self._offer(endpoint, offer, here.get(endpoint)) for endpoint, offer in table.items()}

    def _offer(self, endpoint: Endpoint[Any, Any], offer: Offer, here: Here | None) -> Offer:
        own = offer[0]

        def behind(request: Any) -> bool:
            return here is None or not here(request)

        async def hand_over(service: Any, district: str, request: Any, deadline: Deadline) -> Any:
            if not behind(request):
                return await own(service, district, request, deadline)
            # What its asker holds is compared there: half a megabyte that he knows does not even come here.
            known = HELD.get()
            return msgspec.Raw(await self.ask(district, endpoint.verb, encode(request), deadline, known=known))

        return hand_over, offer[1], replace(declared(endpoint, offer), behind=behind)

    async def ask(
        self,
        district: str,
        verb: str,
        body: bytes,
        deadline: Deadline,
        *,
        reading: bool = False,
        apart: tuple[str, ...] = (),
        known: str = "",
    ) -> bytes:
        """Return what the district's cell answers, `SAME` where its digest is `known`.

        Raises a `WireFault`, `RulePackFailed` when its pack did.
        `apart` are packs that are read and are not the district's law: they have a cell of their own, and what they do
        wrong is no failure of the district.
        """
        place = self._places.setdefault(_key(district, reading, apart), _Place(self._settings.fence_pause_seconds))
        blamed = PLATFORM if apart else district
        try:
            if place.pause.holds(time.monotonic()):
                raise RulePackFailed(self._service, blamed, place.pause.pack, "paused")
            async with self._slot(place, verb, deadline):
                cell = await self._cell(place, district, blamed, () if apart or not reading else tuple(self._shunned))
                return await cell.ask(verb, body, deadline, known)
        except RulePackFailed as fault:
            FAILURES.add(self._service, blamed, fault.pack, fault.problem)
            raise RulePackFailed(self._service, blamed, fault.pack, fault.problem, fault.fault_id) from None

    def tell(self, what: str) -> None:
        """Pass a word to every cell."""
        for cell in self._cells:
            cell.tell(what)

    @contextlib.asynccontextmanager
    async def _slot(self, place: _Place, verb: str, deadline: Deadline) -> AsyncIterator[None]:
        """One of the district's own places at an endpoint: it cannot take those of others."""
        if place.held.get(verb, 0) >= self._concurrency * (1 + _WAITING):
            raise Overloaded(self._service)
        slots = place.slots.setdefault(verb, asyncio.Semaphore(self._concurrency))
        place.held[verb] = place.held.get(verb, 0) + 1
        try:
            try:
                if slots.locked():
                    async with asyncio.timeout(max(deadline.remaining(), 0)):
                        await slots.acquire()
                else:
                    # Without waiting.
                    await slots.acquire()
            except TimeoutError:
                raise DeadlineExceeded(self._service) from None
            try:
                yield
            finally:
                slots.release()
        finally:
            place.held[verb] -= 1

    async def _cell(self, place: _Place, district: str, blamed: str, shunned: tuple[str, ...]) -> CellProcess:
        if place.cell is not None and place.cell.alive:
            return place.cell
        async with place.starting:
            if place.cell is not None and place.cell.alive:
                return place.cell
            pid, ours, ended = await self._parent.fork(district, self._given, self._settings.fence_memory_mb, shunned)
            cell = CellProcess(self._service, blamed, pid, ended, self._settings)
            await cell.open(ours, lambda what: self._heard(what, district), lambda gone: self._gone(place, gone))
            self._cells.add(cell)
            CELLS_STARTED.add(self._service, blamed)
            CELLS.labels(self._service).set(len(self._cells))
            place.cell = cell
            return cell

    def _heard(self, what: str, district: str) -> None:
        hears = self.told.get(what)
        if hears is not None:
            hears(district)

    def _gone(self, place: _Place, cell: CellProcess) -> None:
        """A cell has ended; the district rests unless it was meant to."""
        self._cells.discard(cell)
        CELLS.labels(self._service).set(len(self._cells))
        if place.cell is cell:
            place.cell = None
        if cell.draining and not cell.problem:
            return
        self._rest(place, cell, cell.problem or "ended")

    def _rest(self, place: _Place, cell: CellProcess, problem: str) -> None:
        CELLS_ENDED.add(self._service, cell.district, cell.last, problem)
        if cell.last:
            self._shunned[cell.last] = cell.using[cell.last]
        seconds = place.pause.fail(time.monotonic(), cell.last, cell.using)
        _log.error(
            "district-paused", district=cell.district, pack=cell.last, problem=problem, seconds=seconds, pid=cell.pid
        )

    def _retire(self, place: _Place, cell: CellProcess) -> None:
        """Let a cell end; the next request gets another."""
        if place.cell is cell:
            place.cell = None
        cell.drain()

    async def _watch(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            now = time.monotonic()
            late, last = now - last - _LOOK_SECONDS, now
            try:
                self._look(now, late)
            except Exception:  # noqa: BLE001 - who watches must go on: nobody would miss it before it is needed
                _log.exception("fence-not-watched")

    def _look(self, now: float, late: float) -> None:
        """Look at every cell once; `late` are the seconds that this process itself was not awake for it."""
        for cell in tuple(self._cells):
            if late > _LOOK_SECONDS:
                cell.forgive(late)
            cell.watch(now)
        for place in self._places.values():
            self._replace(place, now)
        CLOSED.labels(self._service).set(sum(place.pause.holds(now) for place in self._places.values()))
        if now - self._looked[0] >= _INSTALLED_SECONDS:
            self._look_at_installed(now)

    def _replace(self, place: _Place, now: float) -> None:
        cell = place.cell
        if cell is None:
            return
        if cell.spent:
            self._retire(place, cell)
            self._rest(place, cell, "memory")
        elif not cell.at_work and now - cell.used_at >= self._settings.fence_idle_seconds:
            self._retire(place, cell)

    def _look_at_installed(self, now: float) -> None:
        """Replace the cells whose packs were replaced, once what is installed has been the same for a moment."""
        asked = {name for cell in self._cells for name in cell.using} | set(self._shunned)
        asked |= {name for place in self._places.values() for name in place.pause.found}
        found = what_is_installed(asked, self._store) if asked else {}
        before, self._looked = self._looked[1], (now, found)
        settled = {name: one for name, one in found.items() if before.get(name) == one}
        for name in [name for name, one in self._shunned.items() if settled.get(name, one) != one]:
            del self._shunned[name]
        for place in self._places.values():
            if place.pause.look(settled):
                _log.info("pack-replaced", packs=sorted(settled))
            cell = place.cell
            if cell is not None and any(settled.get(name, one) != one for name, one in cell.using.items()):
                _log.info("pack-replaced", district=cell.district, packs=sorted(cell.using))
                self._retire(place, cell)


def _key(district: str, reading: bool, apart: tuple[str, ...]) -> str:
    return " ".join((district, "reading", *apart)) if reading else district
