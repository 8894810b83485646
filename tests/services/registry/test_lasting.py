"""Who holds an answer is told the same, and recorded the same, whether or not the answer was made again for him."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Hashable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from yanxiu_durable.databases import open_databases
from yanxiu_durable.driver import Connection
from yanxiu_durable.open_file import OpenFile
from yanxiu_durable.sqlite_databases import SqliteDatabases
from yanxiu_footing.audit import trail
from yanxiu_footing.audit.recording import Recording
from yanxiu_footing.audit.tables import audit_record
from yanxiu_footing.audit.trail import Trail
from yanxiu_footing.lasting import LastingAnswers
from yanxiu_registry import endpoints, get_district
from yanxiu_registry.__main__ import MIGRATIONS
from yanxiu_registry.all_tables import METADATA
from yanxiu_registry.context import Registry
from yanxiu_registry.packs import LoadedPacks
from yanxiu_registry.settings import Settings
from yanxiu_registry.store.districts import read_district
from yanxiu_registry.vault import Vault
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import registry as wire
from yanxiu_wire import serving_metrics
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.follow_up import FollowUp
from yanxiu_wire.known import HELD, SAME, Knows, digest_of, told_of
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused

from tests.services.registry.conftest import NOW, caller, fresh_key, synthetic_id
from tests.stores import Store

PUER = "puer"
_LINE = [one for one in audit_record.c if one.name not in {"seq", "at_us", "hash"}]


class Clock:
    """A clock that the test sets; no two looks at it give the same moment, so an answer that has one is never again."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now


class Process:
    """A process of the registry as far as it answers: with what lasts, and as it would without; `kept` says how often
    it was not asked for, `at_once` how often of these nothing was begun for it.
    """

    def __init__(self, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
        self.registry = registry
        self.kept = self.at_once = 0
        self.lasting = LastingAnswers(registry.dbs, registry.today)
        with monkeypatch.context() as patched:
            patched.setattr(endpoints, "LastingAnswers", lambda *_: self.lasting)
            self.handlers = endpoints.handlers(registry, lambda: None)
            patched.setattr(endpoints, "LASTING", {})
            self.without = endpoints.handlers(registry, lambda: None)
        holds = self.lasting.holds

        async def counted(*given: Any) -> Any:
            found = await holds(*given)
            self.kept += found is not None
            return found

        self.lasting.holds = counted  # type: ignore[method-assign]

    def says_same(self, endpoint: Endpoint[Any, Any], who: Caller, known: str, **fields: Any) -> bool:
        """Whether the process says at once that the answer is the known one, as it is asked for parts of messages."""
        handler, body = self.handlers[endpoint], encode(endpoint.request(caller=who, **fields))
        if not known or not isinstance(handler, Knows) or not handler.same(PUER, memoryview(body), known, object()):
            return False
        self.kept, self.at_once = self.kept + 1, self.at_once + 1
        return True

    async def ask(self, endpoint: Endpoint[Any, Any], who: Caller, known: str = "", **fields: Any) -> Any:
        """What the process answers, an encoded answer as its bytes."""
        return await self._told(self.handlers, endpoint, who, known, fields)

    async def ask_without(self, endpoint: Endpoint[Any, Any], who: Caller, known: str = "", **fields: Any) -> Any:
        return await self._told(self.without, endpoint, who, known, fields)

    async def do(self, endpoint: Endpoint[Any, Any], who: Caller, **fields: Any) -> Any:
        """A command that is not refused."""
        request = endpoint.request(caller=who, key=fresh_key(), **fields)
        done = await self.handlers[endpoint](PUER, request, Deadline.after(30))
        assert not isinstance(done, Refused), done
        return done

    async def lines(self) -> list[Any]:
        """What the trail has, but for moments and places."""
        await self.registry.trail.write(PUER)
        async with self.registry.dbs.read(PUER) as connection:
            found = await connection.execute(sa.select(*_LINE).order_by(audit_record.c.seq))
            return [tuple(one) for one in found]

    @staticmethod
    async def _told(
        handlers: Mapping[Endpoint[Any, Any], Any],
        endpoint: Endpoint[Any, Any],
        who: Caller,
        known: str,
        fields: Mapping[str, Any],
    ) -> bytes:
        token = HELD.set(known)
        try:
            answer = await handlers[endpoint](PUER, endpoint.request(caller=who, **fields), Deadline.after(30))
        finally:
            HELD.reset(token)
        return told_of(encode(answer), known)


class World:
    """Two processes on the same data, and the district that is in it."""

    def __init__(self, one: Process, other: Process, clock: Clock) -> None:
        self.one = one
        self.other = other
        self.clock = clock
        self.schools: list[str] = []
        self.teachers: list[str] = []
        self.held: dict[tuple[Any, ...], bytes] = {}
        self.counted: list[Any] = []
        self.asked = one
        self.recent: list[tuple[Endpoint[Any, Any], Caller, dict[str, Any]]] = []

    async def begin(self) -> None:
        operator, officer = caller("platform-operator", "platform"), caller()
        await self.one.do(wire.CREATE_DISTRICT, operator, name_zh="虚构", name_en="made up", synthetic=True)
        await self.other.registry.dbs.open_all()
        for code in ("0001", "0002"):
            await self.write(self.one, wire.CREATE_SCHOOL, code)
        for number in range(4):
            await self.write(self.one, wire_teacher.CREATE_TEACHER, f"T{number}", officer)

    async def write(self, by: Process, endpoint: Endpoint[Any, Any], name: str, who: Caller | None = None) -> None:
        who = who or caller()
        day = self.clock.now.date()
        match endpoint:
            case wire.CREATE_SCHOOL:
                given: dict[str, Any] = {"stage": "primary", "location": "town", "opened_on": date(2000, 9, 1)}
                self.schools.append((await by.do(endpoint, who, code=name, name=f"第{name}学校", **given)).id)
            case wire_teacher.CREATE_TEACHER:
                school = self.schools[len(self.teachers) % 2]
                given = {"employed_since": date(2020, 9, 1), "national_id": synthetic_id(len(self.teachers))}
                made = await by.do(endpoint, who, school=school, staff_number=name, name=f"教师{name}", **given)
                self.teachers.append(made.id)
            case wire_teacher.CORRECT_TEACHER:
                await by.do(endpoint, who, teacher=self.teachers[0], since=day, changes={"name": f"名{name}"})
            case wire.CORRECT_SCHOOL:
                # From tomorrow on: nothing changes but the day, and then the answer.
                since = day + timedelta(days=1)
                await by.do(endpoint, who, school=self.schools[0], since=since, changes={"name": f"校{name}"})
            case _:
                await by.do(wire.CORRECT_DISTRICT, who, name_en=f"made up {name}")

    def question(self, dice: random.Random) -> tuple[Endpoint[Any, Any], Caller, dict[str, Any]]:
        """A question of those that front ends ask, by one of several callers."""
        callers = [
            caller(), caller("auditor"), msgspec.structs.replace(caller(), grant="another"),
            caller("school-leader", school=self.schools[0]), caller("school-leader", school=self.schools[1]),
            caller("teacher", teacher=self.teachers[0]), caller("platform-operator", "platform"),
        ]  # fmt: skip
        who, day = dice.choice(callers), dice.choice([None, None, date(2024, 8, 31)])
        schools = wire.GetSchools(caller=who, ids=(), as_of=day)
        people = wire_teacher.ListTeachers(caller=who, as_of=day, page=Page(first=50), fields=("id", "name"))
        below = FollowUp(wire_teacher.LIST_TEACHERS.verb, "items.id", "schools", 50, msgspec.Raw(encode(people)))
        above = FollowUp(wire.GET_SCHOOLS.verb, "items.school", "ids", 50, msgspec.Raw(encode(schools)))
        one = self.teachers[:1]
        asked: list[tuple[Endpoint[Any, Any], dict[str, Any]]] = [
            (wire.GET_DISTRICT, {}),
            (wire.GET_SCHOOLS, {"ids": tuple(self.schools), "as_of": day, "then": (below,)}),
            (wire.LIST_SCHOOLS, {"as_of": day, "then": (below,)}),
            (wire_teacher.GET_TEACHERS, {"ids": (*one, "nobody"), "as_of": day, "then": (above,)}),
            (wire_teacher.GET_TEACHERS, {"ids": tuple(one), "reveal": True, "reason": "核对身份"}),
            (wire_teacher.LIST_TEACHERS, {"as_of": day}),
        ]
        endpoint, fields = dice.choice(asked)
        return endpoint, who, fields

    async def compare(self, dice: random.Random) -> None:
        """Ask one of the processes both ways: the same answer, the same lines, the same counts."""
        # Mostly one after the other by the same process, and one of the few asked last: else nothing would last.
        if dice.random() < 0.1:
            self.asked = dice.choice((self.one, self.other))
        if not self.recent or dice.random() < 0.15:
            self.recent = [*self.recent[-4:], self.question(dice)]
        process, (endpoint, who, fields) = self.asked, dice.choice(self.recent)
        key = (endpoint.verb, encode(who), encode(fields))
        held = self.held.get(key, b"")
        known = digest_of(held) if held else ""
        before = len(await process.lines())
        self.counted.clear()
        at_once = dice.random() < 0.7 and process.says_same(endpoint, who, known, **fields)
        told = SAME if at_once else await process.ask(endpoint, who, known, **fields)
        counts, between = list(self.counted), await process.lines()
        self.counted.clear()
        wanted = await process.ask_without(endpoint, who, known, **fields)
        after = await process.lines()
        assert told == wanted, f"another answer: {endpoint} {who} {fields}"
        assert between[before:] == after[len(between) :], f"other lines: {endpoint} {who} {fields}"
        assert counts == self.counted, endpoint
        if told != SAME:
            self.held[key] = told

    async def walk(self, seed: int, steps: int) -> None:
        """Ask and write at random, by both processes, while days pass."""
        dice = random.Random(seed)
        commands = (
            wire_teacher.CREATE_TEACHER, wire_teacher.CORRECT_TEACHER, wire.CORRECT_SCHOOL, wire.CORRECT_DISTRICT,
        )  # fmt: skip
        for step in range(steps):
            what = dice.random()
            if what < 0.02:
                self.clock.now += timedelta(days=1)
            elif what < 0.06:
                await self.write(dice.choice((self.one, self.other)), dice.choice(commands), f"{seed}-{step}")
            else:
                await self.compare(dice)


@pytest.fixture
async def world(settings: Settings, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    clock, vault = Clock(), Vault(b"k" * 32)
    async with contextlib.AsyncExitStack() as stack:
        processes: list[Process] = []
        for _ in range(2):
            dbs = open_databases(wire.SERVICE, settings, METADATA, MIGRATIONS)
            stack.push_async_callback(dbs.close)
            await dbs.open_all()
            registry = Registry(
                dbs=dbs, vault=vault, packs=LoadedPacks(rulebook, settings.packs), clock=clock, trail=Trail(dbs, clock)
            )
            stack.push_async_callback(registry.trail.write_all)
            processes.append(Process(registry, monkeypatch))
        found = World(processes[0], processes[1], clock)
        monkeypatch.setattr(serving_metrics, "count_answer", lambda *told: found.counted.append(told[:3]))
        await found.begin()
        yield found


@pytest.mark.parametrize("seed", range(3))
async def test_answers_and_lines_are_those_of_a_service_that_knows_nothing_of_its_answers(
    world: World, database: Store, seed: int
) -> None:
    await world.walk(seed, 250)
    if database.kind == "sqlite":
        assert world.one.kept > 20
        assert world.other.kept > 5
        assert 0 < world.one.at_once < world.one.kept
    else:
        assert world.one.kept + world.other.kept == 0, "there nobody knows what others wrote"


async def test_lines_on_their_way_to_the_disk_are_waited_for_and_the_answer_is_not_made_again(
    world: World, database: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.kind != "sqlite":
        return
    process, who = world.one, caller()
    held = digest_of(await process.ask(wire.GET_DISTRICT, who))
    for _ in range(2):
        assert await process.ask(wire.GET_DISTRICT, who, held) == SAME
    assert process.kept == 1
    commit, standing = Connection.commit, asyncio.Event()

    async def slow(connection: Connection) -> None:
        await commit(connection)
        await standing.wait()

    monkeypatch.setattr(Connection, "commit", slow)
    await process.ask(wire_teacher.LIST_TEACHERS, who)
    writing = asyncio.create_task(process.registry.trail.write(PUER))
    while process.registry.dbs.state(PUER) is not None:  # noqa: ASYNC110 - it tells no event of it
        await asyncio.sleep(0)
    assert not process.says_same(wire.GET_DISTRICT, who, held)
    asking = asyncio.create_task(process.ask(wire.GET_DISTRICT, who, held))
    await asyncio.sleep(0)
    standing.set()
    assert await asking == SAME
    assert process.kept == 2
    await writing


async def test_where_the_trail_is_full_nothing_is_said_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    process, who, fields = world.one, caller(), {"ids": (world.teachers[0],)}
    held = digest_of(await process.ask(wire_teacher.GET_TEACHERS, who, **fields))
    for _ in range(2):
        await process.ask(wire_teacher.GET_TEACHERS, who, held, **fields)
    monkeypatch.setattr(trail, "MOST_WAITING", 3)
    before = len(await process.lines())
    # The third line has to be written before its answer.
    said = [process.says_same(wire_teacher.GET_TEACHERS, who, held, **fields) for _ in range(4)]
    assert said == ([True, True, False, False] if process.at_once else [False] * 4)
    assert await process.ask(wire_teacher.GET_TEACHERS, who, held, **fields) == SAME
    assert process.registry.trail.room(PUER) == (3 if process.at_once else 2)
    assert len(await process.lines()) == before + sum(said) + 1


def _whatever(*_given: Any) -> Hashable:
    return 1


def _without_others(opened: Any, **_given: Any) -> Hashable:
    return opened.written


def _without_own(opened: Any, **given: Any) -> Hashable:
    found: Any = _OF_FILE(opened, **given)
    return found and found[2]


async def _of_nobody(recording: Recording, _seen: Any) -> None:
    await _AGAIN(recording, ((), 0))


def _of_nobody_at_once(recording: Recording, _seen: Any) -> None:
    _AT_ONCE(recording, ((), 0))


def _as_it_was(answers: LastingAnswers, district: str, _told: object) -> Hashable:
    answers._now = answers._now or answers.moment(district)
    return answers._now


async def _as_of_this_moment(conn: Any, district: str) -> Any:
    found = await _DISTRICT(conn, district)
    return found and replace(found, name_en=str(time.perf_counter_ns()))


_OF_FILE, _AGAIN, _AT_ONCE, _DISTRICT = OpenFile.state, Recording.again, Recording.at_once, read_district
BROKEN = {
    "data": (SqliteDatabases, "state", _whatever),
    "what others wrote": (OpenFile, "state", _without_others),
    "what this one wrote": (OpenFile, "state", _without_own),
    "the day": (LastingAnswers, "moment", lambda its, district: its._databases.state(district)),
    "whom it showed": (Recording, "again", _of_nobody),
    "whom it showed at once": (Recording, "at_once", _of_nobody_at_once),
    "what was written since": (LastingAnswers, "now", _as_it_was),
    "the moment": (get_district, "read_district", _as_of_this_moment),
}


@pytest.mark.parametrize("forgotten", BROKEN)
async def test_the_walk_finds_who_forgets_what_an_answer_rests_on(
    world: World, database: Store, monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    monkeypatch.setattr(*BROKEN[forgotten])
    if database.kind != "sqlite" and forgotten != "the moment":
        # Nothing is kept there, so nothing that is forgotten shows; but who tells the moment tells another each time.
        await world.walk(0, 100)
        return
    with pytest.raises(AssertionError, match=r"^(another answer|other lines)"):
        await world.walk(0, 2_000)
