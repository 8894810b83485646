"""A district whose made-up law orders workflows, two schools in it, and everybody who signs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.plugins import Rulebook, load_packs
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire import workflow as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.process import Evidence, Process

from tests.services.credits.conftest import LAW_SINCE, FixedClock, House, made_up_pack
from tests.services.credits.workflow.made_up_workflows import with_workflows

TERM = wire_term.Term(
    id="2024-2025-2", school_year="2024-2025", number=2, starts_on=date(2025, 3, 10), ends_on=date(2025, 7, 4)
)
IN_YEAR = date(2024, 6, 1)
PLAN = Evidence(name="plan", title="计划书", reference="file://plan.pdf", sha256="a" * 64)


class Town(House):
    """A district with school-1 (t1, t2) and school-2 (t9); its calendar has one term, which began on 10 March 2025."""

    def __init__(self, house: House, clock: FixedClock) -> None:
        super().__init__(house.service, house.bus, house.district)
        self.clock = clock
        self.leader = self.person("leader", "school-leader", school="school-1")
        self.training_officer = self.person("officer", "school-training-officer", school="school-1")
        self.other_leader = self.person("other-leader", "school-leader", school="school-2")
        self.institute = self.person("institute", "institute-officer")
        self.department = self.person("department", "district-officer")
        self.teacher = self.person("teacher-1", "teacher", teacher="t1")
        self.teacher_2 = self.person("teacher-2", "teacher", teacher="t2")
        self.stranger = self.person("teacher-9", "teacher", teacher="t9")

    def person(self, subject: str, role: Any, **narrow: str) -> Caller:
        return Caller(subject=subject, role=role, district=self.district, **narrow)

    async def open(self, caller: Caller, workflow: str, **given: Any) -> Any:
        answer = await self.call(
            wire.OPEN_PROCESS, wire.OpenProcess(caller=caller, key=self.key(), workflow=workflow, **given)
        )
        return getattr(answer, "process", answer)

    async def take(self, caller: Caller, process: Process, step: str, **given: Any) -> Any:
        given.setdefault("version", process.version)
        answer = await self.call(
            wire.TAKE_STEP, wire.TakeStep(caller=caller, key=self.key(), process=process.id, step=step, **given)
        )
        return getattr(answer, "process", answer)

    async def send_back(self, caller: Caller, process: Process, reason: str = "材料不全", **given: Any) -> Any:
        given.setdefault("version", process.version)
        answer = await self.call(
            wire.RETURN_PROCESS,
            wire.ReturnProcess(caller=caller, key=self.key(), process=process.id, reason=reason, **given),
        )
        return getattr(answer, "process", answer)

    async def show(self, process: str, caller: Caller | None = None) -> Any:
        query = wire.GetProcesses(caller=caller or self.department, ids=(process,))
        return (await self.call(wire.GET_PROCESSES, query)).items[0]

    async def tasks(self, caller: Caller) -> list[Any]:
        return list((await self.call(wire.LIST_TASKS, wire.ListTasks(caller=caller))).items)

    # ---- a plan ------------------------------------------------------------------------------------------------

    async def school_project(self, *, starts_on: date | None = None, **facts: Any) -> str:
        """A project that the school proposes."""
        self.officer = self.training_officer
        made = await self.project({"mode": "school", **facts}, approve=False, starts_on=starts_on)
        self.officer = self.institute
        return made.id

    async def declare(self, *projects: str, caller: Caller | None = None, **given: Any) -> Any:
        given = {"statements": {"aim": "提升课堂"}, "evidence": (PLAN,), **given}
        return await self.open(caller or self.training_officer, "plan", projects=projects, **given)

    async def reviewed(self) -> tuple[Process, str]:
        """A plan that the institute has reviewed, with its project."""
        project = await self.school_project()
        declared = await self.declare(project)
        facts = {project: {"coefficient": "0.5"}}
        return await self.take(self.institute, declared, "review", project_facts=facts), project

    # ---- a year ------------------------------------------------------------------------------------------------

    async def publicised(self) -> Process:
        """The recognition of 2024 of school-1 in publicity since 3 March 2025; t1 has 20, t2 80 credits."""
        await self.register("t1", facts={"hours": "20"})
        await self.register("t2", facts={"hours": "80"})
        self.clock.day = date(2025, 3, 3)
        opened = await self.open(self.training_officer, "recognition", on=IN_YEAR)
        assert isinstance(opened, Process), opened
        return await self.take(self.leader, opened, "publicise")

    async def submitted(self) -> Process:
        shown = await self.publicised()
        self.clock.day = date(2025, 3, 10)
        return await self.take(self.leader, shown, "submit")


async def settle_in(town: Town) -> None:
    """Announce the district, its schools, its term and its teachers, and wait until they are known."""
    await town.bind(registry.PackBinding(pack="made", since=LAW_SINCE))
    for school in ("school-1", "school-2"):
        await town.tell(
            registry.SCHOOL_CHANGED,
            registry.SchoolChanged(school=school, version=1, history=()),
        )
    await town.tell(wire_term.TERM_CHANGED, wire_term.TermChanged(term=TERM))
    await town.employ("t1", wait=False)
    await town.employ("t2", wait=False)
    await town.employ("t9", wire_teacher.Employment(school="school-2", since=date(2021, 9, 1)))


@pytest.fixture(scope="module")
async def under_installed_laws(nats_server: Any, database: Any, clock: FixedClock) -> AsyncIterator[Service]:
    """The credits service under the laws that are installed."""
    fields = database.fields
    settings = Settings(nats_url=nats_server.url, keys=fields["data"] / "keys", **fields)
    async with running(settings, load_packs(), clock=clock) as made:
        yield made


@pytest.fixture(scope="module")
async def service(
    nats_server: Any, database: Any, clock: FixedClock, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Service]:
    """The credits service under a law that orders workflows."""
    pack = with_workflows(made_up_pack("made"), tmp_path_factory.mktemp("pack"))
    fields = database.fields
    settings = Settings(nats_url=nats_server.url, keys=fields["data"] / "keys", **fields)
    async with running(settings, Rulebook({"made": pack}, {}), clock=clock) as made:
        yield made


@pytest.fixture(scope="session")
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
async def town(empty_house: House, clock: FixedClock) -> AsyncIterator[Town]:
    """The district, on the second day of its term: 11 March 2025."""
    clock.day = date(2025, 3, 11)
    town = Town(empty_house, clock)
    await settle_in(town)
    yield town
    clock.day = date(2025, 3, 11)
