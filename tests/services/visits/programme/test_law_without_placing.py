"""Putuo and Antu place no researchers, and still say how schools are organised and visited, over a real bus."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from yanxiu_wire import competition, organisation, rotation_plan, supervision
from yanxiu_wire.leading_group import LEADING_GROUP_CHANGED, LeadingGroup, LeadingGroupChanged, LeadingMember
from yanxiu_wire.research_group import RESEARCH_GROUP_CHANGED, ResearchGroup, ResearchGroupChanged

SINCE = date(2024, 9, 1)
TERM = "2024-2025-1"


def led_by(school: str | None, *places: tuple[Any, str]) -> LeadingGroup:
    members = tuple(LeadingMember(part=part, post=post) for part, post in places)
    return LeadingGroup(id=f"l-{school}", kind="领导小组", school=school, members=members, begins_on=SINCE)


async def announce(house: Any, groups: tuple[ResearchGroup, ...], leading: tuple[LeadingGroup, ...]) -> None:
    for card in groups:
        await house.tell(
            RESEARCH_GROUP_CHANGED, ResearchGroupChanged(group=card.id, version=1, history=((SINCE, card),))
        )
    for led in leading:
        await house.tell(LEADING_GROUP_CHANGED, LeadingGroupChanged(group=led.id, version=1, history=((SINCE, led),)))
    await house.until(lambda rows: len(rows) == len(leading), "leading_group_fact")


async def organised(house: Any) -> Any:
    asked = organisation.ListSchoolOrganisations(caller=house.officer)
    found = await house.call(organisation.LIST_SCHOOL_ORGANISATIONS, asked)
    return {one.school: one.failed for one in found.items}, found


@pytest.fixture
async def putuo(under: Callable[..., Any]) -> Any:
    house = await under("putuo", SINCE)
    workshop = ResearchGroup(id="g1", kind="工作坊", name="班主任工作坊", school="s1", leader="t1", formed_on=SINCE)
    led = led_by("s1", ("head", "书记"), ("deputy", "分管副校长"), ("member", "年级组长"))
    await announce(house, (workshop,), (led, led_by("s2", ("head", "副校长"))))
    return house


async def test_putuos_schools_are_held_against_communities_and_leading_groups(putuo: Any) -> None:
    failed, page = await organised(putuo)
    assert failed["s1"] == ()
    assert set(failed["s2"]) == set(failed["s3"]) == {"PUTUO-4-2a", "PUTUO-6-1b"}
    assert page.filing_days is None
    assert {one.school: (one.groups, one.unfiled) for one in page.items}["s1"] == (
        ("g1",),
        (),
    )  # no filing is asked for


async def test_putuo_plans_no_residency_and_orders_no_competition(putuo: Any, error_of: Any) -> None:
    draft = rotation_plan.DraftRotationPlan(
        caller=putuo.officer, key=putuo.key(), name="试排", additions=rotation_plan.PlanAdditions(), first_term=TERM
    )
    error_of(await putuo.call(rotation_plan.DRAFT_ROTATION_PLAN, draft), "NO_VISIT_RULES")
    rotation = competition.GetRotation(caller=putuo.officer)
    error_of(await putuo.call(competition.GET_ROTATION, rotation), "NO_SUCH_RULE")


async def test_an_inspection_of_the_school_year_is_putuos_visit_of_professionals(putuo: Any) -> None:
    query = supervision.GetSupervisionStanding(caller=putuo.officer, school_year="2024-2025")
    before = await putuo.call(supervision.GET_SUPERVISION_STANDING, query)
    assert before.missing == ("s1", "s2", "s3")
    members = (
        supervision.Supervisor(person="r1", side="professional"),
        supervision.Supervisor(person="r2", side="professional"),
    )
    command = supervision.AppointTeam(
        caller=putuo.officer, key=putuo.key(), name="教育学院专业人员", since=SINCE, members=members
    )
    team = await putuo.call(supervision.APPOINT_TEAM, command)
    schedule = supervision.ScheduleInspection(
        caller=putuo.officer, key=putuo.key(), school="s1", team=team.id, kind="regular", due_on=date(2024, 10, 15),
        school_year="2024-2025", supervisors=("r1",),
    )  # fmt: skip
    made = await putuo.call(supervision.SCHEDULE_INSPECTION, schedule)
    assert made.form == ()  # the text has no form
    report = supervision.ReportInspection(
        caller=putuo.caller("supervisor", teacher="r1"), key=putuo.key(), inspection=made.id,
        held_on=date(2024, 10, 16), lines=(), summary="常规调研",
    )  # fmt: skip
    await putuo.call(supervision.REPORT_INSPECTION, report)
    after = await putuo.call(supervision.GET_SUPERVISION_STANDING, query)
    assert after.missing == ("s2", "s3")
    assert {clause for one in after.rulings for clause in one.failed} == {"PUTUO-6-5b"}


async def test_antus_county_and_schools_are_held_against_their_leading_groups(under: Callable[..., Any]) -> None:
    house = await under("antu", date(2009, 1, 1))
    subject = ResearchGroup(
        id="g1", kind="学科教研组", name="语文组", subject="语文", school="s1", leader="t1", formed_on=SINCE
    )
    county = led_by(None, ("head", "教育局长"), ("member", "进修学校校长"))
    await announce(house, (subject,), (county, led_by("s1", ("head", "校长"), ("in-charge", "教导主任"))))
    failed, page = await organised(house)
    assert failed == {"s1": (), "s2": ("ANTU-6-3a",), "s3": ("ANTU-6-3a",)}
    assert {one.school: one.warned for one in page.items}["s2"] == ("ANTU-8-2",)
    assert [one.failed for one in page.district] == [()]
