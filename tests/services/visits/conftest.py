"""A visits service on a real server with a small made-up law, and the registry's announcements to feed it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
import uuid_utils
from yanxiu_footing.clock import Clock
from yanxiu_rulekit.plugins import Rulebook, load_packs
from yanxiu_visits.__main__ import MIGRATIONS, running
from yanxiu_visits.all_tables import metadata
from yanxiu_visits.service import Service
from yanxiu_visits.settings import Settings
from yanxiu_wire import registry
from yanxiu_wire.caller import PLATFORM, Caller, Role
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.events import MESSAGE_ID
from yanxiu_wire.refusal import Refused
from yanxiu_wire.researcher import RESEARCHER_CHANGED, Researcher, ResearcherChanged
from yanxiu_wire.rpc import Bus
from yanxiu_wire.teacher import TEACHER_CHANGED, Employment, Teacher, TeacherChanged
from yanxiu_wire.term import TERM_CHANGED, Term, TermChanged
from yanxiu_wire.visits import SERVICE

from tests.conftest import NatsServer
from tests.services.visits.made_up_law import LAW_SINCE, VISITS, made_up_pack
from tests.services.visits.planning import laws
from tests.stores import KINDS, Store, Stores

TODAY = date(2024, 10, 18)
OUHAI_SINCE = date(2024, 4, 7)
TERMS = (
    Term(id="2024-2025-1", school_year="2024-2025", number=1, starts_on=date(2024, 9, 2), ends_on=date(2025, 1, 17)),
    Term(id="2024-2025-2", school_year="2024-2025", number=2, starts_on=date(2025, 2, 17), ends_on=date(2025, 6, 27)),
)


class FixedClock(Clock):
    """A clock that tests set: its day stands, its instants still grow."""

    def __init__(self, day: date = TODAY) -> None:
        self.day = day
        self._ticks = itertools.count()

    def now(self) -> datetime:
        start = datetime(self.day.year, self.day.month, self.day.day, 10, tzinfo=UTC)  # six in the evening in China
        return start + timedelta(milliseconds=next(self._ticks))


class House:
    """One district of the running service, and what tests do with it."""

    def __init__(self, service: Service, bus: Bus, district: str) -> None:
        self.service = service
        self.bus = bus
        self.district = district
        self._keys = itertools.count(1)
        self._announced: dict[str, set[str]] = {"district_fact": set()}
        self.officer = self.caller("institute-officer")

    def caller(self, role: Role, **narrow: str) -> Caller:
        district = PLATFORM if role == "platform-operator" else self.district
        return Caller(subject=f"test-{role}", role=role, district=district, **narrow)

    def researcher(self, person: str = "r1") -> Caller:
        return self.caller("researcher", teacher=person)

    def school(self, school: str = "s1", role: Role = "school-leader", **narrow: str) -> Caller:
        return self.caller(role, school=school, **narrow)

    def key(self) -> str:
        return f"key-{next(self._keys)}"

    async def call(self, endpoint: Endpoint[Any, Any], request: Any, seconds: float = 30) -> Any:
        return await self.bus.call(endpoint, request, district=self.district, deadline=Deadline.after(seconds))

    async def tell(self, event: Event[Any], body: Any) -> None:
        """Announce as the registry would."""
        for noun in ("school", "teacher", "researcher", "district"):
            said = getattr(body, noun, None)
            if said is not None:
                self._announced.setdefault(f"{noun}_fact", set()).add(getattr(said, "id", said))
        headers = {MESSAGE_ID: str(uuid_utils.uuid7())}
        await self.bus.jetstream.publish(event.subject(self.district), encode(body), headers=headers)

    async def bind(self, *bindings: registry.PackBinding, version: int = 1) -> None:
        district = registry.District(
            id=self.district, name_zh="试验区", name_en="Test", bindings=bindings, synthetic=True, version=version
        )
        await self.tell(registry.DISTRICT_CHANGED, registry.DistrictChanged(district=district))

    async def open(self, *schools: str, stage: registry.Stage = "primary", **facts: Any) -> None:
        """Announce schools that opened in 2000."""
        for school in schools:
            opened = date(2000, 9, 1)
            card = registry.School(
                id=school, code=school, name="合成学校", stage=stage, location="town", opened_on=opened, **facts
            )
            await self.tell(
                registry.SCHOOL_CHANGED, registry.SchoolChanged(school=school, version=1, history=((opened, card),))
            )

    async def employ(self, teacher: str, school: str = "s1", since: date = date(2021, 9, 1)) -> None:
        work = (Employment(school=school, since=since),)
        card = Teacher(id=teacher, staff_number=teacher, name="合成教师", school=school, employments=work)
        body = TeacherChanged(
            teacher=teacher, version=1, history=((since, card),), recorded_at=datetime(2024, 1, 1, tzinfo=UTC)
        )
        await self.tell(TEACHER_CHANGED, body)

    async def enrol(self, person: str, *, subjects: Sequence[str] = ("语文",), version: int = 1, **facts: Any) -> None:
        """Announce a researcher since 2022."""
        since = date(2022, 9, 1)
        card = Researcher(
            id=person, subjects=tuple(subjects), stages=("primary", "junior"), begins_on=since, version=version, **facts
        )
        await self.tell(
            RESEARCHER_CHANGED, ResearcherChanged(researcher=person, version=version, history=((since, card),))
        )

    async def until(self, holds: Callable[[list[Any]], bool], table: str = "term_fact") -> None:
        """Return when the rows of a table of the copy satisfy a condition; woken by every arrival."""
        async with asyncio.timeout(75):  # a message that a reader lost comes again after a while
            while True:
                there = await self.service.databases.has(self.district) and holds(await self.rows(table))
                if there and await self._all_there():
                    return
                await self.service.arrivals.next(0.05)

    async def _all_there(self) -> bool:
        """Whether all that was announced has arrived: what a reader lost and reads again comes after later things."""
        for table, ids in self._announced.items():
            name = table.removesuffix("_fact")
            if not ids <= {row[name] for row in await self.rows(table)}:
                return False
        return True

    async def rows(self, table: str) -> list[Any]:
        """In the order of their keys, which a select alone does not promise."""
        stored = metadata.tables[table]
        async with self.service.databases.read(self.district) as conn:
            return list((await conn.execute(sa.select(stored).order_by(*stored.primary_key))).mappings())

    async def settle(self) -> None:
        """Announce the terms, and return when they and all that was announced before them have arrived."""
        for term in TERMS:
            await self.tell(TERM_CHANGED, TermChanged(term=term))
        await self.until(lambda rows: len(rows) == len(TERMS))


@pytest.fixture(scope="session")
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest, stores: Stores) -> Store:
    """Where the service of a module keeps its data: every test on `visits` runs on SQLite and on PostgreSQL."""
    return stores.new(request.param, (SERVICE, MIGRATIONS))


def _running(url: str, store: Store, clock: FixedClock) -> Any:
    by_batch = msgspec.structs.replace(VISITS, placing=lambda _law: laws.by_batch())
    made = (made_up_pack("made"), made_up_pack("credits-only", visits=None), made_up_pack("by-batch", visits=by_batch))
    real = {name: load_packs().packs[name] for name in ("antu", "ouhai", "putuo", "yueqing")}
    packs = {one.jurisdiction: one for one in made} | real
    settings = Settings(nats_url=url, **store.fields)
    return running(settings, Rulebook(packs, {"broken": "parameters.toml: [x]: no cite"}), clock=clock)


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """The server of these tests: on the one that all tests share, all that they announced would be followed first."""
    server = NatsServer(tmp_path_factory.mktemp("visits-nats"), fsync=False)
    yield server
    server.stop()


@pytest.fixture(scope="module")
async def visits(nats_server: Any, database: Store, clock: FixedClock) -> AsyncIterator[Service]:
    """The visits service under made-up laws: `made` orders visits, `credits-only` none, `broken` cannot be loaded."""
    async with _running(nats_server.url, database, clock) as made:
        yield made


@pytest.fixture(scope="session")
def quick_nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A server of its own: two services that follow the registry on one would share its announcements."""
    server = NatsServer(tmp_path_factory.mktemp("quick-nats"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
async def quick_visits(quick_nats: NatsServer, stores: Stores, clock: FixedClock) -> AsyncIterator[Service]:
    """The same on SQLite alone, for tests in which the store makes no difference; one for all of them."""
    async with _running(quick_nats.url, stores.new("sqlite", (SERVICE, MIGRATIONS)), clock) as made:
        yield made


_districts = itertools.count(1)


async def _furnished(service: Service, bus: Bus, *, pack: str = "made", since: date = LAW_SINCE) -> House:
    house = House(service, bus, f"v-{next(_districts)}")
    await house.bind(registry.PackBinding(pack=pack, since=since))
    await house.open("s1", "s2", "s3")
    for teacher, school in (("t1", "s1"), ("t2", "s1"), ("t3", "s2"), ("r1", "s3"), ("r2", "s3")):
        await house.employ(teacher, school)
    await house.enrol("r1")
    await house.enrol("r2", subjects=("数学",))
    await house.settle()
    return house


@pytest.fixture
async def empty_house(visits: Service, bus: Bus) -> House:
    """A district of its own for each test, not announced yet."""
    return House(visits, bus, f"v-{next(_districts)}")


@pytest.fixture
async def house(visits: Service, bus: Bus) -> House:
    """A district under the law `made`: schools s1 to s3, teachers t1, t2 (s1), t3 (s2), researchers r1 and r2."""
    return await _furnished(visits, bus)


@pytest.fixture
async def ouhai(quick_visits: Service) -> House:
    """The same people and schools under the law of Ouhai, on SQLite alone."""
    return await _furnished(quick_visits, quick_visits.bus, pack="ouhai", since=OUHAI_SINCE)


@pytest.fixture
async def under(quick_visits: Service) -> Callable[..., Any]:
    """Return the same people and schools under a law by its name, on SQLite alone."""

    async def bound(pack: str, since: date) -> House:
        return await _furnished(quick_visits, quick_visits.bus, pack=pack, since=since)

    return bound


@pytest.fixture
async def ouhai_on_each(visits: Service, bus: Bus) -> House:
    """The same on SQLite and on PostgreSQL."""
    return await _furnished(visits, bus, pack="ouhai", since=OUHAI_SINCE)


@pytest.fixture
async def quick_house(quick_visits: Service) -> House:
    """The same on SQLite alone."""
    return await _furnished(quick_visits, quick_visits.bus)


@pytest.fixture
def error_of() -> Callable[[Any, str], Any]:
    """Return the single reason of a refusal, after checking its code and that it speaks both languages."""

    def check(refused: Any, code: str) -> Any:
        assert isinstance(refused, Refused), refused
        assert [error.code for error in refused.errors] == [code], refused
        error = refused.errors[0]
        assert all((error.message_zh, error.message_en, error.remedy_zh, error.remedy_en))
        return error

    return check
