"""How schools of Ouhai are organised: groups filed in time or not, leading groups, over a real bus."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from yanxiu_visits.programme.organisation_facts import group_filed, leadership
from yanxiu_wire import organisation as wire
from yanxiu_wire.leading_group import LEADING_GROUP_CHANGED, LeadingGroup, LeadingGroupChanged, LeadingMember
from yanxiu_wire.message import Page
from yanxiu_wire.research_group import RESEARCH_GROUP_CHANGED, ResearchGroup, ResearchGroupChanged

FORMED = date(2024, 9, 5)


def group(id_: str = "g1", **facts: Any) -> ResearchGroup:
    given = {"kind": "学科教研组", "name": "语文组", "subject": "语文", "school": "s1", "leader": "t1", **facts}
    return ResearchGroup(id=id_, formed_on=FORMED, **given)


def leading(name: str, school: str | None, *places: tuple[Any, str], remark: str | None = None) -> LeadingGroup:
    members = tuple(LeadingMember(part=part, post=post) for part, post in places)
    return LeadingGroup(
        id=name, kind="行动小组", school=school, members=members, remark=remark, begins_on=date(2024, 9, 1)
    )


def test_a_group_is_of_an_area_of_a_subject_or_else_for_a_project() -> None:
    assert group_filed(FORMED, group()).kind == "subject"
    assert group_filed(FORMED, group(area="a1", school=None)).kind == "area"
    assert group_filed(FORMED, group(subject=None)).kind == "project"
    # Changed since it was formed, and filed before that: the pack is told of the later day.
    changed = group_filed(date(2024, 10, 1), group(filed_on=date(2024, 9, 10), leader_backbone=True))
    assert (changed.changed_on, changed.filed_on, changed.leader_backbone) == (
        date(2024, 10, 1), date(2024, 9, 10), True,
    )  # fmt: skip


def test_who_heads_and_who_is_in_charge_of_a_leading_group() -> None:
    found = leadership([leading("l1", "s1", ("head", "校长"), ("in-charge", "副校长"), remark="小规模学校")], None)
    assert (found.head, found.in_charge, found.exception) == ("校长", ("副校长",), "小规模学校")
    assert leadership([], None).head == ""


@pytest.fixture
async def organised(ouhai: Any) -> Any:
    """School s1 has a group filed in time and its action group; s2 a group never filed; s3 nothing."""
    cards = (group(filed_on=date(2024, 9, 10), leader_backbone=True), group("g2", school="s2", leader_backbone=True))
    for card in cards:
        body = ResearchGroupChanged(group=card.id, version=1, history=((FORMED, card),))
        await ouhai.tell(RESEARCH_GROUP_CHANGED, body)
    groups = (
        leading("l1", "s1", ("head", "校长"), ("in-charge", "副校长")),
        leading("l2", "s2", ("head", "副校长"), ("in-charge", "副校长")),
        leading("l0", None, ("head", "局长"), ("deputy", "分管副局长")),
    )
    for card in groups:
        history = ((card.begins_on, card),)
        await ouhai.tell(LEADING_GROUP_CHANGED, LeadingGroupChanged(group=card.id, version=1, history=history))
    await ouhai.until(lambda rows: len(rows) == len(groups), "leading_group_fact")
    return ouhai


async def asked(house: Any, caller: Any = None, **query: Any) -> Any:
    request = wire.ListSchoolOrganisations(caller=caller or house.officer, **query)
    return await house.call(wire.LIST_SCHOOL_ORGANISATIONS, request)


async def test_filing_and_leading_groups_are_held_against_the_law(organised: Any) -> None:
    found = await asked(organised)
    rows = {one.school: one for one in found.items}
    assert (rows["s1"].groups, rows["s1"].unfiled, rows["s1"].led, rows["s1"].failed) == (("g1",), (), True, ())
    # The thirty days of filing ran out on 5 October; the action group of s2 is not headed by its principal.
    assert (rows["s2"].unfiled, rows["s2"].failed) == (("g2",), ("OUHAI-6-4b", "OUHAI-7-1b"))
    assert (rows["s3"].led, set(rows["s3"].failed)) == (False, {"OUHAI-6-4a", "OUHAI-7-1b", "OUHAI-7-1c"})
    (district,) = found.district
    assert (district.failed, found.filing_days) == (("OUHAI-7-1a",), 30)
    assert any("no head of section" in step.en for step in district.steps)


async def test_before_its_days_are_over_a_group_is_not_yet_late(organised: Any) -> None:
    found = await asked(organised, as_of=date(2024, 10, 4))
    (second,) = (one for one in found.items if one.school == "s2")
    assert (second.unfiled, second.failed) == (("g2",), ("OUHAI-7-1b",))
    # Before it was formed there is none.
    early = await asked(organised, as_of=date(2024, 9, 3))
    assert all(not one.groups for one in early.items)


async def test_pages_those_that_fail_and_a_schools_own(organised: Any) -> None:
    assert [one.school for one in (await asked(organised, failing=True)).items] == ["s2", "s3"]
    first = await asked(organised, page=Page(first=2))
    assert ([one.school for one in first.items], first.has_next) == (["s1", "s2"], True)
    rest = await asked(organised, page=Page(first=2, after=first.cursors[-1]))
    assert [one.school for one in rest.items] == ["s3"]
    own = await asked(organised, caller=organised.school("s2"))
    assert [one.school for one in own.items] == ["s2"]
