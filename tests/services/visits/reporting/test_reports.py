"""A term's page, drafts with the records they count, and reports that stay as submitted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from yanxiu_footing.registry_facts import read_district
from yanxiu_visits.reporting.collect import collect, facts_of_term
from yanxiu_wire import field_records, findings, visiting
from yanxiu_wire import term_work as wire
from yanxiu_wire.field_records import Paper, Report, Summary, TaskDone

from tests.services.visits.conftest import TERMS
from tests.services.visits.field import TERM, Sender, new_id

ErrorOf = Callable[[Any, str], Any]
DIGEST = "0" * 64


class Work:
    """What one researcher recorded: two days at two schools, lessons, gatherings, a finding."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.me = Sender(district=house.district)
        self.ids = {name: new_id(name) for name in ("first", "second", "seen", "heard", "prep", "task", "found")}

    async def done(self) -> Work:
        house, me, ids = self.house, self.me, self.ids
        for endpoint, command in (
            (visiting.ARRIVE_AT_SCHOOL, me.arrive(ids["first"], "10-14 08:00")),
            (visiting.LEAVE_SCHOOL, me.leave(ids["first"], "10-14 16:00", 2)),
            (visiting.ARRIVE_AT_SCHOOL, me.arrive(ids["second"], "09-30 08:00", "s2")),
            (visiting.LEAVE_SCHOOL, me.leave(ids["second"], "09-30 11:00", 1)),
            (field_records.RECORD_WORK, me.observe(ids["seen"], lesson={"comment": "好"})),
            (field_records.RECORD_WORK, me.observe(ids["heard"], school="s2", on="09-30", when="09-30 09:00")),
            (field_records.RECORD_WORK, me.gather(ids["prep"])),
            (field_records.RECORD_WORK, me.work(ids["task"], TaskDone(task="课程指导", text="梳理课程方案"))),
            (findings.RECORD_FINDING, me.find(ids["found"])),
        ):
            assert getattr(await house.call(endpoint, command), "effect", "") == "applied"
        return self

    async def draft(self, **asked: Any) -> Any:
        query = wire.DraftFigures(caller=self.me.caller, researcher="r1", term=TERM, **asked)
        return await self.house.call(wire.DRAFT_FIGURES, query)

    def full(self, *names: str) -> tuple[str, ...]:
        return tuple(sorted(f"r1.{self.ids[name]}" for name in names))


@pytest.fixture
async def work(quick_house: Any) -> Work:
    return await Work(quick_house).done()


def figures(draft: Any) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {one.name: (one.value, one.ids) for one in draft.figures if one.value}


async def test_a_draft_counts_what_is_recorded_and_names_every_record(work: Work) -> None:
    draft = await work.draft()
    assert figures(draft) == {
        "half_days": (3, work.full("first", "second")),
        "visits": (2, work.full("first", "second")),
        "lessons": (2, work.full("seen", "heard")),
        "lessons_commented": (1, work.full("seen")),
        "preparations": (1, work.full("prep")),
        "tasks": (1, work.full("task")),
        "findings": (1, work.full("found")),
    }
    assert draft.text_zh.startswith("到校1.5天，下校2次，听评课1节")
    assert "1.5 days at schools" in draft.text_en
    october = await work.draft(month="2024-10")
    assert figures(october)["half_days"] == (2, work.full("first"))
    assert figures(await work.draft(school="s2")) == {
        "half_days": (1, work.full("second")),
        "visits": (1, work.full("second")),
        "lessons": (1, work.full("heard")),
    }


async def test_nothing_of_a_cancelled_visit_counts_but_what_was_handed_in(work: Work) -> None:
    house, me, visit = work.house, work.me, work.ids["first"]
    before = figures(await work.draft())
    named = new_id("named"), new_id("held"), new_id("done"), new_id("paper")
    for command in (
        me.observe(named[0], visit=visit, lesson={"comment": "好"}),
        me.gather(named[1], visit=visit),
        me.work(named[2], TaskDone(task="课程指导", text="梳理"), visit=visit),
        me.work(named[3], Paper(paper="总体工作计划", title="计划", digest=DIGEST), visit=visit),
    ):
        assert (await house.call(field_records.RECORD_WORK, command)).effect == "applied"
    there = figures(await work.draft())
    assert [there[name][0] for name in ("lessons_commented", "preparations", "tasks", "papers")] == [2, 2, 2, 1]
    await house.call(visiting.CANCEL_VISIT, me.cancel(visit, "10-14 18:00"))
    half_days = {"half_days": (1, work.full("second")), "visits": (1, work.full("second"))}
    assert figures(await work.draft()) == {**before, **half_days, "papers": (1, (f"r1.{named[3]}",))}


async def test_one_calendar_day_counts_two_half_days_at_most(work: Work) -> None:
    again = new_id("again")
    await work.house.call(visiting.ARRIVE_AT_SCHOOL, work.me.arrive(again, "10-14 16:30", "s2"))
    await work.house.call(visiting.LEAVE_SCHOOL, work.me.leave(again, "10-14 18:00", 1))
    assert figures(await work.draft(month="2024-10"))["half_days"] == (
        2,
        tuple(sorted((*work.full("first"), f"r1.{again}"))),
    )


async def test_a_submitted_report_stays_and_what_comes_later_shows_as_a_difference(work: Work) -> None:
    house, me = work.house, work.me
    draft = await work.draft()
    report = new_id("report")
    submitted = await house.call(
        field_records.RECORD_WORK,
        me.work(
            report, Report(title="蹲点调研报告", text=draft.text_zh, figures=draft.figures), "10-18 09:00", on="10-18"
        ),
    )
    asked = wire.GetDifferences(caller=me.caller, ids=(submitted.record.id, "r1.no-such-report"))
    same, none = (await house.call(wire.GET_DIFFERENCES, asked)).items
    assert (same.figures, none) == ((), None)
    late = new_id("late")
    await house.call(field_records.RECORD_WORK, me.observe(late, on="10-11", lesson={"comment": "迟到的记录"}))
    await house.call(field_records.WITHDRAW_RECORD, me.withdraw(work.ids["prep"]))
    (changed, _) = (await house.call(wire.GET_DIFFERENCES, asked)).items
    assert {one.name: (one.submitted, one.now, one.added, one.gone) for one in changed.figures} == {
        "lessons": (2, 3, (f"r1.{late}",), ()),
        "lessons_commented": (1, 2, (f"r1.{late}",), ()),
        "preparations": (1, 0, (), work.full("prep")),
    }
    (kept,) = (
        await house.call(
            field_records.GET_FIELD_RECORDS,
            field_records.GetFieldRecords(caller=me.caller, ids=(submitted.record.id,)),
        )
    ).items
    assert kept.content == submitted.record.content


async def test_his_page_says_what_is_ahead_and_what_is_missing(work: Work) -> None:
    house, me = work.house, work.me
    ahead, past, adrift = new_id("ahead"), new_id("past"), new_id("adrift")
    await house.call(visiting.PLAN_VISIT, me.plan(ahead, on="10-21", goal="甲"))
    await house.call(visiting.PLAN_VISIT, me.plan(past, on="10-15"))
    await house.call(visiting.PREPARE_VISIT, me.prepare(past))
    await house.call(visiting.LEAVE_SCHOOL, me.leave(adrift))
    asked = wire.GetTermWork(caller=me.caller, researcher="r1", term=TERM)
    page = await house.call(wire.GET_TERM_WORK, asked)
    assert isinstance(page, wire.TermWork), page
    assert (page.ahead, page.unfinished, page.unprepared) == ((f"r1.{ahead}",), (f"r1.{past}",), (f"r1.{ahead}",))
    assert page.incomplete == (f"r1.{adrift}",)
    assert (page.months, page.report) == (("2024-09",), False)  # October is not over
    assert [one.paper for one in page.papers] == ["总体工作计划", "学期工作安排"]
    assert page.findings == work.full("found")
    for content in (
        Summary(month="2024-09", text="九月小结"),
        Paper(paper="学期工作安排", title="安排", digest=DIGEST),
        Report(title="报告", text="报告"),
    ):
        await house.call(field_records.RECORD_WORK, me.work(new_id("done"), content))
    page = await house.call(wire.GET_TERM_WORK, asked)
    assert (page.months, page.report, [one.paper for one in page.papers]) == ((), True, ["总体工作计划"])


async def test_his_page_is_his_own_and_the_districts(work: Work, error_of: ErrorOf) -> None:
    for caller in (work.house.researcher("r2"), work.house.school("s1")):
        asked = wire.GetTermWork(caller=caller, researcher="r1", term=TERM)
        code = "RESEARCHER_UNKNOWN" if caller.role == "researcher" else "FORBIDDEN"
        error_of(await work.house.call(wire.GET_TERM_WORK, asked), code)
        drafted = wire.DraftFigures(caller=caller, researcher="r1", term=TERM)
        error_of(await work.house.call(wire.DRAFT_FIGURES, drafted), code)
    officer = wire.GetTermWork(caller=work.house.officer, researcher="r1", term=TERM)
    assert (await work.house.call(wire.GET_TERM_WORK, officer)).researcher == "r1"
    error_of(await work.draft(month="2024-08"), "MONTH_MALFORMED")


async def test_the_same_records_are_the_facts_that_the_law_judges(work: Work) -> None:
    house = work.house
    async with house.service.databases.read(house.district) as conn:
        law = house.service.laws.in_force(await read_district(conn, house.district), TERMS[0].starts_on)
        recorded = await collect(conn, house.district, "r1", TERM)
        facts = await facts_of_term(conn, house.district, "r1", TERMS[0], recorded, law)
    assert [(str(one.on), one.school, str(one.days)) for one in facts.days] == [
        ("2024-09-30", "s2", "0.5"),
        ("2024-10-14", "s1", "1"),
    ]
    assert sorted(one.commented for one in facts.lessons) == [False, True]
    assert [(one.kind, one.scope, one.own_subject, one.organised) for one in facts.gatherings] == [
        ("preparation", "school", True, False)
    ]
    assert {one.id: one.stage for one in facts.schools} == {"s1": "primary", "s2": "primary"}
    (answer,) = law.answers("term", facts)
    assert (answer.decided.result["lessons"], answer.failed) == (1, ("MADE-3",))
    (finding,) = law.visits.minima(facts, law.law())
    assert finding.shortfall == 2
