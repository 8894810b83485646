"""Two replicas of the credits service on one store, SQLite and PostgreSQL: what comes at once is done once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_credits.__main__ import MIGRATIONS
from yanxiu_wire.books import CORRECT_TRAINING, REVERSE_RECORD, CorrectTraining, ReverseRecord
from yanxiu_wire.credits import (
    DECIDE_PROJECT,
    GET_TOTALS,
    LIST_ENTRIES,
    PROPOSE_PROJECT,
    REGISTER_TRAINING,
    SERVICE,
    VERIFY_LEDGER,
    DecideProject,
    GetTotals,
    LedgerEntry,
    ListEntries,
    Project,
    ProposeProject,
    RegisterTraining,
    TrainingRegistered,
    VerifyLedger,
)
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus
from yanxiu_wire.standings import GET_STANDINGS, GetStandings

from tests.conftest import NatsServer
from tests.services.credits.conftest import NOTICE, House
from tests.slices.announced import announced_entries
from tests.slices.platform import SEED, chance
from tests.slices.replicas import Replicas, answered
from tests.stores import KINDS, Store, Stores

TEACHERS = tuple(f"t{number}" for number in range(10))
COURSES = 30
# What a project fixes, and a record may say again.
SET = {"mode": "network", "level": "provincial"}
TRAINING = {
    **SET,
    "kind": "training",
    "hours_planned": "10",
    "hours_completed": "10",
}
DAY = date(2024, 5, 20)
AT_ONCE = 1000


@pytest.fixture(scope="module", params=KINDS)
def store(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Store]:
    with stores.lent(request.param, (SERVICE, MIGRATIONS)) as store:
        yield store


@pytest.fixture(scope="module")
async def replicas(store: Store, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Replicas]:
    """Two processes for all tests on a store, each of which has a district of its own."""
    folder = tmp_path_factory.mktemp("replicas")
    (folder / "nats").mkdir()
    nats = NatsServer(folder / "nats")
    bus = await Bus.connect(nats.url, name="test")
    made = Replicas(nats, store, bus, folder)
    try:
        await made.start()
        yield made
    finally:
        codes = await made.stop()
        await bus.close()
        nats.stop()
    assert codes == [0, 0], [part.told() for part in made.parts]


async def approved(house: House, number: int) -> str:
    """A project of its own: the law counts a course once for a teacher."""
    key = f"course-{number}"
    proposal = ProposeProject(caller=house.officer, key=key, title=f"课程{number}", organiser="研修中心", facts=SET)
    project = await answered(house, PROPOSE_PROJECT, proposal)
    assert isinstance(project, Project), project
    decision = DecideProject(
        caller=house.caller("district-officer"),
        key=f"approve-{number}",
        project=project.id,
        approve=True,
        on=date(2024, 3, 1),
        document=NOTICE,
    )
    # The same decision comes twice, as from a client that lost patience.
    first, second = await asyncio.gather(*(answered(house, DECIDE_PROJECT, decision) for _ in range(2)))
    assert first.state == second.state == "approved", (first, second)
    return project.id


def training(house: House, key: str, teacher: str, project: str, score: int = 89) -> RegisterTraining:
    facts = {**TRAINING, "score": str(score)}
    return RegisterTraining(caller=house.officer, key=key, teacher=teacher, on=DAY, facts=facts, project=project)


async def requests_of(bus: Bus, verb: str) -> list[int]:
    """How many requests each running replica was given."""
    told: list[int] = []
    both = asyncio.Event()

    async def note(message: Any) -> None:
        endpoints = msgspec.json.decode(message.data)["endpoints"]
        told.append(sum(one["num_requests"] for one in endpoints if one["name"] == verb))
        if len(told) == 2:
            both.set()

    inbox = bus.nats.new_inbox()
    subscription = await bus.nats.subscribe(inbox, cb=note)
    await bus.nats.publish(f"$SRV.STATS.{SERVICE}", b"", reply=inbox)
    async with asyncio.timeout(10):
        await both.wait()
    await subscription.unsubscribe()
    return told


async def test_two_hundred_identical_commands_make_one_entry(replicas: Replicas) -> None:
    house = await replicas.district("same", TEACHERS[:1])
    command = training(house, "once", TEACHERS[0], await approved(house, 0))
    answers = await asyncio.gather(*(answered(house, REGISTER_TRAINING, command) for _ in range(200)))
    assert all(isinstance(one, TrainingRegistered) for one in answers), answers[:3]
    assert len({one.record.id for one in answers}) == 1
    assert all(one.record == answers[0].record for one in answers)
    assert Counter(one.replayed for one in answers) == {False: 1, True: 199}
    entries = await house.rows("ledger")
    assert [(row["seq"], row["record"]) for row in entries] == [(1, answers[0].record.id)]
    assert len(await house.rows("outbox")) == 1
    assert min(await requests_of(replicas.bus, "register-training")) > 0, "both replicas had their share"


class Crowd:
    """A thousand requests of every kind that are sent at once, and what was answered to each."""

    def __init__(self, house: House, projects: list[str], before: list[TrainingRegistered]) -> None:
        self.house = house
        self.projects = projects
        self.before = before
        self.registered: dict[str, list[Any]] = {}
        self.others: list[tuple[str, Any]] = []
        self.done = 0
        self._half = asyncio.Event()

    async def half(self) -> None:
        """Return when half of it is answered."""
        await self._half.wait()

    async def run(self) -> None:
        """Send all; ends when all is answered."""
        work = [*self._registrations(), *self._changes(), *self._projects()]
        work += [self._question(number) for number in range(AT_ONCE - len(work))]
        assert len(work) == AT_ONCE
        chance(SEED).shuffle(work)
        await asyncio.gather(*(self._counted(one) for one in work))

    async def _counted(self, work: Callable[[], Awaitable[None]]) -> None:
        await work()
        self.done += 1
        if self.done == AT_ONCE // 2:
            self._half.set()

    def _registrations(self) -> list[Callable[[], Awaitable[None]]]:
        """240 trainings: each once, some with the key again, with other content under it, under another key."""
        work: list[Callable[[], Awaitable[None]]] = []
        pairs = [(teacher, project) for teacher in TEACHERS for project in self.projects[6:]]
        for number, (teacher, project) in enumerate(pairs):
            first = training(self.house, f"k-{number}", teacher, project)
            sent = [first]
            if number % 2:
                sent.append(first)
            if number % 4 == 0:
                sent.append(training(self.house, f"k-{number}", teacher, project, score=95))
            if number % 3 == 0:
                sent.append(training(self.house, f"again-{number}", teacher, project))
            work += [self._registration(f"{teacher}/{project}", one) for one in sent]
        return work

    def _registration(self, activity: str, command: RegisterTraining) -> Callable[[], Awaitable[None]]:
        async def send() -> None:
            answer = await answered(self.house, REGISTER_TRAINING, command)
            self.registered.setdefault(activity, []).append((command, answer))

        return send

    def _changes(self) -> list[Callable[[], Awaitable[None]]]:
        """Corrections and reversals of the 60 records from before, every command twice, some against each other."""
        work: list[Callable[[], Awaitable[None]]] = []
        for number, one in enumerate(self.before):
            given: dict[str, Any] = {"caller": self.house.officer, "record": one.record.id, "reason": "成绩填写有误"}
            facts = {**TRAINING, "score": "95"}
            correct = CorrectTraining(key=f"correct-{number}", facts=facts, **given)
            reverse = ReverseRecord(key=f"reverse-{number}", **given)
            if number % 3 != 1:
                work += [self._other(CORRECT_TRAINING, correct)] * 2
            if number % 3 != 0:
                work += [self._other(REVERSE_RECORD, reverse)] * 2
        return work

    def _projects(self) -> list[Callable[[], Awaitable[None]]]:
        def one(number: int) -> Callable[[], Awaitable[None]]:
            async def work() -> None:
                await approved(self.house, number)

            return work

        return [one(COURSES + number) for number in range(40)]

    def _other(self, endpoint: Endpoint[Any, Any], command: Any) -> Callable[[], Awaitable[None]]:
        async def send() -> None:
            self.others.append((command.key, await answered(self.house, endpoint, command)))

        return send

    def _question(self, number: int) -> Callable[[], Awaitable[None]]:
        """What is asked in the middle of it agrees with itself."""
        house, some = self.house, (TEACHERS[number % len(TEACHERS)],)

        async def verify() -> None:
            found = await answered(house, VERIFY_LEDGER, VerifyLedger(caller=house.caller("auditor")))
            assert found.first_bad is None, found

        async def totals() -> None:
            (total,) = (await answered(house, GET_TOTALS, GetTotals(caller=house.officer, teachers=some))).items
            assert total.credits >= 0

        async def standing() -> None:
            asked = GetStandings(caller=house.officer, teachers=some, kind="year", on=DAY)
            (found,) = (await answered(house, GET_STANDINGS, asked)).items
            assert found.credits >= 0

        async def entries() -> None:
            page = await answered(house, LIST_ENTRIES, ListEntries(caller=house.officer, page=Page(first=50)))
            assert [entry.seq for entry in page.items] == list(range(1, len(page.items) + 1))

        return verify if number % 40 == 0 else (totals, standing, entries)[number % 3]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("killed", [True, False], ids=["one is killed", "both live"])
async def test_a_thousand_mixed_requests_at_once_keep_every_invariant(replicas: Replicas, killed: bool) -> None:
    """Until half of them are answered both replicas work in either case: PostgreSQL has the one with more in it."""
    house = await replicas.district("bereaved" if killed else "crowd", TEACHERS)
    projects = list(await asyncio.gather(*(approved(house, number) for number in range(COURSES))))
    early = [(teacher, project) for teacher in TEACHERS for project in projects[:6]]
    before = await asyncio.gather(
        *(
            answered(house, REGISTER_TRAINING, training(house, f"early-{number}", *pair))
            for number, pair in enumerate(early)
        )
    )
    crowd = Crowd(house, projects, before)

    async def kill() -> None:
        await crowd.half()
        await replicas.kill_one()

    await asyncio.gather(crowd.run(), *([kill()] if killed else []))
    await replicas.both_answer()
    acknowledged = {one.record.entry for one in before} | _registered_once(crowd) | _changed_once(crowd)
    entries = await _ledger(house)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert acknowledged == {entry.seq for entry in entries}, "what was acknowledged was entered, and nothing else"
    found = await answered(house, VERIFY_LEDGER, VerifyLedger(caller=house.caller("auditor")))
    assert (found.first_bad, found.entries, found.head) == (None, len(entries), entries[-1].hash)
    await _sums_agree(house, entries)
    assert len(await house.rows("project")) == COURSES + 40
    assert await announced_entries(replicas.bus, len(entries), of=house.district) == {
        entry.id: entry for entry in entries
    }


def _registered_once(crowd: Crowd) -> set[int]:
    """Of all that was sent for one training, one record came to be; who sent the same got the same."""
    assert len(crowd.registered) == len(TEACHERS) * (COURSES - 6)
    places: set[int] = set()
    for activity, answers in crowd.registered.items():
        made = [(command, one) for command, one in answers if isinstance(one, TrainingRegistered)]
        assert len({one.record.id for _, one in made}) == 1, (activity, answers)
        assert [one.replayed for _, one in made].count(False) <= 1
        assert len({(command.key, command.facts["score"]) for command, _ in made}) == 1
        refused = {error.code for _, one in answers if isinstance(one, Refused) for error in one.errors}
        assert refused <= {"KEY_REUSED", "ALREADY_REGISTERED"}, answers
        places.add(made[0][1].record.entry)
    assert len(places) == len(crowd.registered)
    return places


def _changed_once(crowd: Crowd) -> set[int]:
    """Every record from before was corrected or reversed, by one of those who tried."""
    places: set[int] = set()
    won: Counter[str] = Counter()
    for key in {key for key, _ in crowd.others}:
        first, second = (one for its, one in crowd.others if its == key)
        assert isinstance(first, Refused) == isinstance(second, Refused), (first, second)
        if isinstance(first, Refused):
            assert {error.code for error in first.errors} <= {"ALREADY_REVERSED", "ALREADY_CORRECTED"}, first
            continue
        assert first.entry == second.entry
        won[key.partition("-")[2]] += 1
        places.add(first.entry.seq)
        if key.startswith("correct"):
            assert first.record == second.record
            places.add(first.record.entry)
    assert won == {str(number): 1 for number in range(len(crowd.before))}
    return places


async def _ledger(house: House) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    after = None
    while True:
        page = await answered(house, LIST_ENTRIES, ListEntries(caller=house.officer, page=Page(first=200, after=after)))
        entries += page.items
        if not page.has_next:
            return entries
        after = page.cursors[-1]


async def _sums_agree(house: House, entries: list[LedgerEntry]) -> None:
    totals = (await answered(house, GET_TOTALS, GetTotals(caller=house.officer, teachers=TEACHERS))).items
    asked = GetStandings(caller=house.officer, teachers=TEACHERS, kind="year", on=DAY)
    standings = (await answered(house, GET_STANDINGS, asked)).items
    for teacher, total, standing in zip(TEACHERS, totals, standings, strict=True):
        own = [entry for entry in entries if entry.teacher == teacher]
        sums = (sum((one.hours for one in own), Decimal(0)), sum((one.credits for one in own), Decimal(0)))
        assert (total.hours, total.credits) == sums
        assert (standing.hours, standing.credits) == sums
