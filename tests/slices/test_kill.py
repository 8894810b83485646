"""kill -9 of each service and of nats-server while credits are registered: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ctypes
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from yanxiu_wire import registry
from yanxiu_wire.caller import PLATFORM, Caller
from yanxiu_wire.credits import (
    CREDIT_RECOGNISED,
    GET_TOTALS,
    LIST_ENTRIES,
    REGISTER_TRAINING,
    VERIFY_LEDGER,
    GetTotals,
    LedgerEntry,
    ListEntries,
    RegisterTraining,
    TrainingRegistered,
    VerifyLedger,
)
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.events import replay
from yanxiu_wire.faults import WireFault
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

SEED = 20240520
CALLS = 2000
WORKERS = 16
TEACHERS = 40
NEWCOMERS = 12
SENT_TWICE = 0.1
DISTRICT = "killed"
OFFICER = Caller(subject="test-officer", role="district-officer", district=DISTRICT)
OPERATOR = Caller(subject="test-operator", role="platform-operator", district=PLATFORM)
FACTS = {"kind": "training", "mode": "network", "level": "provincial", "score": "89"}


def chance(seed: int) -> random.Random:
    """Chance that can be had again: a failing run is repeated with its seed."""
    return random.Random(seed)  # noqa: S311 - it chooses moments, not secrets


class Program:
    """One service as its own process, which a test kills without warning and starts again."""

    def __init__(self, module: str, folder: Path, environment: dict[str, str]) -> None:
        self._command = (sys.executable, "-m", module)
        self._log = folder / f"{module}.log"
        self._environment = {**os.environ, **environment}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; whoever calls it finds out when it answers."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, env=self._environment, stdout=log, stderr=log, preexec_fn=_die_with_parent
            )

    async def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        assert self._process is not None
        assert self._process.returncode is None, self._log.read_text(encoding="utf-8")[-4000:]
        self._process.kill()
        await self._process.wait()

    async def end(self) -> int:
        """SIGTERM, and the code it ended with."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await self._process.wait()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Platform:
    """A nats-server, the registry and the credits service, and a client that holds on until it has an answer."""

    def __init__(self, nats: Any, bus: Bus, folder: Path) -> None:
        self.nats = nats
        self.bus = bus
        keys = folder / "keys"
        keys.mkdir()
        (keys / "national-id.key").write_bytes(base64.b64encode(chance(SEED).randbytes(32)))
        (keys / "national-id.key").chmod(0o600)
        environment = {
            "YANXIU_NATS_URL": nats.url,
            "YANXIU_DATA": str(folder / "data"),
            "YANXIU_KEYS": str(keys),
            "YANXIU_PACKS": "puer",
        }
        self.registry = Program("yanxiu_registry", folder, environment)
        self.credits = Program("yanxiu_credits", folder, environment)
        self.tries = 0

    async def ask(self, endpoint: Endpoint[Any, Any], request: Any, *, waits_for: tuple[str, ...] = ()) -> Any:
        """Ask with the same request until an answer comes; a refusal in `waits_for` may still turn into one."""
        async with asyncio.timeout(60):
            while True:
                self.tries += 1
                with contextlib.suppress(WireFault):
                    answer = await self.bus.call(endpoint, request, district=DISTRICT, deadline=Deadline.after(4))
                    if not (isinstance(answer, Refused) and answer.errors[0].code in waits_for):
                        return answer
                # A client is not told when a killed server is back: it tries again, as clients do.
                await asyncio.sleep(0.05)

    async def found(self) -> tuple[str, list[str]]:
        """Open the district under Pu'er's law, with a school and its teachers; returns (school, teachers)."""
        ask = self.ask
        made = await ask(registry.CREATE_DISTRICT, registry.CreateDistrict(
            caller=OPERATOR, key="district", name_zh="合成区", name_en="Synthetic", synthetic=True))  # fmt: skip
        assert isinstance(made, registry.District), made
        bound = await ask(registry.BIND_RULE_PACK, registry.BindRulePack(
            caller=OPERATOR, key="bind", pack="puer", since=date(2024, 1, 1)))  # fmt: skip
        assert isinstance(bound, registry.District), bound
        school = await ask(registry.CREATE_SCHOOL, registry.CreateSchool(
            caller=OFFICER, key="school", code="S1", name="合成小学", stage="primary", location="town",
            opened_on=date(1990, 9, 1)))  # fmt: skip
        assert isinstance(school, registry.School), school
        teachers = [await self.hire(school.id, f"T{number}") for number in range(TEACHERS)]
        return school.id, teachers

    async def hire(self, school: str, staff_number: str) -> str:
        """Enter a synthetic teacher and return the id."""
        made = await self.ask(
            registry.CREATE_TEACHER,
            registry.CreateTeacher(
                caller=OFFICER, key=f"hire-{staff_number}", staff_number=staff_number, name="合成教师", school=school,
                employed_since=date(2020, 9, 1),
            ),
        )  # fmt: skip
        assert isinstance(made, registry.Teacher), made
        return made.id


@pytest.fixture
async def platform(own_nats: Any, own_bus: Bus, tmp_path: Path) -> AsyncIterator[Platform]:
    made = Platform(own_nats, own_bus, tmp_path)
    await made.registry.start()
    await made.credits.start()
    yield made
    for program in (made.credits, made.registry):
        await program.end()


class Load:
    """Idempotent registrations from several workers at once, some of them sent twice; every answer is kept."""

    def __init__(self, platform: Platform, school: str, teachers: list[str]) -> None:
        self.platform = platform
        self.school = school
        self.teachers = teachers
        self.answers: dict[str, TrainingRegistered] = {}
        self._choice = chance(SEED)
        self._waiting: list[tuple[int, asyncio.Event]] = []
        self._numbers = iter(range(CALLS))

    async def run(self) -> None:
        """Send everything; ends when all is acknowledged."""
        await asyncio.gather(*(self._work() for _ in range(WORKERS)))

    async def reached(self, count: int) -> None:
        """Return when that many commands are acknowledged."""
        reached = asyncio.Event()
        self._waiting.append((count, reached))
        self._tell()
        await reached.wait()

    async def _work(self) -> None:
        for number in self._numbers:
            teacher = await self._teacher(number)
            command = RegisterTraining(
                caller=OFFICER, key=f"command-{number}", teacher=teacher, on=date(2024, 1 + number % 12, 1),
                facts={**FACTS, "hours_planned": str(1 + number // TEACHERS), "title": f"合成培训{number}"},
            )  # fmt: skip
            # The registry may have been killed between its answer and its announcement: that teacher arrives late.
            copies = 2 if self._choice.random() < SENT_TWICE else 1
            answers = await asyncio.gather(
                *(self.platform.ask(REGISTER_TRAINING, command, waits_for=("TEACHER_UNKNOWN",)) for _ in range(copies))
            )
            assert all(isinstance(answer, TrainingRegistered) for answer in answers), answers
            assert len({answer.record.id for answer in answers}) == 1
            self.answers[command.key] = answers[0]
            self._tell()

    async def _teacher(self, number: int) -> str:
        """Mostly one of the old teachers, now and then one who is entered at this moment."""
        if number % (CALLS // NEWCOMERS) == 7:
            return await self.platform.hire(self.school, f"N{number}")
        return self.teachers[number % TEACHERS]

    def _tell(self) -> None:
        for count, reached in self._waiting:
            if len(self.answers) >= count:
                reached.set()


async def killings(platform: Platform, load: Load) -> list[str]:
    """Kill each in turn, twice, at moments that the seed chooses; returns what was killed, in order."""
    choice = chance(SEED + 1)
    victims = [name for _ in range(2) for name in choice.sample(["credits", "registry", "nats"], 3)]
    for turn, victim in enumerate(victims):
        await load.reached((turn + 1) * CALLS // (len(victims) + 1) + choice.randrange(50))
        if victim == "nats":
            await asyncio.to_thread(platform.nats.restart)
        else:
            program: Program = getattr(platform, victim)
            await program.kill()
            await program.start()
    return victims


async def ledger_of(platform: Platform) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    after = None
    while True:
        page = await platform.ask(LIST_ENTRIES, ListEntries(caller=OFFICER, page=Page(first=500, after=after)))
        entries += page.items
        if not page.has_next:
            return entries
        after = page.cursors[-1]


async def events_of(platform: Platform, enough: Callable[[dict[str, LedgerEntry]], bool]) -> dict[str, LedgerEntry]:
    """The announced entries by id; looks again until they are enough, since the relay may still be sending."""
    async with asyncio.timeout(60):
        while True:
            told: dict[str, LedgerEntry] = {}

            async def keep(
                _district: str, _event: Any, body: Any, _id: str, into: dict[str, LedgerEntry] = told
            ) -> None:
                assert into.setdefault(body.entry.id, body.entry) == body.entry

            with contextlib.suppress(WireFault, TimeoutError):
                await replay(platform.bus, [CREDIT_RECOGNISED], keep)
            if enough(told):
                return told
            await asyncio.sleep(0.1)  # the relay tells nobody when it is done


@pytest.mark.timeout(300)
async def test_killing_anything_at_any_time_loses_and_doubles_nothing(platform: Platform) -> None:
    school, teachers = await platform.found()
    load = Load(platform, school, teachers)
    running = asyncio.create_task(load.run())
    killed = await asyncio.gather(killings(platform, load), running)
    assert sorted(killed[0]) == ["credits", "credits", "nats", "nats", "registry", "registry"]
    assert len(load.answers) == CALLS
    # The kills were felt: some requests had to be sent again.
    assert platform.tries > CALLS + TEACHERS + 2 * len(killed[0])

    entries = await ledger_of(platform)
    assert [entry.seq for entry in entries] == list(range(1, CALLS + 1))
    acknowledged = {answer.record.id: answer.record for answer in load.answers.values()}
    assert len(acknowledged) == CALLS
    assert sorted(entry.record for entry in entries) == sorted(acknowledged)
    for entry in entries:
        record = acknowledged[entry.record]
        assert (entry.seq, entry.teacher, entry.credits) == (record.entry, record.teacher, record.credits)

    verified = await platform.ask(VERIFY_LEDGER, VerifyLedger(caller=OFFICER))
    assert (verified.entries, verified.first_bad, verified.head) == (CALLS, None, entries[-1].hash)

    by_id = {entry.id: entry for entry in entries}
    assert await events_of(platform, lambda told: len(told) >= CALLS) == by_id

    totals = await platform.ask(GET_TOTALS, GetTotals(caller=OFFICER, teachers=tuple(teachers)))
    for total in totals.items:
        assert total.credits == sum(entry.credits for entry in entries if entry.teacher == total.teacher)

    assert await platform.credits.end() == 0
    assert await platform.registry.end() == 0
