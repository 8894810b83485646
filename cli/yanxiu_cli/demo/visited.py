"""A small made-up district under Ouhai's plan: areas, weak schools, an institute with researchers, filed groups."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from yanxiu_wire import area as wire_area
from yanxiu_wire import leading_group as wire_leading
from yanxiu_wire import registry
from yanxiu_wire import research_group as wire_group
from yanxiu_wire import researcher as wire_researcher
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import Caller
from yanxiu_wire.endpoint import Endpoint

from yanxiu_cli.demo.people import OPENED_ON, DemoDistrict, national_id, roster_of, schools_of

Ask = Callable[[Endpoint[Any, Any], Any], Awaitable[Any]]

BEGAN = date(2024, 9, 1)
FILED = date(2024, 9, 20)
DECISION = "瓯教示例〔2024〕1号（虚构示例）"
AREAS = ("城东片区（虚构示例）", "城西片区（虚构示例）")
WITH_RELATIVE = 2  # number of the researcher who is kept from a school
WEAK = (3, 8)  # numbers of the schools that the decision names
VISITED = DemoDistrict(
    id="ouhai",
    name_zh="瓯海（虚构示例）",
    name_en="Ouhai (synthetic example)",
    pack="ouhai",
    since=date(2024, 4, 7),
    mark="OH",
    schools=12,
    teachers_each=4,
)
BUREAU = (
    wire_leading.LeadingMember(part="head", post="局长"),
    wire_leading.LeadingMember(part="deputy", post="分管副局长"),
    wire_leading.LeadingMember(part="member", post="科室负责人"),
)
SCHOOL = (
    wire_leading.LeadingMember(part="head", post="校长"),
    wire_leading.LeadingMember(part="in-charge", post="副校长"),
)
# Whom the institute has: subjects, stages.
RESEARCHERS: tuple[tuple[tuple[str, ...], tuple[registry.Stage, ...]], ...] = (
    (("语文", "道德与法治"), ("primary", "junior")),
    (("数学", "科学"), ("primary", "junior", "senior")),
    (("英语",), ("junior", "senior")),
    (("音乐", "美术"), ("kindergarten", "primary")),
)


class Visited:
    """Enters what the visits rest on; `schools` and `teachers` are the register's ids by code and staff number."""

    def __init__(self, ask: Ask, schools: Mapping[str, str], teachers: Mapping[str, str]) -> None:
        self._ask = ask
        self._schools = schools
        self._teachers = teachers
        self._officer = Caller(subject="demo", role="district-officer", district=VISITED.id)

    async def enter(self) -> None:
        """Areas and schools, researchers, then groups."""
        areas = [await self._area(number, name) for number, name in enumerate(AREAS)]
        for number, school in enumerate(schools_of(VISITED), start=1):
            changes = {"area": areas[number % 2]} | ({"weak_decided_by": DECISION} if number in WEAK else {})
            await self._write(
                registry.CORRECT_SCHOOL,
                f"school-{number}",
                school=self._schools[school.code],
                since=BEGAN,
                changes=changes,
            )
        first = await self._researchers()
        await self._school_groups()
        await self._area_group(areas[1])
        await self._leading_groups()
        await self._write(
            wire_researcher.RECORD_ABSENCE,
            "absence",
            researcher=first,
            since=date(2025, 3, 3),
            until=date(2025, 3, 28),
            kind="外出培训",
        )

    async def _area(self, number: int, name: str) -> str:
        made = await self._write(wire_area.CREATE_AREA, f"area-{number}", name=name, begins_on=BEGAN)
        return made.id

    async def _researchers(self) -> str:
        """Enter the institute and its people; returns the first one's id. The second has a relative at a school."""
        institute: registry.School = await self._write(
            registry.CREATE_SCHOOL,
            "institute",
            code=f"{VISITED.mark}-I01",
            name="瓯海示例教育研究院",
            stage="complete",
            location="town",
            affiliation="county-institution",
            opened_on=OPENED_ON,
        )
        found = []
        for number, (subjects, stages) in enumerate(RESEARCHERS, start=1):
            person: wire_teacher.Teacher = await self._write(
                wire_teacher.CREATE_TEACHER,
                f"researcher-{number}",
                staff_number=f"{VISITED.mark}9{number:03}",
                name=f"示例研训员{number:02}",
                national_id=national_id(date(1975 + number, 5, number), 900 + number),
                school=institute.id,
                subject=subjects[0],
                employed_since=date(2015, 9, 1),
                post="研训员",
            )
            relative = wire_researcher.ConflictOfInterest(school=self._school(2), kind="亲属在校")
            await self._write(
                wire_researcher.ENROL_RESEARCHER,
                f"enrolment-{number}",
                teacher=person.id,
                begins_on=BEGAN,
                subjects=subjects,
                stages=stages,
                conflicts=(relative,) if number == WITH_RELATIVE else (),
            )
            found.append(person.id)
        return found[0]

    async def _school_groups(self) -> None:
        """A subject group for each school; every fourth is not filed yet."""
        rows = roster_of(VISITED)
        for number, school in enumerate(schools_of(VISITED), start=1):
            people = [self._teachers[row["staff_number"]] for row in rows if row["school_code"] == school.code]
            await self._write(
                wire_group.FORM_RESEARCH_GROUP,
                f"group-{number}",
                kind="学科教研组",
                name=f"{school.name}语文教研组",
                subject="语文",
                school=self._schools[school.code],
                leader=people[0],
                members=tuple(people[1:]),
                formed_on=BEGAN,
                filed_on=FILED if number % 4 else None,
            )

    async def _area_group(self, area: str) -> None:
        leader, *members = (self._teachers[f"{VISITED.mark}{number:04}"] for number in (2, 10, 18))
        await self._write(
            wire_group.FORM_RESEARCH_GROUP,
            "area-group",
            kind="片区教研组",
            name="城西片区音乐教研组",
            subject="音乐",
            area=area,
            leader=leader,
            members=tuple(members),
            appointed_by="城西片区（虚构示例）",
            formed_on=BEGAN,
            filed_on=FILED,
        )

    async def _leading_groups(self) -> None:
        """The district's leading group, and an action group for each of the first schools."""
        places = [(None, "领导小组", BUREAU), *((self._school(number), "行动小组", SCHOOL) for number in (1, 2, 3))]
        for number, (school, kind, members) in enumerate(places):
            await self._write(
                wire_leading.SET_UP_LEADING_GROUP,
                f"leading-{number}",
                kind=kind,
                school=school,
                members=members,
                begins_on=BEGAN,
            )

    def _school(self, number: int) -> str:
        return self._schools[f"{VISITED.mark}-S{number:02}"]

    async def _write(self, endpoint: Endpoint[Any, Any], key: str, **fields: Any) -> Any:
        return await self._ask(endpoint, endpoint.request(caller=self._officer, key=f"demo-{key}", **fields))
