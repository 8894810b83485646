"""The school year 2024-2025 of a school in Putuo: surveys, plan, sessions, credits posted at the end of each term."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.slices.actors import REGISTRARS, SCHOOL_ROLES, Town, paper, stated
from tests.slices.district import District
from tests.slices.platform import guarded
from tests.slices.stage import Stage

pytestmark = pytest.mark.usefixtures("on_both")

LECTURE, PRACTICE = "专题讲座", "案例分析"
HEAD_TEACHERS = ("An", "Ning")


@pytest.fixture
async def year(tmp_path: Path) -> AsyncIterator[Town]:
    nats = guarded(tmp_path)
    try:
        async with Stage(nats, tmp_path, "2024-09-02").playing() as stage:
            yield Town(stage, "putuo-year", "putuo")
    finally:
        nats.stop()


async def test_the_full_year_of_a_putuo_school_each_step_by_its_proper_role_and_refused_to_every_other(
    year: Town,
) -> None:
    await the_district_is_opened(year)
    plan = await the_plan_is_adopted(year)
    await the_first_term_is_held(year)
    await a_term_is_posted(year, "2025-01-16", "2025-01-17", FIRST)
    await ning_moves_to_the_other_school(year)
    await the_second_term_is_held(year)
    await a_term_is_posted(year, "2025-06-27", "2025-06-30", SECOND)
    await the_year_is_summed_up(year, plan)
    await the_forty_hours_are_held_against_what_was_attended(year)
    await hours_stay_and_totals_follow(year)


async def the_district_is_opened(year: Town) -> None:
    await year.opens_district("2024-09-01")
    year.elsewhere = await District(year.stage, "putuo-elsewhere", "putuo").open()
    await year.sets_term("2024-2025", 1, "2024-09-02", "2025-01-17")
    await year.sets_term("2024-2025", 2, "2025-02-17", "2025-06-30")
    await year.employs("An", "Ning", "Wen")
    allowed = ("district-officer", "school-training-officer")
    for name in HEAD_TEACHERS:
        given = {"teacherId": year.people[name], "since": "2024-09-01", "headTeacherPeriods": [{"since": "2024-09-01"}]}
        await year.acts("school-training-officer", "correctTeacher", given, "teacher { id }", allowed=allowed)


async def the_plan_is_adopted(year: Town) -> dict[str, Any]:
    """PUTUO-3-1: the district surveys, then the school; PUTUO-6-1a: the principal adopts."""
    survey = {"evidence": [paper("survey", "问卷、访谈与能力评估")]}
    of_school = {"schoolId": year.school, **survey}
    plan = await year.opens("institute-officer", "school_year_plan", **of_school)
    plan = await year.takes("school-training-officer", plan, "survey_school", SCHOOL_ROLES, **survey)
    said = {
        "statements": stated(aims="提升带班育人能力", content="五个课程模块", methods="讲座与案例", slots="每周三15:30")
    }
    plan = await year.takes("school-training-officer", plan, "draft", SCHOOL_ROLES, **said)
    back = {"processId": plan["id"], "version": plan["version"], "reason": "缺少监督安排"}
    plan = (await year.acts("school-leader", "returnProcess", back, "process { id version state }"))["process"]
    assert plan["state"] == "surveyed"
    plan = await year.takes("school-leader", plan, "draft", SCHOOL_ROLES, **said)
    plan = await year.takes("school-leader", plan, "adopt")
    assert plan["state"] == "adopted"
    return plan


async def a_session(year: Town, day: str, next_day: str, hours: str, form: str, worth: str, *names: str) -> None:
    """A session is announced, attended, closed, and registered for each who was there."""
    session = await year.schedules(day, hours, facts=stated(form=form))
    await year.checks_in(session, names[0])
    await year.attend(session, *names[1:])
    await year.closes(session, next_day)
    fields = "results { teacher { staffNumber } record { hours credits } errors { code } }"
    made = await year.acts(
        "school-training-officer", "registerAttended", {"sessionId": session}, fields, allowed=REGISTRARS
    )
    expected = {name: {"hours": hours, "credits": worth} for name in names}
    assert {one["teacher"]["staffNumber"]: one["record"] for one in made["results"]} == expected


async def the_first_term_is_held(year: Town) -> None:
    """PUTUO-5-3a, 5-3b: ten class hours of lectures are a credit, twenty of practice are; nothing is rounded."""
    await a_session(year, "2024-10-16", "2024-10-17", "10", LECTURE, "1", "An", "Ning")
    await a_session(year, "2024-11-20", "2024-11-21", "10", PRACTICE, "0.5", "An", "Ning")
    await a_session(year, "2024-12-18", "2024-12-19", "1.5", PRACTICE, "0.075", "An")


async def the_second_term_is_held(year: Town) -> None:
    await a_session(year, "2025-03-19", "2025-03-20", "10", LECTURE, "1", "An")
    await a_session(year, "2025-04-16", "2025-04-17", "10", PRACTICE, "0.5", "An")


# Who is posted what at the end of a term: verdict, class hours, credits. Wen is no head teacher (PUTUO-0-1).
NOTHING = ("EXEMPT", "0", "0")
FIRST = {
    "An": ("PASS", "21.5", "1.575"),  # 10 / 10 + (10 + 1.5) / 20
    "Ning": ("PASS", "20", "1.5"),  # 10 / 10 + 10 / 20
    "Wen": NOTHING,
}
SECOND = {"An": ("PASS", "20", "1.5"), "Wen": NOTHING}  # 10 / 10 + 10 / 20; Ning works elsewhere by now


async def a_term_is_posted(year: Town, early: str, last_day: str, worth: Mapping[str, tuple[str, str, str]]) -> None:
    """PUTUO-5-3c: by the training officer of the district, from the last teaching day on."""
    year.stage.calendar.turn_to(early)
    evaluated = {"evidence": [paper("process", "过程性评价"), paper("outcome", "成果性评价")]}
    given = {"schoolId": year.school, "on": early, **evaluated}
    made = await year.opens("school-training-officer", "term_posting", SCHOOL_ROLES, **given)
    post = {"processId": made["id"], "step": "post", "version": made["version"]}
    assert await year.refused(year.who("institute-officer"), "takeStep", post) == ("STEP_TOO_EARLY",)
    year.stage.calendar.turn_to(last_day)
    posted = await year.takes("institute-officer", made, "post")
    assert posted["signatures"][-1]["mark"] == "IN_TIME"
    late = {
        "teacherId": year.people["An"], "completedOn": early,
        "facts": stated(form=LECTURE, class_hours="2"),
    }  # fmt: skip
    assert await year.refused(year.who("school-training-officer"), "registerTraining", late) == ("PERIOD_LOCKED",)
    told = await year.takes("school-leader", posted, "feed_back", SCHOOL_ROLES)
    assert (told["state"], told["ended"]) == ("told", True)
    query = "{ me { notices { edges { node { verdict recognisedHours recognisedCredits } } } } }"
    for name, (verdict, hours, amount) in worth.items():
        newest = (await year.stage.read(year.himself(name), query))["me"]["notices"]["edges"][0]["node"]
        expected = {"verdict": verdict, "recognisedHours": hours, "recognisedCredits": amount}
        assert newest == expected, name


async def ning_moves_to_the_other_school(year: Town) -> None:
    """By his new school's district; there he hears lectures of fifteen hours."""
    year.stage.calendar.turn_to("2025-02-17")
    moved = {"teacherId": year.people["Ning"], "schoolId": year.neighbour, "since": "2025-02-17"}
    await year.refused_to_others("employTeacher", moved, ("district-officer", "school-training-officer"))
    await year.enter("employTeacher", moved, "teacher { id }", token=year.who("district-officer"))
    year.stage.calendar.turn_to("2025-03-05")
    heard = {
        "teacherId": year.people["Ning"], "completedOn": "2025-03-05",
        "facts": stated(form=LECTURE, class_hours="15"),
    }  # fmt: skip
    there = year.who("school-training-officer", school=year.neighbour)
    made = await year.enter("registerTraining", heard, "record { hours credits school { code } }", token=there)
    assert made["record"] == {"hours": "15", "credits": "1.5", "school": {"code": "S002"}}


async def the_year_is_summed_up(year: Town, plan: Mapping[str, Any]) -> None:
    """PUTUO-6-2b: the summary meeting of the school year."""
    said = stated(meeting="2025-06-30", supervision="校长每月检查")
    done = await year.takes("school-leader", plan, "sum_up", statements=said)
    assert done["ended"]


STANDING = """query($teacher: ID!) { standing(teacher: $teacher, kind: "school_year", on: "2025-06-30") {
  verdict hours credits recognisedCredits findings { clause threshold earned shortfall } } }"""


async def the_forty_hours_are_held_against_what_was_attended(year: Town) -> None:
    """PUTUO-5-1b: forty class hours in a school year."""
    found = {}
    for name in year.people:
        found[name] = (await year.stage.read(year.himself(name), STANDING, teacher=year.people[name]))["standing"]
    hours = {name: {one["clause"]: one for one in standing["findings"]} for name, standing in found.items()}
    forty = {"clause": "PUTUO-5-1b", "threshold": "40"}
    assert hours["An"]["PUTUO-5-1b"] == {**forty, "earned": "41.5", "shortfall": "0"}
    assert hours["Ning"]["PUTUO-5-1b"] == {**forty, "earned": "35", "shortfall": "5"}
    assert [found[name]["verdict"] for name in year.people] == ["PASS", "FAIL", "EXEMPT"]
    assert (found["An"]["credits"], found["Ning"]["credits"]) == ("3.075", "3")


async def hours_stay_and_totals_follow(year: Town) -> None:
    """Ning's first term stays with the school where it was, and counts wherever he works."""
    query = """query($id: ID!) { teacher(id: $id) { school { code } total { hours credits recognisedCredits }
      records { edges { node { hours school { code } } } } } }"""
    leader, officer = year.who("school-leader", school=year.neighbour), year.who("district-officer")
    total = "query($id: ID!) { teacher(id: $id) { total { hours } } }"
    seen = (await year.stage.read(leader, total, id=year.people["Ning"]))["teacher"]
    assert seen == {"total": {"hours": "35"}}
    ning = (await year.stage.read(officer, query, id=year.people["Ning"]))["teacher"]
    assert ning["school"] == {"code": "S002"}
    assert ning["total"] == {"hours": "35", "credits": "3", "recognisedCredits": "1.5"}
    where = [(one["node"]["hours"], one["node"]["school"]["code"]) for one in ning["records"]["edges"]]
    assert where == [("10", "S001"), ("10", "S001"), ("15", "S002")]
    books = "{ ledger(first: 100) { edges { node { kind hours credits teacher { staffNumber } } } } }"
    entries = [one["node"] for one in (await year.stage.read(year.who("auditor"), books))["ledger"]["edges"]]
    for kind, hours, worth in (("registration", "41.5", "3.075"), ("recognition", "41.5", "3.075")):
        own = [one for one in entries if one["teacher"]["staffNumber"] == "An" and one["kind"] == kind]
        assert sum(Decimal(one["hours"]) for one in own) == Decimal(hours)
        assert sum(Decimal(one["credits"]) for one in own) == Decimal(worth)
    written = await year.written()
    assert written["ledgerVerification"]["intact"]
    assert written["signatureVerification"]["intact"]
