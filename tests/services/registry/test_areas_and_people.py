"""Areas, researchers and groups through the service: entered, changed by date, kept from who may not see or change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from yanxiu_registry.__main__ import MIGRATIONS
from yanxiu_wire import area as wire_area
from yanxiu_wire import leading_group as wire_leading
from yanxiu_wire import registry as wire
from yanxiu_wire import research_group as wire_group
from yanxiu_wire import researcher as wire_researcher

from tests.services.registry.conftest import TODAY, Client, codes
from tests.stores import Store, Stores

TERM = date(2025, 9, 1)
MAY = date(2025, 5, 6)


@pytest.fixture
def database(stores: Stores) -> Store:
    """SQLite: what a store may do differently, test_entries_on_both_stores looks at."""
    return stores.new("sqlite", (wire.SERVICE, MIGRATIONS))


async def area_of(officer: Client, name: str = "城东片区") -> wire_area.Area:
    return await officer.ask(wire_area.CREATE_AREA, name=name, begins_on=date(2024, 9, 1))


async def researcher_of(officer: Client, **more: Any) -> wire_researcher.Researcher:
    """A teacher of a new institute, enrolled."""
    institute = await officer.school("9000", stage="special", affiliation="county-institution")
    person = await officer.teacher(institute.id, "R1")
    given = {"begins_on": date(2024, 9, 1), "subjects": ("数学",), "stages": ("primary", "junior")}
    return await officer.ask(wire_researcher.ENROL_RESEARCHER, teacher=person.id, **(given | more))


async def test_a_school_belongs_to_an_area_and_is_weak_from_the_day_of_a_decision(puer: Client) -> None:
    area = await area_of(puer)
    school = await puer.school("0001", stage="nine-year")
    await puer.ask(
        wire.CORRECT_SCHOOL,
        school=school.id,
        since=TERM,
        changes={"area": area.id, "weak_decided_by": "虚教〔2025〕9号"},
    )
    before, after = [(await puer.ask(wire.GET_SCHOOLS, ids=(school.id,), as_of=day)).items[0] for day in (MAY, TERM)]
    assert (before.area, before.weak, before.weak_decided_by) == (None, False, None)
    assert (after.area, after.weak, after.weak_decided_by) == (area.id, True, "虚教〔2025〕9号")
    await puer.school("0002", stage="junior")

    async def found(**wanted: Any) -> list[str]:
        return [one.code for one in (await puer.ask(wire.LIST_SCHOOLS, **wanted)).items]

    assert await found(weak=True) == await found(area=area.id) == ["0001"]
    assert await found(weak=False) == ["0002"]
    assert await found(weak=True, as_of=MAY) == []
    assert await found(teaches="primary") == ["0001"]
    assert await found(teaches="junior") == ["0001", "0002"]
    assert await found(teaches="junior", stage="junior") == ["0002"]
    await puer.ask(wire.CORRECT_SCHOOL, school=school.id, since=TODAY, changes={"weak_decided_by": None})
    assert await found(weak=True) == []
    unknown = await puer.ask(wire.CORRECT_SCHOOL, school=school.id, since=TODAY, changes={"area": "none"})
    assert codes(unknown) == ["AREA_UNKNOWN"]
    early = await puer.ask(wire.CORRECT_SCHOOL, school=school.id, since=date(2020, 9, 1), changes={"area": area.id})
    assert codes(early) == ["DATE_OUT_OF_ORDER"]


async def test_an_area_bears_its_name_alone_and_does_not_end_under_its_schools(puer: Client) -> None:
    area = await area_of(puer)
    assert codes(await area_of(puer)) == ["AREA_NAME_TAKEN"]
    school = await puer.school("0001")
    await puer.ask(wire.CORRECT_SCHOOL, school=school.id, since=TERM, changes={"area": area.id})
    end = {"area": area.id, "since": TODAY, "changes": {"ends_on": "2026-07-31"}}
    assert codes(await puer.ask(wire_area.CORRECT_AREA, **end)) == ["AREA_IN_USE"]
    await puer.ask(wire.CORRECT_SCHOOL, school=school.id, since=date(2026, 3, 1), changes={"area": None})
    ended = await puer.ask(wire_area.CORRECT_AREA, **end)
    assert (ended.ends_on, ended.version) == (date(2026, 7, 31), 2)
    late = await puer.ask(wire.CORRECT_SCHOOL, school=school.id, since=TODAY, changes={"area": area.id})
    assert codes(late) == ["AREA_ENDED"]
    again = await puer.ask(wire_area.CREATE_AREA, name=area.name, begins_on=date(2026, 9, 1))
    assert again.name == area.name
    assert (await puer.ask(wire_area.LIST_AREAS)).items == (ended,)
    assert (await puer.ask(wire_area.GET_AREAS, ids=("none", again.id))).items == (None, again)


async def test_a_researcher_is_a_teacher_at_work_and_keeps_the_earlier_days(puer: Client) -> None:
    area = await area_of(puer)
    one = await researcher_of(puer, capacity=2)
    corrected = await puer.ask(
        wire_researcher.CORRECT_RESEARCHER,
        researcher=one.id,
        since=TERM,
        expected_version=1,
        changes={"subjects": ["数学", "科学"], "areas": [area.id]},
    )
    assert (corrected.subjects, corrected.areas, corrected.capacity, corrected.version) == (
        ("数学", "科学"), (area.id,), 2, 2,
    )  # fmt: skip
    before = (await puer.ask(wire_researcher.GET_RESEARCHERS, ids=(one.id,), as_of=MAY)).items[0]
    assert (before.subjects, before.areas) == (("数学",), ())
    assert (await puer.ask(wire_researcher.GET_RESEARCHERS, ids=(one.id,), as_of=date(2024, 8, 31))).items == (None,)

    async def found(**wanted: Any) -> int:
        return (await puer.ask(wire_researcher.LIST_RESEARCHERS, **wanted)).total

    assert [await found(subject=name) for name in ("科学", "数", "语文")] == [1, 0, 0]
    assert [await found(subject="科学", as_of=MAY), await found(stage="junior"), await found(stage="senior")] == [
        0,
        1,
        0,
    ]
    assert [await found(area=area.id), await found(area="other"), await found(area="other", as_of=MAY)] == [1, 0, 1]
    nobody = await puer.ask(
        wire_researcher.ENROL_RESEARCHER, teacher="none", begins_on=TODAY, subjects=("数学",), stages=("primary",)
    )
    assert codes(nobody) == ["TEACHER_UNKNOWN"]
    stale = {"researcher": one.id, "since": TODAY, "expected_version": 1, "changes": {"capacity": 1}}
    assert codes(await puer.ask(wire_researcher.CORRECT_RESEARCHER, **stale)) == ["VERSION_CONFLICT"]


async def test_who_ends_and_is_enrolled_again_was_absent_in_between(puer: Client) -> None:
    one = await researcher_of(puer)
    again = {"teacher": one.id, "begins_on": date(2026, 3, 1), "subjects": ("科学",), "stages": ("primary",)}
    assert codes(await puer.ask(wire_researcher.ENROL_RESEARCHER, **again)) == ["RESEARCHER_EXISTS"]
    ended = await puer.ask(wire_researcher.END_RESEARCHER, researcher=one.id, ends_on=date(2025, 12, 31))
    assert ended.ends_on == date(2025, 12, 31)
    assert (await puer.ask(wire_researcher.LIST_RESEARCHERS)).total == 0
    back = await puer.ask(wire_researcher.ENROL_RESEARCHER, **again)
    gap = wire_researcher.Absence(since=date(2026, 1, 1), until=date(2026, 2, 28), kind="未聘")
    assert (back.ends_on, back.absences, back.subjects, back.version) == (None, (gap,), ("科学",), 3)


async def test_absences_and_conflicts_are_told_to_who_plans_and_to_himself_alone(puer: Client) -> None:
    school = await puer.school("0001")
    conflict = wire_researcher.ConflictOfInterest(school=school.id, kind="亲属在校")
    one = await researcher_of(puer, conflicts=(conflict,))
    with_leave = await puer.ask(
        wire_researcher.RECORD_ABSENCE, researcher=one.id, since=TERM, until=date(2025, 12, 31), kind="产假"
    )
    assert with_leave.absences == (wire_researcher.Absence(since=TERM, until=date(2025, 12, 31), kind="产假"),)
    shorter = await puer.ask(
        wire_researcher.CORRECT_ABSENCE, researcher=one.id, begun_on=TERM, changes={"until": "2025-11-30"}
    )
    assert shorter.absences[0].until == date(2025, 11, 30)
    colleagues = [
        puer.as_("researcher", teacher="another"),
        puer.as_("supervisor"),
        puer.as_("school-leader", school=school.id),
        puer.as_("teacher", teacher="another"),
    ]
    for client in colleagues:
        seen = (await client.ask(wire_researcher.GET_RESEARCHERS, ids=(one.id,))).items[0]
        listed = (await client.ask(wire_researcher.LIST_RESEARCHERS)).items[0]
        assert seen == listed
        assert (seen.subjects, seen.absences, seen.conflicts) == (one.subjects, (), ())
    for client in (puer.as_("auditor"), puer.as_("institute-officer"), puer.as_("researcher", teacher=one.id)):
        seen = (await client.ask(wire_researcher.GET_RESEARCHERS, ids=(one.id,))).items[0]
        assert (seen.absences, seen.conflicts) == (shorter.absences, (conflict,))
    gone = await puer.ask(wire_researcher.CORRECT_ABSENCE, researcher=one.id, begun_on=TERM, take_back=True)
    assert gone.absences == ()


async def formed_group(officer: Client) -> tuple[wire_group.ResearchGroup, str]:
    """A mathematics group of a new school, formed and led by one of its two teachers; the other one's id."""
    school = await officer.school("0001")
    leader, member = await officer.teacher(school.id, "T1"), await officer.teacher(school.id, "T2")
    formed = await officer.ask(
        wire_group.FORM_RESEARCH_GROUP,
        kind="学科教研组",
        name="数学教研组",
        subject="数学",
        school=school.id,
        leader=leader.id,
        formed_on=TERM,
    )
    return formed, member.id


async def test_a_group_is_filed_as_it_stands_and_a_change_is_filed_anew(puer: Client) -> None:
    formed, member = await formed_group(puer)
    assert (formed.filed_on, formed.version) == (None, 1)
    assert (await puer.ask(wire_group.LIST_RESEARCH_GROUPS, filed=False)).total == 1
    filed = await puer.ask(wire_group.FILE_RESEARCH_GROUP, group=formed.id, filed_on=date(2025, 9, 20))
    kept = await puer.ask(wire_group.ARCHIVE_RESEARCH_GROUP, group=formed.id, archived_on=date(2025, 9, 25))
    assert (filed.filed_on, kept.archived_on) == (date(2025, 9, 20), date(2025, 9, 25))
    changes = {"members": [member]}
    changed = await puer.ask(wire_group.CORRECT_RESEARCH_GROUP, group=formed.id, since=TODAY, changes=changes)
    assert (changed.members, changed.filed_on, changed.archived_on) == ((member,), None, None)

    async def on(day: date) -> tuple[date | None, date | None]:
        card = (await puer.ask(wire_group.GET_RESEARCH_GROUPS, ids=(formed.id,), as_of=day)).items[0]
        return card.filed_on, card.archived_on

    assert await on(date(2025, 9, 19)) == (None, None)
    assert await on(date(2025, 9, 20)) == (date(2025, 9, 20), None)
    assert await on(date(2025, 10, 1)) == (date(2025, 9, 20), date(2025, 9, 25))
    future = {"group": formed.id, "filed_on": date(2026, 3, 3)}
    assert codes(await puer.ask(wire_group.FILE_RESEARCH_GROUP, **future)) == ["DATE_OUT_OF_ORDER"]
    unfiled = {"group": formed.id, "archived_on": TODAY}
    assert codes(await puer.ask(wire_group.ARCHIVE_RESEARCH_GROUP, **unfiled)) == ["GROUP_NOT_FILED"]


async def test_what_is_stated_of_a_leader_belongs_to_what_is_filed_and_groups_are_found(puer: Client) -> None:
    formed, member = await formed_group(puer)
    await puer.ask(wire_group.FILE_RESEARCH_GROUP, group=formed.id, filed_on=date(2025, 9, 20))
    stated: dict[str, Any] = {"leader_backbone": True, "leader_grounds": "虚教〔2025〕聘3号", "appointed_by": "校务会"}
    said = await puer.ask(
        wire_group.CORRECT_RESEARCH_GROUP, group=formed.id, since=TERM, changes=stated | {"members": [member]}
    )
    assert {name: getattr(said, name) for name in (*stated, "filed_on")} == stated | {"filed_on": None}
    wanted: dict[str, Any] = {"member": member, "kind": "学科教研组", "school": formed.school, "subject": "数学"}
    for filed, expected in ((False, (said,)), (True, ()), (None, (said,))):
        assert (await puer.ask(wire_group.LIST_RESEARCH_GROUPS, filed=filed, **wanted)).items == expected


async def test_a_school_leader_answers_for_the_groups_of_his_school_alone(puer: Client) -> None:
    area = await area_of(puer)
    own, other = await puer.school("0001"), await puer.school("0002")
    mine, theirs = await puer.teacher(own.id, "T1"), await puer.teacher(other.id, "T2")
    given = {"kind": "学科教研组", "name": "数学教研组", "formed_on": TERM}
    leader = puer.as_("school-leader", school=own.id)
    ours = await leader.ask(wire_group.FORM_RESEARCH_GROUP, school=own.id, leader=mine.id, **given)
    elsewhere = await puer.ask(wire_group.FORM_RESEARCH_GROUP, school=other.id, leader=theirs.id, **given)
    of_area = await puer.ask(wire_group.FORM_RESEARCH_GROUP, area=area.id, leader=theirs.id, **given)
    assert elsewhere.school == other.id

    async def refused(**place: Any) -> list[str]:
        return codes(await leader.ask(wire_group.FORM_RESEARCH_GROUP, **(given | {"leader": mine.id} | place)))

    assert await refused(school=other.id) == ["SCHOOL_UNKNOWN"]
    assert await refused(school=own.id, leader=theirs.id) == ["TEACHER_UNKNOWN"]
    assert await refused(area=area.id) == ["OUT_OF_SCOPE"]
    assert await refused() == await refused(area=area.id, school=own.id) == ["GROUP_PLACE"]
    officers = await puer.ask(wire_group.FORM_RESEARCH_GROUP, school=own.id, leader=theirs.id, **given)
    assert codes(officers) == ["MEMBER_ELSEWHERE"]
    for group in (elsewhere, of_area):
        answer = await leader.ask(wire_group.FILE_RESEARCH_GROUP, group=group.id, filed_on=TODAY)
        assert codes(answer) == ["RESEARCH_GROUP_UNKNOWN"]
    seen = await leader.ask(wire_group.LIST_RESEARCH_GROUPS)
    assert {one.id for one in seen.items} == {ours.id, of_area.id}
    asked = await leader.ask(wire_group.GET_RESEARCH_GROUPS, ids=(ours.id, elsewhere.id, of_area.id))
    assert [one and one.id for one in asked.items] == [ours.id, None, of_area.id]


async def test_a_school_and_the_district_have_one_leading_group_of_a_kind_at_a_time(puer: Client) -> None:
    own, other = await puer.school("0001"), await puer.school("0002")
    principal = await puer.teacher(own.id, "T1", post="校长")
    head = wire_leading.LeadingMember(part="head", post="校长", teacher=principal.id)
    vice = wire_leading.LeadingMember(part="in-charge", post="副校长")
    given = {"kind": "行动小组", "begins_on": TERM}
    leader = puer.as_("school-leader", school=own.id)
    made = await leader.ask(wire_leading.SET_UP_LEADING_GROUP, school=own.id, members=(head, vice), **given)
    assert made.members == (head, vice)
    twice = await puer.ask(wire_leading.SET_UP_LEADING_GROUP, school=own.id, members=(head,), **given)
    assert codes(twice) == ["LEADING_GROUP_EXISTS"]
    bureau = (wire_leading.LeadingMember(part="head", post="局长"),)
    district = await puer.ask(wire_leading.SET_UP_LEADING_GROUP, members=bureau, **(given | {"kind": "领导小组"}))
    assert codes(await leader.ask(wire_leading.SET_UP_LEADING_GROUP, members=bureau, **given)) == ["FORBIDDEN"]
    headless = await puer.ask(wire_leading.SET_UP_LEADING_GROUP, school=other.id, members=(vice,), **given)
    assert codes(headless) == ["LEADING_GROUP_HEAD"]
    changes = {"members": [{"part": "head", "post": "校长"}], "remark": "本校不设副校长"}
    small = await leader.ask(wire_leading.CORRECT_LEADING_GROUP, group=made.id, since=TODAY, changes=changes)
    assert (len(small.members), small.remark, small.version) == (1, "本校不设副校长", 2)
    assert (await puer.ask(wire_leading.GET_LEADING_GROUPS, ids=(made.id,), as_of=TERM)).items[0].members == (
        head,
        vice,
    )
    theirs = {"group": district.id, "since": TODAY, "changes": {"remark": "x"}}
    assert codes(await leader.ask(wire_leading.CORRECT_LEADING_GROUP, **theirs)) == ["LEADING_GROUP_UNKNOWN"]
    assert (await puer.ask(wire_leading.LIST_LEADING_GROUPS, of_district=True)).items == (district,)
    assert (await puer.ask(wire_leading.LIST_LEADING_GROUPS, school=own.id, kind="行动小组")).items == (small,)
    stranger = puer.as_("school-leader", school=other.id)
    assert (await stranger.ask(wire_leading.LIST_LEADING_GROUPS)).items == (district,)
