"""A credits service on a real server with a small made-up law, and the registry's announcements to feed it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
import uuid_utils
from yanxiu_credits.__main__ import MIGRATIONS, running
from yanxiu_credits.all_tables import metadata
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_durable.databases import Databases
from yanxiu_footing.clock import Clock
from yanxiu_rulekit.decision import CreditRules, StandingRule, decision
from yanxiu_rulekit.facts import CreditLine, Facts, RecordFacts, Teacher
from yanxiu_rulekit.law import Law
from yanxiu_rulekit.outcome import Period, Standing
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import DatedValue, Parameter, Parameters
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_rulekit.requirement import Requirement, breached, hold
from yanxiu_rulekit.setting import Allowed
from yanxiu_rulekit.source import Clause, Source
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import PLATFORM, Caller, Role
from yanxiu_wire.codec import encode
from yanxiu_wire.credits import (
    DECIDE_PROJECT,
    PROPOSE_PROJECT,
    REGISTER_TRAINING,
    SERVICE,
    DecideProject,
    Project,
    ProposeProject,
    RegisterTraining,
)
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.events import MESSAGE_ID
from yanxiu_wire.faults import Overloaded
from yanxiu_wire.process import Evidence
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

from tests.stores import KINDS, Store, Stores

LAW_SINCE = date(2020, 1, 1)
# What an approval outside a process rests on, where the law names who approves.
NOTICE = Evidence(title="关于批准培训项目的通知", reference="虚教发〔2024〕1号", sha256="b" * 64)
TODAY = date(2025, 3, 14)

# ---- a made-up law ---------------------------------------------------------------------------------------------


class MadeUpRecord(RecordFacts, frozen=True, kw_only=True):
    mode: str = "central"
    hours: Decimal
    coefficient: Decimal = Decimal(1)
    score: Decimal = Decimal(100)


class MadeUpFacts(Facts, frozen=True, kw_only=True):
    record: MadeUpRecord


@decision("record", facts=MadeUpFacts, clauses=("MADE-1", "MADE-2", "MADE-3"))
def made_up_record(facts: MadeUpFacts, law: Law) -> Mapping[str, Any]:
    one = facts.record
    if one.score > law.full_mark:
        law.refuse(
            "MARK_OUT_OF_RANGE", field="record.score", value=one.score, clauses=("MADE-2",),
            zh="成绩{value}超出满分", en="the mark {value} is above the full mark", remedy=("请更正", "correct it"),
        )  # fmt: skip
    if not one.project_approved:
        law.refuse(
            "PROJECT_NOT_APPROVED", field="project_approved", value=False, clauses=("MADE-3",),
            zh="项目未经批准", en="the project is not approved", remedy=("请先报批", "have it approved first"),
        )  # fmt: skip
    passed = one.score >= law.pass_mark
    credit = law.step(
        "credit", one.hours * one.coefficient, unit="学分", clauses=("MADE-1",),
        zh="{hours}学时乘以{coefficient}得{value}学分", en="{hours} hours times {coefficient} make {value} credits",
        hours=one.hours, coefficient=one.coefficient,
    )  # fmt: skip
    status = "REJECTED" if law.refusals else "COUNTED" if passed else "ZERO"
    return {"status": status, "hours": one.hours, "total": credit, "reasons": [] if passed else ["MADE-2"]}


def judge_year(period: Period, lines: tuple[CreditLine, ...], teacher: Teacher, law: Law) -> Standing:
    hours = sum((line.hours for line in lines), Decimal(0))
    credit = sum((line.credits for line in lines), Decimal(0))
    measures = {"credits": credit, "central": sum((x.attributes["weight"] for x in lines), Decimal(0))}
    wanted = Requirement(
        clause="MADE-4", measure="credits", operator="at_least", parameter="year_credits",
        label_zh="年度学分", label_en="credits of the year", unit="学分",
    )  # fmt: skip
    findings = hold([wanted], measures, law)
    return Standing(
        period=period, verdict="FAIL" if breached(findings) else "PASS", hours=hours, credits=credit,
        recognised_hours=hours, recognised_credits=credit, findings=findings, measures=measures,
        result={"head_teacher": teacher.head_teacher},
    )  # fmt: skip


def calendar_year(day: date, _law: Law) -> Period:
    return Period(kind="year", label=str(day.year), start=date(day.year, 1, 1), end=date(day.year, 12, 31))


def parameter(name: str, value: Any, cite: str, allowed: Allowed | None = None) -> Parameter:
    values = (DatedValue(since=LAW_SINCE, value=value, cite=cite),)
    return Parameter(name=name, label=name, label_en=name, unit="分", values=values, allowed=allowed)


def made_up_pack(jurisdiction: str, *, pass_mark: int = 60) -> RulePack:
    clauses = {f"MADE-{n}": Clause(id=f"MADE-{n}", heading=f"第{n}条", quotation=f"条文{n}") for n in range(1, 5)}
    source = Source(
        jurisdiction=jurisdiction, title="试行办法", issuer="某教育局", signed_on=LAW_SINCE, published_on=LAW_SINCE,
        applies_from=LAW_SINCE, clauses=clauses, not_modelled={},
    )  # fmt: skip
    parameters = [
        parameter("full_mark", Decimal(100), "MADE-2"),
        parameter("pass_mark", Decimal(pass_mark), "MADE-2", Allowed(min=Decimal(50), max=Decimal(90))),
        parameter("year_credits", Decimal(72), "MADE-4"),
    ]
    year = StandingRule(period="year", label_zh="年度", label_en="year", period_of=calendar_year, judge=judge_year)
    return RulePack(
        name=f"made-up-{jurisdiction}", version="1.0", source=source,
        parameters=Parameters({one.name: one for one in parameters}, file="made-up"),
        decisions=[made_up_record],
        credit=CreditRules(
            record="record",
            attributes=lambda facts, result: {"mode": facts.record.mode, "weight": result["total"]},
            project_facts=("mode", "coefficient"), hours_unit="学时", credits_unit="学分", standings=(year,),
        ),
    )  # fmt: skip


# ---- the running service ---------------------------------------------------------------------------------------


class FixedClock(Clock):
    """A clock that tests set: its day stands, its instants still grow."""

    def __init__(self, day: date = TODAY) -> None:
        self.day = day
        self._ticks = itertools.count()

    def now(self) -> datetime:
        start = datetime(self.day.year, self.day.month, self.day.day, 4, tzinfo=UTC)
        return start + timedelta(milliseconds=next(self._ticks))


# One statement: it is asked before and after every command of a random walk, and there are many tables.
_COUNTS: sa.TextClause = sa.text(
    " UNION ALL ".join(
        f"SELECT '{name}', count(*) FROM {name}"  # noqa: S608 - names of our tables
        for name in metadata.tables
        if name != "outbox_progress" and not name.startswith("audit_")
    )
)


class House:
    """One district of the running service, and what tests do with it."""

    def __init__(self, service: Service, bus: Bus, district: str) -> None:
        self.service = service
        self.bus = bus
        self.district = district
        self.school = "school-1"
        self._keys = itertools.count(1)
        self.officer = self.caller("institute-officer")

    def caller(self, role: Role, **narrow: str) -> Caller:
        district = PLATFORM if role == "platform-operator" else self.district
        return Caller(subject=f"test-{role}", role=role, district=district, **narrow)

    def key(self) -> str:
        return f"key-{next(self._keys)}"

    async def call(self, endpoint: Endpoint[Any, Any], request: Any, seconds: float = 30) -> Any:
        """The answer; asked again when told to: what is sent 200 times at once finds no room on a busy machine."""
        deadline = Deadline.after(seconds)
        while True:
            try:
                return await self.bus.call(endpoint, request, district=self.district, deadline=deadline)
            except Overloaded as error:
                await asyncio.sleep(error.again_ms / 1000)

    async def tell(self, event: Event[Any], body: Any) -> None:
        """Announce as the registry would."""
        headers = {MESSAGE_ID: str(uuid_utils.uuid7())}
        await self.bus.jetstream.publish(event.subject(self.district), encode(body), headers=headers)

    async def bind(self, *bindings: registry.PackBinding, version: int = 1) -> None:
        district = registry.District(
            id=self.district, name_zh="试验区", name_en="Test", bindings=bindings, synthetic=True, version=version
        )
        await self.tell(registry.DISTRICT_CHANGED, registry.DistrictChanged(district=district))

    async def employ(
        self, teacher: str, *stretches: wire_teacher.Employment, version: int = 1, wait: bool = True, **facts: Any
    ) -> None:
        """Announce a teacher with these stretches of work (default: at the house's school since 2021)."""
        work = stretches or (wire_teacher.Employment(school=self.school, since=date(2021, 9, 1)),)
        history = tuple(
            (
                one.since,
                wire_teacher.Teacher(
                    id=teacher, staff_number=teacher, name="合成教师", school=one.school, version=version,
                    employments=tuple(x for x in work if x.since <= one.since), **facts,
                ),
            )
            for one in work
        )  # fmt: skip
        body = wire_teacher.TeacherChanged(
            teacher=teacher, version=version, history=history, recorded_at=datetime(2025, 1, 1, tzinfo=UTC)
        )
        await self.tell(wire_teacher.TEACHER_CHANGED, body)
        if wait:
            await self.until(lambda rows: (teacher, version) in {(r["teacher"], r["version"]) for r in rows})

    async def until(self, holds: Callable[[list[Any]], bool], table: str = "teacher_fact") -> None:
        """Return when the rows of a table of the copy satisfy a condition; woken by every arrival."""
        async with asyncio.timeout(60):
            while True:
                if await self.service.databases.has(self.district) and holds(await self.rows(table)):
                    return
                await self.service.arrivals.next(0.05)

    async def rows(self, table: str) -> list[Any]:
        """In the order of their keys: without an order PostgreSQL gives rows as it finds them."""
        stored = metadata.tables[table]
        async with self.service.databases.read(self.district) as conn:
            return list((await conn.execute(sa.select(stored).order_by(*stored.primary_key))).mappings())

    async def counts(self) -> dict[str, int]:
        """How many rows every table of the district holds, the relay's notes and the trail of who asked aside."""
        async with self.service.databases.read(self.district) as conn:
            return {one[0]: one[1] for one in await conn.execute(_COUNTS)}

    def training(self, teacher: str = "t1", **changes: Any) -> RegisterTraining:
        given: dict[str, Any] = {"on": date(2024, 5, 20), "facts": {"hours": "10", "score": "85"}, **changes}
        given.setdefault("caller", self.officer)
        given.setdefault("key", self.key())
        return RegisterTraining(teacher=teacher, **given)

    async def register(self, teacher: str = "t1", **changes: Any) -> Any:
        return await self.call(REGISTER_TRAINING, self.training(teacher, **changes))

    async def project(self, facts: Mapping[str, Any] | None = None, *, approve: bool = True, **more: Any) -> Project:
        """Propose a project, and approve it as the department did on paper; a school's own had begun by then."""
        if (facts or {}).get("mode") == "school":
            more.setdefault("starts_on", date(2024, 3, 2))
        made = await self.call(
            PROPOSE_PROJECT,
            ProposeProject(
                caller=self.officer,
                key=self.key(),
                title="课堂教学研修",
                organiser="研修中心",
                facts=facts or {},
                **more,
            ),
        )
        assert isinstance(made, Project), made
        if not approve:
            return made
        return await self.call(
            DECIDE_PROJECT,
            DecideProject(
                caller=self.caller("district-officer"),
                key=self.key(),
                project=made.id,
                approve=True,
                on=date(2024, 3, 1),
                document=NOTICE,
            ),
        )

    async def course(self, teacher: str = "t1", *, of: Mapping[str, Any] | None = None, **changes: Any) -> Any:
        """Register under an approved project of its own, as a law asks that counts no course without one.

        `of` are the facts that the project fixes.
        """
        return await self.register(teacher, project=(await self.project(of)).id, **changes)


@pytest.fixture(scope="session")
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="module", params=KINDS)
def database(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Store]:
    """Where the service of a module keeps its data: every test on `service` runs on SQLite and on PostgreSQL."""
    with stores.lent(request.param, (SERVICE, MIGRATIONS)) as store:
        yield store


@pytest.fixture(params=KINDS)
def own_database(request: pytest.FixtureRequest, stores: Stores) -> Iterator[Store]:
    """The same for a test that runs a service of its own."""
    with stores.lent(request.param, (SERVICE, MIGRATIONS)) as store:
        yield store


@pytest.fixture(scope="module")
async def service(nats_server: Any, database: Store, clock: FixedClock) -> AsyncIterator[Service]:
    """The credits service under made-up laws: `made` and `other` serve, `broken` cannot be loaded.

    It ends with its file: it would follow the districts of other tests that share the server.
    """
    packs = {one.jurisdiction: one for one in (made_up_pack("made"), made_up_pack("other", pass_mark=80))}
    rulebook = Rulebook(packs, {"broken": "parameters.toml: [x]: no cite"})
    fields = database.fields
    settings = Settings(nats_url=nats_server.url, keys=fields["data"] / "keys", **fields)
    async with running(settings, rulebook, clock=clock) as made:
        yield made


_districts = itertools.count(1)


@pytest.fixture
async def empty_house(service: Service, bus: Bus) -> House:
    """A district of its own for each test, not announced yet."""
    return House(service, bus, f"d-{next(_districts)}")


@pytest.fixture
async def house(empty_house: House) -> House:
    """A district under the law `made` with two teachers, t1 and t2, at school-1."""
    await empty_house.bind(registry.PackBinding(pack="made", since=LAW_SINCE))
    await empty_house.employ("t1", wait=False)
    await empty_house.employ("t2")
    return empty_house


@pytest.fixture
async def databases(service: Service) -> Databases:
    return service.databases


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


@pytest.fixture
def house_of() -> type[House]:
    """For tests that run a service of their own."""
    return House
