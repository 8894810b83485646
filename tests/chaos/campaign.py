"""A campaign: a load, faults that a seed chooses at moments that it chooses, and the oracle's word at the end."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.caller import Caller
from yanxiu_wire.credits import LIST_ENTRIES, REGISTER_TRAINING, ListEntries, RegisterTraining
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded, WireFault
from yanxiu_wire.message import Page

from tests.chaos.faults import FAULTS, Fault, Scene
from tests.chaos.load import Load
from tests.chaos.oracle import after_all, violations
from tests.chaos.promises import Broken
from tests.chaos.world import CLIENT_SECONDS, World
from tests.slices.district import NETWORK, District
from tests.slices.platform import PATIENCE_SECONDS, chance

DISTRICT = "chaos"
# Less than the credits service stands still: what it finds afterwards, nobody waits for.
ABANDONED_SECONDS = 2.0
ASKED_SECONDS = 8.0
OFFICER = Caller(subject="test-officer", role="district-officer", district=DISTRICT)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What to do: so many commands by so many teachers, so many faults of those kinds, by this seed."""

    commands: int
    faults: int
    teachers: int
    seed: int
    kinds: tuple[str, ...]
    rooted: bool = False
    # Commands a second at most, for how long at most (in seconds), and for how many seconds a client tries again.
    rate: float | None = None
    seconds: float | None = None
    patience: float = PATIENCE_SECONDS
    # What a client waits for an answer before it sends its command again.
    client: float = CLIENT_SECONDS
    on_postgresql: bool = False


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it; `violations` is empty when every promise was kept."""

    settings: Settings
    faults: dict[str, int]
    acknowledged: int
    sent_again: int
    seconds: float
    slowest_ms: float
    # How often clients were told each code, so that one sees whether a fault was felt.
    told: dict[str, int]
    violations: tuple[str, ...]


Tell = Callable[[int, int, str], None]
"""`(acknowledged, faults, the last fault)`: how far it is."""


async def run(folder: Path, settings: Settings, tell: Tell) -> Outcome:
    """Run it in an empty folder."""
    clocks = settings.rooted and "turn-clock" in settings.kinds
    world = World(
        folder,
        rooted=settings.rooted,
        clocks=clocks,
        patience=settings.patience,
        client=settings.client,
        on_postgresql=settings.on_postgresql,
    )
    await world.start()
    try:
        async with world.supervised():
            return await _Campaign(world, settings, tell).run()
    finally:
        await world.stop()


class _Campaign:
    def __init__(self, world: World, settings: Settings, tell: Tell) -> None:
        self._world = world
        self._settings = settings
        self._tell = tell
        self._done: Counter[str] = Counter()
        self._last = ""
        self._abandoned = 0
        self._nobody = self._alone = ""
        district = District(world.platform, DISTRICT)
        rate, seconds = settings.rate or math.inf, settings.seconds or math.inf
        self._load = Load(district, settings.commands, settings.teachers, settings.seed, rate=rate, seconds=seconds)

    async def run(self) -> Outcome:
        began = time.monotonic()
        broken = await self._play()
        seconds = time.monotonic() - began
        found = await self._judged(broken)
        return Outcome(
            settings=self._settings,
            faults=dict(sorted(self._done.items())),
            acknowledged=len(self._load.answers),
            sent_again=self._world.platform.unanswered,
            seconds=round(seconds, 1),
            slowest_ms=round(self._load.slowest * 1000, 1),
            told=dict(sorted(self._world.platform.told.items())),
            violations=tuple(found),
        )

    async def _judged(self, broken: list[str]) -> list[str]:
        """After a broken promise the load has stopped half-way: what stands by then is judged alone."""
        # Whoever still goes by a clock that was turned would find that our time is over.
        await self._world.clock_seen()
        if not broken:
            await self._world.whole()
            return await violations(self._world, self._load, self._nobody)
        return broken + await after_all(self._world, self._load)

    async def _play(self) -> list[str]:
        """Load and faults at once; returns what a client was told that it may never be told, or waited for in vain."""
        broken: list[str] = []
        try:
            await self._prepare()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._load.run())
                both.create_task(self._strike())
        except* (AssertionError, TimeoutError) as group:
            broken += [_said(one) for one in _single(group)]
        return broken

    async def _prepare(self) -> None:
        await self._load.prepare()
        self._nobody = await self._load.district.hire("NOBODY")
        self._alone = await self._load.district.project(**NETWORK, hoursPlanned="7")
        self._load.told = self._progress

    async def _strike(self) -> None:
        choice = chance(self._settings.seed + 1)
        scene = Scene(self._world, DISTRICT, choice, self._abandon, self._ask, self._load.hire)
        each = self._settings.commands // (self._settings.faults + 1)
        for turn, fault in enumerate(schedule(self._settings)):
            if not await self._load.reached((turn + 1) * each + choice.randrange(max(each // 2, 1))):
                return
            async with self._world.striking:
                where = await fault.strike(scene)
            self._done[fault.name] += 1
            self._last = f"{fault.name} {where}".strip()
            self._progress()

    async def _abandon(self) -> None:
        """Send a command that nobody will ever repeat, and wait for as long as it may be done."""
        self._abandoned += 1
        command = RegisterTraining(
            caller=OFFICER,
            key=f"abandoned-{self._abandoned}",
            teacher=plain_id("Teacher", self._nobody),
            project=plain_id("Project", self._alone),
            on=date(2024, 3, 15),
            facts={"score": "89"},
        )
        async with self._world.bus() as bus:
            with contextlib.suppress(WireFault):
                await bus.call(
                    REGISTER_TRAINING, command, district=DISTRICT, deadline=Deadline.after(ABANDONED_SECONDS)
                )

    async def _ask(self, many: int, sent: asyncio.Event) -> None:
        """Ask the credits service itself, so many at once; `sent` when the server has all. Nobody asks again here."""
        asked = ListEntries(caller=OFFICER, page=Page(first=100))
        async with self._world.bus() as bus, asyncio.timeout(2 * ASKED_SECONDS):
            before = bus.nats.stats["out_msgs"]
            calls = [
                asyncio.create_task(
                    bus.call(LIST_ENTRIES, asked, district=DISTRICT, deadline=Deadline.after(ASKED_SECONDS))
                )
                for _ in range(many)
            ]
            while bus.nats.stats["out_msgs"] < before + many:  # noqa: ASYNC110 - the client counts and tells nobody
                await asyncio.sleep(0)
            await bus.flush()
            sent.set()
            answers = await asyncio.gather(*calls, return_exceptions=True)
        silent = sum(isinstance(one, DeadlineExceeded) and not one.answered for one in answers)
        assert not silent, f"who ended left {silent} of {many} questions without an answer"

    def _progress(self) -> None:
        self._tell(len(self._load.answers), self._done.total(), self._last)


def _said(error: BaseException) -> str:
    if isinstance(error, Broken):
        return f"{error.promise}: {error}"
    return f"answer: {type(error).__name__} {error}"[:400]


def _single(group: BaseExceptionGroup[Exception]) -> Iterator[BaseException]:
    for one in group.exceptions:
        if isinstance(one, BaseExceptionGroup):
            yield from _single(one)
        else:
            yield one


def schedule(settings: Settings) -> Sequence[Fault]:
    """The faults in their order: each kind at least once where there is room, then by their weights."""
    known = [fault for fault in FAULTS if fault.name in settings.kinds]
    choice = chance(settings.seed)
    chosen = known[: settings.faults]
    chosen += choice.choices(known, [fault.weight for fault in known], k=settings.faults - len(chosen))
    choice.shuffle(chosen)
    return chosen
