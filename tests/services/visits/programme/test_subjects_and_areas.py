"""A district's subjects (research days, minor ones), its areas' groups, and the school-year plans of base schools."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_visits.programme.tables import district_subjects
from yanxiu_wire import field_records, registry, visiting
from yanxiu_wire import programme as wire_programme
from yanxiu_wire import subjects as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.research_group import RESEARCH_GROUP_CHANGED, ResearchGroupChanged
from yanxiu_wire.studio import STUDIO_CHANGED, Studio, StudioChanged
from yanxiu_wire.teacher import TEACHER_CHANGED, Employment, Teacher, TeacherChanged

from tests.services.credits.standings.live import gate
from tests.services.visits.field import TERM, Sender, new_id
from tests.services.visits.programme.base_schools import adopted, yueqing
from tests.services.visits.programme.test_organisations import FORMED, asked, group
from tests.services.visits.test_graphql import Asker
from tests.stores import never_changed

ErrorOf = Callable[[Any, str], Any]
SINCE = date(2024, 9, 1)
CHINESE = wire.SubjectSetting(subject="语文", weekday=3)
MUSIC = wire.SubjectSetting(subject="音乐", minor=True)


async def set_subjects(house: Any, *subjects: wire.SubjectSetting, since: date = SINCE, **given_: Any) -> Any:
    given = {"caller": house.officer, "key": house.key(), "decided_by": "瓯教研〔2024〕5号", **given_}
    command = wire.SetDistrictSubjects(since=since, subjects=subjects, **given)
    return await house.call(wire.SET_DISTRICT_SUBJECTS, command)


async def days(house: Any, **asked_: Any) -> Any:
    query = wire.GetResearchDays(caller=house.officer, **{"term": TERM, **asked_})
    return await house.call(wire.GET_RESEARCH_DAYS, query)


async def gathered(house: Any, on: str, reach: str, subject: str = "语文") -> str:
    me, name = Sender(district=house.district), new_id("gathering")
    record = me.gather(name, f"{on} 14:00", on=on, held={"reach": reach, "subject": subject})
    await house.call(field_records.RECORD_WORK, record)
    return f"r1.{name}"


async def test_gatherings_beyond_a_school_are_held_against_the_day_of_their_subject(ouhai_on_each: Any) -> None:
    house = ouhai_on_each
    wednesday, thursday = await gathered(house, "10-16", "district"), await gathered(house, "10-10", "area")
    await gathered(house, "10-11", "school")
    before = await days(house)
    assert (before.gatherings, before.failed) == (2, ("OUHAI-6-5d",))
    assert {one.weekday for one in before.off_day} == {None}
    await set_subjects(house, CHINESE)
    held = await days(house)
    assert [(one.record, one.weekday, one.on) for one in held.off_day] == [(thursday, 3, date(2024, 10, 10))]
    # Thursday from mid-October on: what was held before is judged by the day that was set then.
    await set_subjects(
        house, wire.SubjectSetting(subject="语文", weekday=4), since=date(2024, 10, 14), expected_version=1
    )
    assert [one.record for one in (await days(house)).off_day] == [thursday, wednesday]
    assert (await days(house, as_of=date(2024, 10, 9))).gatherings == 0
    with never_changed():
        async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
            await conn.execute(sa.delete(district_subjects))


async def test_a_gathering_of_a_cancelled_visit_was_none(ouhai: Any) -> None:
    me, visit, name = Sender(district=ouhai.district), new_id("visit"), new_id("gathering")

    await ouhai.call(visiting.ARRIVE_AT_SCHOOL, me.arrive(visit, "10-10 08:00"))
    record = me.gather(name, "10-10 14:00", on="10-10", held={"reach": "district"}, visit=visit)
    await ouhai.call(field_records.RECORD_WORK, record)
    assert (await days(ouhai)).gatherings == 1
    await ouhai.call(visiting.CANCEL_VISIT, me.cancel(visit, "10-10 18:00"))
    assert (await days(ouhai)).gatherings == 0


async def test_subjects_that_cannot_be_are_refused(ouhai: Any, quick_house: Any, error_of: ErrorOf) -> None:
    twice = error_of(await set_subjects(ouhai, CHINESE, CHINESE), "SUBJECTS_MALFORMED")
    assert twice.field == "subjects[1].subject"
    wrong = error_of(await set_subjects(ouhai, wire.SubjectSetting(subject="语文", weekday=8)), "SUBJECTS_MALFORMED")
    assert (wrong.field, wrong.value) == ("subjects[0].weekday", 8)
    error_of(await set_subjects(ouhai, CHINESE, decided_by=""), "TEXT_MALFORMED")
    error_of(await set_subjects(ouhai, CHINESE, expected_version=3), "VERSION_CHANGED")
    error_of(await set_subjects(ouhai, CHINESE, caller=ouhai.school()), "FORBIDDEN")
    error_of(await days(ouhai, term="2030-2031-1"), "TERM_UNKNOWN")
    error_of(await days(quick_house), "NO_SUCH_RULE")


async def teaches(house: Any, teacher: str, school: str, subject: str) -> None:
    since = date(2021, 9, 1)
    work = (Employment(school=school, since=since),)
    card = Teacher(
        id=teacher, staff_number=teacher, name="合成教师", subject=subject, school=school, employments=work, version=2
    )

    body = TeacherChanged(
        teacher=teacher, version=2, history=((since, card),), recorded_at=datetime(2024, 1, 2, tzinfo=UTC)
    )
    await house.tell(TEACHER_CHANGED, body)


async def test_areas_their_groups_and_who_teaches_a_minor_subject(ouhai: Any) -> None:
    opened = date(2000, 9, 1)
    card = registry.School(
        id="s1", code="s1", name="合成学校", stage="primary", location="town", opened_on=opened, area="a1", version=2
    )
    await ouhai.tell(registry.SCHOOL_CHANGED, registry.SchoolChanged(school="s1", version=2, history=((opened, card),)))
    await teaches(ouhai, "t1", "s1", "音乐")
    await teaches(ouhai, "t3", "s2", "音乐")
    of_area = group("g9", school=None, area="a1", subject="音乐", leader="t1", members=("t1",))
    body = ResearchGroupChanged(group="g9", version=1, history=((FORMED, of_area),))
    await ouhai.tell(RESEARCH_GROUP_CHANGED, body)
    await ouhai.until(lambda rows: len(rows) == 1, "research_group_fact")
    await ouhai.until(lambda rows: sum(row["version"] == 2 for row in rows) == 2, "teacher_fact")
    await ouhai.until(lambda rows: any(row["version"] == 2 for row in rows), "school_fact")

    found = await asked(ouhai)
    assert (found.area_groups, found.area_unfiled) == (("g9",), ("g9",))
    failed = {one.kind: one.failed for one in found.district}
    assert failed == {
        "area_group_filing": ("OUHAI-6-4b",),
        "area_appointments": ("OUHAI-6-5b",),
        "school_areas": ("OUHAI-7-2c",),
    }
    # No subject is minor until the district says so; from then on who teaches it is in a group of an area.
    assert all(not one.outside for one in found.items)
    await set_subjects(ouhai, MUSIC)
    outside = {one.school: one.outside for one in (await asked(ouhai)).items}
    assert outside == {"s1": (), "s2": ("t3",), "s3": ()}
    assert not any(one.outside for one in (await asked(ouhai, as_of=date(2024, 8, 31))).items)


async def test_studios_are_asked_of_the_law_from_the_day_they_are_entered(ouhai: Any) -> None:
    opened = date(2000, 9, 1)
    weak = registry.School(
        id="s2", code="s2", name="合成学校", stage="primary", location="town", opened_on=opened, weak=True, version=2
    )
    await ouhai.tell(registry.SCHOOL_CHANGED, registry.SchoolChanged(school="s2", version=2, history=((opened, weak),)))
    first = Studio(id="o1", name="甲工作室", level="区级", leader="t1", schools=("s1",), begins_on=date(2024, 9, 1))
    moved = msgspec.structs.replace(first, schools=("s1", "s2"), version=2)
    history = ((first.begins_on, first), (date(2024, 10, 1), moved))
    await ouhai.tell(STUDIO_CHANGED, StudioChanged(studio="o1", version=2, history=history))
    await ouhai.until(lambda rows: len(rows) == 1, "studio_fact")
    await ouhai.until(lambda rows: any(row["version"] == 2 for row in rows), "school_fact")

    async def answered(on: date) -> dict[str, tuple[str, ...]]:
        return {one.kind: one.failed for one in (await asked(ouhai, as_of=on)).district}

    assert await answered(date(2024, 8, 31)) == {}
    assert await answered(date(2024, 9, 30)) == {"studios": ("OUHAI-6-5c",)}
    assert await answered(date(2024, 10, 1)) == {"studios": ()}


async def test_every_base_school_has_its_plan_of_the_school_year(quick_visits: Any, error_of: ErrorOf) -> None:
    house = await yueqing(quick_visits, "year-plans")
    await adopted(house, date(2024, 9, 1), date(2026, 8, 31), ("r1", "s1"), ("r2", "s2"))
    me, name = Sender(district=house.district), new_id("plan")
    paper = field_records.Paper(paper="学年整体工作方案", title="方案", digest="a" * 64)
    await house.call(field_records.RECORD_WORK, me.work(name, paper, "09-10 18:00", on="09-10", school="s1"))

    async def plans(caller: Any = None, **asked_: Any) -> Any:
        given = {"school_year": "2024-2025", **asked_}
        query = wire_programme.GetSchoolYearPlans(caller=caller or house.officer, **given)
        return await house.call(wire_programme.GET_SCHOOL_YEAR_PLANS, query)

    found = await plans()
    assert [(one.school, one.records) for one in found.items] == [("s1", (f"r1.{name}",)), ("s2", ())]
    assert (found.failed, found.papers) == (("YUEQING-5-2a",), ("学年整体工作方案",))
    early = await plans(as_of=date(2024, 9, 9))
    assert [one.records for one in early.items] == [(), ()]
    assert [one.school for one in (await plans(house.school("s2"))).items] == ["s2"]
    error_of(await plans(school_year="2040-2041"), "SCHOOL_YEAR_UNKNOWN")


async def test_subjects_and_days_through_graphql(ouhai: Any, quick_nats: Any, tmp_path: Path) -> None:
    import httpx2

    mutation = """mutation($i: SetDistrictSubjectsInput!) { setDistrictSubjects(input: $i) {
      subjects { version subjects { subject weekday minor } } errors { code field } } }"""
    query = """{ districtSubjects { version } researchDays(term: "2024-2025-1") { gatherings failed
      offDay { recordId subject on weekday } }
      schoolOrganisations { areaGroupIds areaUnfiledIds edges { node { outsideIds } } } }"""
    record = await gathered(ouhai, "10-10", "district")
    async with gate(quick_nats.url, tmp_path / "keys") as door, httpx2.AsyncClient(trust_env=False) as http:
        asker = Asker(door, ouhai, http)
        subject = {"subject": "语文", "weekday": 3, "minor": False}
        given = {"since": "2024-09-01", "decidedBy": "瓯教研〔2024〕5号"}
        refused = await asker.do(ouhai.officer, mutation, subjects=[{**subject, "weekday": 9}], **given)
        assert refused["errors"] == [{"code": "SUBJECTS_MALFORMED", "field": "input.subjects[0].weekday"}]
        made = await asker.do(ouhai.officer, mutation, subjects=[subject], **given)
        assert made == {"subjects": {"version": 1, "subjects": [subject]}, "errors": []}
        found = await asker.ask(ouhai.officer, query)
    off = {"recordId": global_id("FieldRecord", record), "subject": "语文", "on": "2024-10-10", "weekday": 3}
    assert found["researchDays"] == {"gatherings": 1, "failed": ["OUHAI-6-5d"], "offDay": [off]}
    assert found["districtSubjects"] == [{"version": 1}]
    assert found["schoolOrganisations"]["areaGroupIds"] == []
