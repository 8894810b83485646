"""A credits service whose made-up law knows every command of the books, and one district in which all are given."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_footing.clock import CHINA
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import books, registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import workflow as wire
from yanxiu_wire.attendance import CLOSE_SESSION, Session
from yanxiu_wire.process import Process
from yanxiu_wire.rpc import Bus

from tests.services.credits.attendance.conftest import School, attended
from tests.services.credits.books.conftest import Books, pack_with_fraud
from tests.services.credits.conftest import LAW_SINCE, FixedClock, House
from tests.services.credits.policy.conftest import Policy
from tests.services.credits.transfer.conftest import Place, move
from tests.services.credits.workflow.conftest import Town
from tests.services.credits.workflow.made_up_workflows import with_workflows
from tests.stores import Store

# The season of recognition begins: whatever takes days goes on from here.
FIRST_DAY = date(2025, 3, 3)
SCHOOLS = ("school-1", "school-2")
HOME = {"t1": "school-1", "t2": "school-1", "t3": "school-2"}
MINUTE = timedelta(minutes=1)
_districts = itertools.count(1)


class GoingClock(FixedClock):
    """A clock whose day tests set and whose minutes they let pass; it never goes back within a day."""

    def __init__(self) -> None:
        super().__init__(FIRST_DAY)
        self.passed = timedelta()

    def now(self) -> datetime:
        begin = datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)
        return begin + self.passed + timedelta(milliseconds=next(self._ticks))


def every_law() -> RulePack:
    """Return the law of the other tests of the books, with transfers and attendance as well."""
    made = pack_with_fraud()
    assert made.credit is not None
    credit = msgspec.structs.replace(made.credit, transfer=move, attended=attended, attendance_per="session")
    return RulePack(
        name=made.name,
        version=made.version,
        source=made.source,
        parameters=made.parameters,
        decisions=made.decisions.values(),
        credit=credit,
    )


class Everyone(Town, Books, Place):
    """A district with two schools and three teachers, and everybody who gives a command in it."""

    def __init__(self, house: House, clock: GoingClock) -> None:
        super().__init__(house, clock)
        self.going = clock
        self.policy = Policy(self)
        self.version = 1
        self.leaders = {"school-1": self.leader, "school-2": self.other_leader}

    # ---- attendance --------------------------------------------------------------------------------------------

    async def attended(self, teacher: str, school: str, hours: int, project: str) -> Session:
        """Hold a session of a project, today, that one teacher attends, and close it."""
        staff = self.caller("school-training-officer", school=school)
        hosts = School(self, self.clock)  # type: ignore[arg-type]  # it is not asked to set the clock
        starts = (self.clock.now() + MINUTE).astimezone(CHINA)
        planned = {"on": self.clock.day, "starts_at": starts, "ends_at": starts + MINUTE, "hours": Decimal(hours)}
        session = await hosts.session(staff, project=project, **planned)
        self.going.passed += MINUTE * 2
        await hosts.settle(session, teacher, caller=staff)
        self.going.passed += MINUTE
        closed = await hosts.call(CLOSE_SESSION, staff, session=session.id)
        assert isinstance(closed, Session), closed
        return closed

    async def register_attended(self, session: Session) -> Any:
        (result,) = (await School(self, self.clock).register(session=session.id)).results  # type: ignore[arg-type]
        return result

    # ---- workflow ----------------------------------------------------------------------------------------------

    async def process_of(self, school: str) -> Process | None:
        page = await self.call(wire.LIST_PROCESSES, wire.ListProcesses(caller=self.department, school=school))
        return await self.show(page.items[0].id) if page.items else None

    async def take_back(self, process: Process) -> Any:
        command = wire.TakeBackRecognition(
            caller=self.department, key=self.key(), process=process.id, version=process.version, reason="复查"
        )
        return await self.call(wire.TAKE_BACK_RECOGNITION, command)

    async def take_back_one(self, recognition: str) -> Any:
        command = books.ReverseRecognition(
            caller=self.department, key=self.key(), recognition=recognition, reason="成绩录错"
        )
        return await self.call(books.REVERSE_RECOGNITION, command)

    async def object_to(self, school: str, process: str, record: str) -> Any:
        raiser = self.caller("school-training-officer", school=school)
        command = wire.RaiseObjection(caller=raiser, key=self.key(), process=process, text="有误", record=record)
        return await self.call(wire.RAISE_OBJECTION, command)

    async def settle_objection(self, school: str, objection: str, *, upheld: bool) -> Any:
        command = wire.SettleObjection(
            caller=self.leaders[school], key=self.key(), objection=objection, upheld=upheld, reason="经核实"
        )
        return await self.call(wire.SETTLE_OBJECTION, command)

    # ---- the registry ------------------------------------------------------------------------------------------

    async def moves(self, teacher: str, places: list[tuple[date, str]]) -> None:
        """Announce where a teacher worked from which day on."""
        ends = [since - timedelta(days=1) for since, _ in places[1:]] + [None]
        work = [
            wire_teacher.Employment(school=school, since=since, until=until)
            for (since, school), until in zip(places, ends, strict=True)
        ]
        await self.employ(teacher, *work, version=len(places))


async def settled(house: House, clock: GoingClock) -> Everyone:
    """Announce the law, the schools and the teachers, and wait until all are known."""
    everyone = Everyone(house, clock)
    await everyone.bind(registry.PackBinding(pack="made", since=LAW_SINCE))
    for school in SCHOOLS:
        await everyone.tell_school(school)
    for teacher, school in HOME.items():
        await everyone.employ(teacher, wire_teacher.Employment(school=school, since=date(2021, 9, 1)))
    return everyone


@pytest.fixture(scope="session")
def clock() -> GoingClock:
    return GoingClock()


@pytest.fixture(scope="module")
async def service(
    nats_server: Any, database: Store, clock: GoingClock, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Service]:
    """The credits service under a law that knows every command."""
    pack = with_workflows(every_law(), tmp_path_factory.mktemp("pack"))
    fields = database.fields
    settings = Settings(nats_url=nats_server.url, keys=fields["data"] / "keys", **fields)
    async with running(settings, Rulebook({"made": pack}, {}), clock=clock) as made:
        yield made


class Districts:
    """Opens a district of its own for each run, on the first day."""

    def __init__(self, service: Service, bus: Bus, clock: GoingClock) -> None:
        self.service = service
        self.bus = bus
        self.clock = clock

    async def open(self) -> Everyone:
        self.clock.day = FIRST_DAY
        return await settled(House(self.service, self.bus, f"every-{next(_districts)}"), self.clock)


@pytest.fixture
def districts(service: Service, bus: Bus, clock: GoingClock) -> Districts:
    return Districts(service, bus, clock)
