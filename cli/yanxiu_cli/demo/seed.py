"""Fills the synthetic districts through the services' own commands; fixed keys, so a second time changes nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from yanxiu_wire import credits as credit
from yanxiu_wire import registry, roster_import
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire.caller import PLATFORM, Caller
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable, WireFault
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus

from yanxiu_cli.console import sentences, tell
from yanxiu_cli.demo.people import DISTRICTS, OPENED_ON, DemoDistrict, DemoSchool, roster_of, schools_of, terms_through
from yanxiu_cli.demo.story import Place, tell_story
from yanxiu_cli.demo.trainings import (
    DemoProject,
    DemoTraining,
    head_teachers_of,
    notice_of,
    projects_of,
    trainings_of,
)
from yanxiu_cli.demo.visited import VISITED, Visited
from yanxiu_cli.failed import Failed
from yanxiu_cli.local.folder import Folder, write_private

AT_ONCE = 16
TRIES = 5
ROSTER = "demo"
ROWS_A_MESSAGE = 500
TEACHERS_A_PAGE = 200
CATCH_UP_WITHIN = 60.0
WITH_VISITED = 3
OPERATOR = Caller(subject="demo", role="platform-operator", district=PLATFORM)

Advance = Callable[[int], None]


class Seeded(msgspec.Struct, frozen=True, kw_only=True):
    """The mark that a data folder holds the demonstration's data; before WITH_VISITED two districts of it."""

    version: int = WITH_VISITED
    seconds: float


async def seed(bus: Bus, folder: Folder) -> None:
    """Enter the districts that the folder is not marked to have; raises Failed when a command is refused."""
    marked = msgspec.json.decode(folder.demo_file.read_bytes(), type=Seeded).version if folder.demo_file.exists() else 0
    if marked >= WITH_VISITED:
        return
    began = time.monotonic()
    tell("首次启动：装入虚构示例数据（约一分钟）/ first start: entering synthetic data (about a minute)")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True)) as progress:
            async with asyncio.TaskGroup() as group:
                for district in DISTRICTS if marked == 0 else ():
                    group.create_task(Seeding(bus, district, progress).run())
                group.create_task(Seeding(bus, VISITED, progress).run_visited())
    except BaseExceptionGroup as failures:
        raise _first(failures) from None
    seconds = round(time.monotonic() - began, 1)
    write_private(folder.demo_file, msgspec.json.encode(Seeded(seconds=seconds)))
    tell(f"示例数据已就绪，用时 {seconds:g} 秒 / synthetic data entered in {seconds:g} s")


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first failure in a tree of groups: one reason is enough to see what to do."""
    found: BaseException = failures
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


class Seeding:
    """One district on its way from nothing to a year of records, and to what is going on today."""

    def __init__(self, bus: Bus, district: DemoDistrict, progress: Progress) -> None:
        self._bus = bus
        self._district = district
        self._officer = Caller(subject="demo", role="district-officer", district=district.id)
        self._institute = Caller(subject="demo-institute", role="institute-officer", district=district.id)
        self._progress = progress
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Open the district, enter schools, terms and teachers, projects and records, then what is going on today."""
        await self._open()
        schools = await self._enter_roster()
        teachers = await self._teachers()
        await self._name_head_teachers(teachers)
        await self._caught_up(tuple(teachers.values()))
        projects = await self._enter_projects()
        trainings = trainings_of(self._district)

        def command(one: DemoTraining) -> credit.RegisterTraining:
            return credit.RegisterTraining(
                caller=self._officer,
                key=f"demo-record-{one.number}",
                teacher=teachers[one.staff_number],
                on=one.on,
                facts=one.facts,
                project=projects[one.project],
            )

        await self._each("培训记录 records", trainings, lambda one: self._ask(credit.REGISTER_TRAINING, command(one)))
        place = Place(district=self._district, schools=schools, teachers=teachers)
        await tell_story(self._ask, place, datetime.now(UTC))

    async def run_visited(self) -> None:
        """Open a district that is there for its visits: terms, schools and teachers, areas, researchers and groups."""
        await self._open()
        schools = await self._enter_roster()
        await Visited(self._ask, schools, await self._teachers()).enter()

    async def _open(self) -> None:
        district = self._district
        await self._ask(
            registry.CREATE_DISTRICT,
            registry.CreateDistrict(
                caller=OPERATOR,
                key="demo-district",
                name_zh=district.name_zh,
                name_en=district.name_en,
                synthetic=True,
            ),
        )
        binding = registry.BindRulePack(caller=OPERATOR, key="demo-binding", pack=district.pack, since=district.since)
        await self._ask(registry.BIND_RULE_PACK, binding)
        for term in terms_through(datetime.now(UTC).date()):
            await self._ask(
                wire_term.SET_TERM,
                wire_term.SetTerm(
                    caller=self._officer,
                    key=f"demo-term-{term.school_year}-{term.number}",
                    school_year=term.school_year,
                    number=term.number,
                    starts_on=term.starts_on,
                    ends_on=term.ends_on,
                ),
            )

    async def _enter_roster(self) -> dict[str, str]:
        """Enter schools and teachers; returns code -> id of every school."""
        schools: dict[str, str] = {}

        async def enter(school: DemoSchool) -> None:
            entered: registry.School = await self._ask(
                registry.CREATE_SCHOOL,
                registry.CreateSchool(
                    caller=self._officer,
                    key=f"demo-school-{school.code}",
                    code=school.code,
                    name=school.name,
                    stage=school.stage,
                    location=school.location,
                    opened_on=OPENED_ON,
                ),
            )
            schools[school.code] = entered.id

        await self._each("学校 schools", schools_of(self._district), enter)
        rows = [
            roster_import.RosterRow(number=number, cells=cells)
            for number, cells in enumerate(roster_of(self._district), start=2)  # line 1 of a file holds the headings
        ]
        for start in range(0, len(rows), ROWS_A_MESSAGE):
            await self._ask(
                roster_import.STAGE_ROSTER,
                roster_import.StageRoster(
                    caller=self._officer,
                    key=f"demo-roster-{start}",
                    roster=ROSTER,
                    rows=tuple(rows[start : start + ROWS_A_MESSAGE]),
                ),
            )
        apply = roster_import.ApplyRoster(caller=self._officer, key="demo-roster-apply", roster=ROSTER)
        await self._ask(roster_import.APPLY_ROSTER, apply)
        return schools

    async def _teachers(self) -> dict[str, str]:
        """Staff number -> id of every teacher."""
        found: dict[str, str] = {}
        after: str | None = None
        while True:
            query = wire_teacher.ListTeachers(caller=self._officer, page=Page(first=TEACHERS_A_PAGE, after=after))
            page: wire_teacher.TeacherPage = (await self._ask(wire_teacher.LIST_TEACHERS, query)).pages[0]
            whole = [one for one in page.items if isinstance(one, wire_teacher.Teacher)]
            found.update((teacher.staff_number, teacher.id) for teacher in whole)
            if not page.has_next:
                return found
            after = page.cursors[-1]

    async def _name_head_teachers(self, teachers: dict[str, str]) -> None:
        chosen = head_teachers_of(self._district)

        def command(staff_number: str) -> wire_teacher.CorrectTeacher:
            since = self._district.since
            return wire_teacher.CorrectTeacher(
                caller=self._officer,
                key=f"demo-head-{staff_number}",
                teacher=teachers[staff_number],
                since=since,
                changes={"head_teacher_periods": [[since.isoformat(), None]]},
            )

        await self._each(
            "班主任 head teachers", chosen, lambda one: self._ask(wire_teacher.CORRECT_TEACHER, command(one))
        )

    async def _enter_projects(self) -> dict[str, str]:
        """Key -> id of every project, proposed and approved."""
        found: dict[str, str] = {}

        async def enter(one: DemoProject) -> None:
            proposal = credit.ProposeProject(
                caller=self._institute,
                key=f"demo-project-{one.key}",
                title=one.title,
                organiser=one.organiser,
                facts=one.facts,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
            )
            project: credit.Project = await self._ask(credit.PROPOSE_PROJECT, proposal)
            found[one.key] = project.id
            decision = credit.DecideProject(
                caller=self._officer,
                key=f"demo-approval-{one.key}",
                project=project.id,
                approve=True,
                on=one.approved_on,
                document=notice_of(one),
            )
            await self._ask(credit.DECIDE_PROJECT, decision)

        await self._each("培训项目 projects", projects_of(self._district), enter)
        return found

    async def _caught_up(self, teachers: tuple[str, ...]) -> None:
        """Wait until the credits service knows every teacher; it learns them from the registry's events."""
        until = time.monotonic() + CATCH_UP_WITHIN
        while True:
            query = credit.GetTotals(caller=self._officer, teachers=teachers[-TEACHERS_A_PAGE:])
            totals = await self._heard(credit.GET_TOTALS, query)
            if isinstance(totals, credit.Totals) and all(one is not None for one in totals.items):
                return
            if time.monotonic() > until:
                raise Failed(
                    f"{self._district.id}：学分服务 {CATCH_UP_WITHIN:g} 秒内未收到登记数据，请查看 logs/credits.log。",
                    f"{self._district.id}: the registry's facts did not reach the credits service within "
                    f"{CATCH_UP_WITHIN:g} s; see logs/credits.log.",
                )
            await asyncio.sleep(0.2)  # the state of another process: there is no event to await

    async def _each(self, title: str, items: Iterable[Any], work: Callable[[Any], Awaitable[Any]]) -> None:
        """Work through the items, a few at a time, under a progress bar."""
        todo = tuple(items)
        if not todo:
            return
        bar = self._progress.add_task(f"{self._district.id} {title}", total=len(todo))

        async def one(item: Any) -> None:
            async with self._slots:
                await work(item)
            self._progress.advance(bar)

        async with asyncio.TaskGroup() as group:
            for item in todo:
                group.create_task(one(item))

    async def _ask(self, endpoint: Endpoint[Any, Any], request: Any) -> Any:
        """What is answered; raises Failed when it is refused."""
        reply = await self._heard(endpoint, request)
        if isinstance(reply, Refused):
            chinese, english = sentences(reply)
            raise Failed(f"示例数据被拒绝：{chinese}", f"the demonstration data was refused: {english}")
        return reply

    async def _heard(self, endpoint: Endpoint[Any, Any], request: Any) -> Any:
        """Ask, again under the same key when nobody answered in time; what is refused is an answer."""
        for left in reversed(range(TRIES)):
            try:
                return await self._bus.call(endpoint, request, district=self._district.id)
            except WireFault as fault:
                if left and isinstance(fault, ServiceUnavailable | DeadlineExceeded):
                    continue
                raise Failed(f"装入示例数据时出错：{fault}", f"entering the demonstration data: {fault}") from None
        raise AssertionError("unreachable")
