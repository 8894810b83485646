"""What the registry announces: whole dated histories, never a national id; and all of it again on demand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from yanxiu_registry.__main__ import running
from yanxiu_registry.settings import Settings
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import area as wire_area
from yanxiu_wire import calendar_year
from yanxiu_wire import leading_group as wire_leading
from yanxiu_wire import registry as wire
from yanxiu_wire import research_group as wire_group
from yanxiu_wire import researcher as wire_researcher
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire import term as wire_term
from yanxiu_wire.codec import encode
from yanxiu_wire.contracts import events_of
from yanxiu_wire.endpoint import Event
from yanxiu_wire.events import consume
from yanxiu_wire.rpc import Bus

from tests.services.registry.conftest import NOW, TODAY, Client, caller, synthetic_id

NOTICE: dict[str, Any] = {
    "year": 2026, "holidays": (date(2026, 5, 1),), "workdays": (date(2026, 5, 9),), "notice": "虚构通知",
}  # fmt: skip


class Heard:
    """The events of one district as a consumer gets them."""

    def __init__(self) -> None:
        self.events: list[tuple[Event[Any], Any]] = []
        self.changed = asyncio.Condition()

    async def handle(self, district: str, event: Event[Any], body: Any, _message_id: str) -> None:
        async with self.changed:
            if district == "news":
                self.events.append((event, body))
                self.changed.notify_all()

    async def until(self, count: int) -> list[tuple[Event[Any], Any]]:
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(lambda: len(self.events) >= count)
        return self.events


@pytest.fixture
async def heard(
    own_nats: Any, own_bus: Bus, data_dir: Path, tmp_path: Path, rulebook: Rulebook
) -> AsyncIterator[Heard]:
    """A consumer on a stream of its own."""
    settings = Settings(nats_url=own_nats.url, data=data_dir, keys=tmp_path / "keys", packs=("puer",))
    async with running(settings, rulebook, clock=lambda: NOW):
        found = Heard()
        consuming = await consume(
            own_bus, durable="test-registry-news", events=events_of(wire.SERVICE), handle=found.handle
        )
        yield found
        await consuming.stop()


async def opened(bus: Bus) -> tuple[Client, Client]:
    """The operator and the officer of a new district."""
    operator = Client(bus, "news", caller("platform-operator", "platform"))
    await operator.ask(wire.CREATE_DISTRICT, name_zh="新闻（虚构）", name_en="News", synthetic=True)
    officer = Client(bus, "news", caller("district-officer", "news"))
    return operator, officer


async def test_every_change_is_announced_whole_and_without_a_national_id(heard: Heard, own_bus: Bus) -> None:
    operator, officer = await opened(own_bus)
    await operator.ask(wire.BIND_RULE_PACK, pack="puer", since=date(2024, 1, 1))
    first = await officer.school("0001", name="一小")
    await officer.ask(wire.CORRECT_SCHOOL, school=first.id, since=date(2024, 9, 1), changes={"name": "第一小学"})
    second = await officer.school("0002")
    teacher = await officer.teacher(first.id, "T1", national_id=synthetic_id(4), title="二级教师", gender="female")
    await officer.ask(
        wire_teacher.CORRECT_TEACHER, teacher=teacher.id, since=date(2022, 1, 1), changes={"title": "一级教师"}
    )
    await officer.ask(wire_teacher.EMPLOY_TEACHER, teacher=teacher.id, school=second.id, since=date(2024, 9, 1))
    await officer.ask(
        wire_teacher.CORRECT_TEACHER, teacher=teacher.id, since=date(2025, 9, 1), changes={"status": "left"}
    )
    term = await officer.ask(
        wire_term.SET_TERM, school_year="2025-2026", number=2, starts_on=date(2026, 2, 23), ends_on=date(2026, 7, 5)
    )
    year = await officer.ask(calendar_year.SET_CALENDAR_DAYS, **NOTICE)
    events = await heard.until(11)
    assert [event for event, _ in events] == [
        *[wire.DISTRICT_CHANGED] * 2,
        *[wire.SCHOOL_CHANGED] * 3,
        *[wire_teacher.TEACHER_CHANGED] * 4,
        wire_term.TERM_CHANGED,
        calendar_year.CALENDAR_CHANGED,
    ]
    bodies = [body for _, body in events]
    assert_whole_histories(bodies, first.id, second.id)
    assert (bodies[9].term, bodies[10].calendar) == (term, year)
    assert all(card.national_id is None for body in bodies[5:9] for _, card in body.history)
    assert await operator.ask(wire.REPUBLISH) == wire.Republished(events=6)
    assert [event for event, _ in (await heard.until(17))[11:]] == [
        wire.DISTRICT_CHANGED,
        wire_term.TERM_CHANGED,
        calendar_year.CALENDAR_CHANGED,
        *[wire.SCHOOL_CHANGED] * 2,
        wire_teacher.TEACHER_CHANGED,
    ]
    assert events[16][1].history == bodies[8].history
    assert not re.search(f'{synthetic_id(4)}|教师T1|"T1"|female', str([encode(body).decode() for _, body in events]))


def assert_whole_histories(bodies: list[Any], first: str, second: str) -> None:
    """The binding, the renamed school and every stage of the teacher's way, each from its day on."""
    assert [one.pack for one in bodies[1].district.bindings] == ["puer"]
    assert [(day, card.name) for day, card in bodies[3].history] == [
        (date(2000, 9, 1), "一小"),
        (date(2024, 9, 1), "第一小学"),
    ]
    assert [(day, card.title, card.school, card.status) for day, card in bodies[8].history] == [
        (date(2020, 9, 1), "二级教师", first, "active"),
        (date(2022, 1, 1), "一级教师", first, "active"),
        (date(2024, 9, 1), "一级教师", second, "active"),
        (date(2025, 9, 1), "一级教师", None, "left"),
    ]
    assert [body.version for body in bodies[5:9]] == [1, 2, 3, 4]


async def everything_of(officer: Client) -> tuple[Any, Any, Any, Any, Any]:
    """Enter an area, a researcher who is away, a research group that is filed, a leading group: 9 changes."""
    school = await officer.school("0001")
    person = await officer.teacher(school.id, "T1", name="虚构教师")
    first, term = date(2024, 9, 1), date(2025, 9, 1)
    area = await officer.ask(wire_area.CREATE_AREA, name="城东片区", begins_on=first)
    changes = {"area": area.id, "weak_decided_by": "虚教〔2025〕9号"}
    await officer.ask(wire.CORRECT_SCHOOL, school=school.id, since=term, changes=changes)
    given = {"teacher": person.id, "begins_on": first, "subjects": ("数学",), "stages": ("primary",)}
    researcher = await officer.ask(wire_researcher.ENROL_RESEARCHER, **given)
    away = await officer.ask(wire_researcher.RECORD_ABSENCE, researcher=researcher.id, since=term, kind="挂职")
    group = await officer.ask(
        wire_group.FORM_RESEARCH_GROUP,
        kind="学科教研组",
        name="数学组",
        school=school.id,
        leader=person.id,
        formed_on=first,
    )
    filed = await officer.ask(wire_group.FILE_RESEARCH_GROUP, group=group.id, filed_on=term)
    head = (wire_leading.LeadingMember(part="head", post="校长", teacher=person.id),)
    leading = await officer.ask(
        wire_leading.SET_UP_LEADING_GROUP, kind="行动小组", school=school.id, members=head, begins_on=first
    )
    return area, researcher, away, filed, leading


async def test_areas_researchers_and_groups_are_told_whole_and_again_on_demand(heard: Heard, own_bus: Bus) -> None:
    operator, officer = await opened(own_bus)
    area, researcher, away, filed, leading = await everything_of(officer)
    events = await heard.until(10)
    bodies = [body for _, body in events]
    first, term = date(2024, 9, 1), date(2025, 9, 1)
    assert bodies[3].history == ((first, area),)
    assert [(day, one.area, one.weak) for day, one in bodies[4].history] == [
        (date(2000, 9, 1), None, False),
        (term, area.id, True),
    ]
    assert (bodies[5].history, bodies[6].history) == (((first, researcher),), ((first, away),))
    assert bodies[8].history == ((first, filed),)
    assert bodies[9].history == ((first, leading),)
    assert "虚构教师" not in str([encode(body) for _, body in events[5:]])
    assert await operator.ask(wire.REPUBLISH) == wire.Republished(events=7)
    events = await heard.until(17)
    assert [event for event, _ in events[10:]] == [
        wire.DISTRICT_CHANGED,
        wire_area.AREA_CHANGED,
        wire.SCHOOL_CHANGED,
        wire_teacher.TEACHER_CHANGED,
        wire_researcher.RESEARCHER_CHANGED,
        wire_group.RESEARCH_GROUP_CHANGED,
        wire_leading.LEADING_GROUP_CHANGED,
    ]
    assert [events[at][1] for at in (11, 12, 14, 15, 16)] == [bodies[at] for at in (3, 4, 6, 8, 9)]


async def test_a_refused_command_announces_nothing(heard: Heard, own_bus: Bus) -> None:
    _operator, officer = await opened(own_bus)
    await officer.school("0001")
    await officer.school("0001")
    await officer.ask(wire_teacher.CORRECT_TEACHER, teacher="nobody", since=TODAY, changes={"name": "甲"})
    second = await officer.school("0002")
    events = await heard.until(3)
    assert [event for event, _ in events] == [wire.DISTRICT_CHANGED, wire.SCHOOL_CHANGED, wire.SCHOOL_CHANGED]
    assert events[2][1].school == second.id
