"""kill -9 of each service and of nats-server while credits are registered: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire.caller import Caller
from yanxiu_wire.credits import LIST_ENTRIES, LedgerEntry, ListEntries
from yanxiu_wire.message import Page
from yanxiu_wire.rpc import Bus

from tests.slices.announced import announced_entries
from tests.slices.district import NETWORK, District
from tests.slices.platform import SEED, Platform, chance

CALLS = 2000
WORKERS = 16
TEACHERS = 40
NEWCOMERS = 12
SENT_TWICE = 0.1
# What a client waits for an answer before it sends its command again.
CLIENT_SECONDS = 3.0
VICTIMS = ("registry", "credits", "visits", "gateway", "nats")
DISTRICT = "killed"
OFFICER = Caller(subject="test-officer", role="district-officer", district=DISTRICT)
FIELDS = "record { id entry credits } replayed"


class Acknowledged(msgspec.Struct, frozen=True):
    """What the client was told of one command: the record and its place in the ledger."""

    record: str
    entry: int
    credits: Decimal
    teacher: str


@pytest.fixture
async def own_platform(own_nats: Any, tmp_path: Path) -> AsyncIterator[Platform]:
    made = Platform(own_nats, tmp_path, timeout=CLIENT_SECONDS)
    await made.start()
    yield made
    codes = await made.stop()
    assert set(codes.values()) == {0}, codes


class Load:
    """Idempotent registrations from several workers at once, some of them sent twice; every answer is kept."""

    def __init__(self, district: District, teachers: list[str], projects: list[str]) -> None:
        self.district = district
        self.teachers = teachers
        self.projects = projects
        self.answers: dict[str, Acknowledged] = {}
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
            key = f"command-{number}"
            given = {
                "idempotencyKey": key, "teacherId": teacher, "projectId": self.projects[number // TEACHERS],
                "completedOn": f"2024-{1 + number % 12:02}-15", "score": "89",
            }  # fmt: skip
            copies = 2 if self._choice.random() < SENT_TWICE else 1
            self.answers[key] = await self._acknowledged(teacher, given, copies)
            self._tell()

    async def _acknowledged(self, teacher: str, given: dict[str, Any], copies: int) -> Acknowledged:
        """Send the copies at once until each is answered; they must be told the same."""
        platform, token = self.district.platform, self.district.token()
        # The registry may have been killed between its answer and its announcement: that teacher arrives late.
        sent = (platform.persist(token, "registerTraining", given, FIELDS) for _ in range(copies))
        first, *others = [payload["record"] for payload in await asyncio.gather(*sent)]
        assert all(other == first for other in others)
        return Acknowledged(
            plain_id("Record", first["id"]), first["entry"], Decimal(first["credits"]), plain_id("Teacher", teacher)
        )

    async def _teacher(self, number: int) -> str:
        """Mostly one of the old teachers, now and then one who is entered at this moment."""
        if number % (CALLS // NEWCOMERS) == 7:
            return await self.district.hire(f"N{number}")
        return self.teachers[number % TEACHERS]

    def _tell(self) -> None:
        for count, reached in self._waiting:
            if len(self.answers) >= count:
                reached.set()


async def killings(platform: Platform, load: Load) -> list[str]:
    """Kill each in turn, twice, at moments that the seed chooses; returns what was killed, in order."""
    choice = chance(SEED + 1)
    victims = [name for _ in range(2) for name in choice.sample(VICTIMS, len(VICTIMS))]
    for turn, victim in enumerate(victims):
        await load.reached((turn + 1) * CALLS // (len(victims) + 1) + choice.randrange(50))
        await platform.kill(victim)
    return victims


async def ledger_of(bus: Bus) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    after = None
    while True:
        asked = ListEntries(caller=OFFICER, page=Page(first=200, after=after))
        page = await bus.call(LIST_ENTRIES, asked, district=DISTRICT)
        entries += page.items
        if not page.has_next:
            return entries
        after = page.cursors[-1]


@pytest.mark.timeout(300)
async def test_killing_anything_at_any_time_loses_and_doubles_nothing(own_platform: Platform, own_bus: Bus) -> None:
    district = await District(own_platform, DISTRICT).open()
    teachers = list(await asyncio.gather(*(district.hire(f"T{number}") for number in range(TEACHERS))))
    # The law counts a course once for a teacher: each of the fifty courses has forty teachers.
    courses = (district.project(**NETWORK, hoursPlanned=str(1 + course)) for course in range(CALLS // TEACHERS))
    load = Load(district, teachers, list(await asyncio.gather(*courses)))
    before = own_platform.unanswered
    victims, _ = await asyncio.gather(killings(own_platform, load), load.run())
    assert sorted(victims) == sorted(VICTIMS * 2)
    assert len(load.answers) == CALLS
    # The kills of gateway, credits service and server were felt: some requests had to be sent again.
    assert own_platform.unanswered - before >= 6

    entries = await ledger_of(own_bus)
    assert [entry.seq for entry in entries] == list(range(1, CALLS + 1))
    written = [Acknowledged(entry.record, entry.seq, entry.credits, entry.teacher) for entry in entries]
    assert written == sorted(load.answers.values(), key=lambda answer: answer.entry)
    assert len({answer.record for answer in written}) == CALLS

    verified = await own_platform.read(district.token(), "{ ledgerVerification { intact entries head } }")
    assert verified["ledgerVerification"] == {"intact": True, "entries": CALLS, "head": entries[-1].hash}

    assert await announced_entries(own_bus, CALLS) == {entry.id: entry for entry in entries}

    query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Teacher { total { credits records } } } }"
    totals = (await own_platform.read(district.token(), query, ids=teachers))["nodes"]
    for teacher, node in zip(teachers, totals, strict=True):
        own = [entry.credits for entry in entries if entry.teacher == plain_id("Teacher", teacher)]
        assert (Decimal(node["total"]["credits"]), node["total"]["records"]) == (sum(own), len(own))
