"""Yueqing's answers to the visits service: records counted by its weeks, months and words, plans by batches."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import (
    Answered,
    BaseSchool,
    ContestEntry,
    FactsRefused,
    Gathering,
    LessonSeen,
    Moment,
    PlanYear,
    Preparation,
    Programme,
    SchoolTerm,
    TermOutcome,
    TermWork,
    VisitDay,
    VisitedSchool,
    WorkYear,
    load_packs,
    read_facts,
)
from yanxiu_yueqing.targets import TargetsQuestion, hold_targets

PACK = load_packs().pack("yueqing")
RULES = PACK.visits or pytest.fail("the pack has no visit rules")
DAY = timedelta(days=1)
HALF = Decimal("0.5")

# Local times, as a school's clock shows them.
EIGHT = datetime.combine(date(2021, 3, 10), time(8))
# Spring 2021: Monday 22 February to Friday 2 July, 19 weeks; 3 to 5 April and 1 to 5 May are holidays.
TERM = SchoolTerm(year=2020, number=2, start=date(2021, 2, 22), end=date(2021, 7, 2))
HOLIDAYS = {date(2021, 4, 5), date(2021, 5, 3), date(2021, 5, 4), date(2021, 5, 5)}
TEACHING = tuple(
    day
    for day in (TERM.start + DAY * n for n in range((TERM.end - TERM.start).days + 1))
    if day.weekday() < 5 and day not in HOLIDAYS
)
TOWN = VisitedSchool(id="A", stage="junior", location="town")
RURAL = VisitedSchool(id="B", stage="junior", location="rural")
MONTHS = ("2021-02", "2021-03", "2021-04", "2021-05", "2021-06")
PAPERS = frozenset({"总体工作计划", "学期工作安排", "总结"})


def law(**settings: Any) -> Any:
    return PACK.law(TERM.end, settings)


def whole_term(**changed: Any) -> TermWork:
    """A term that reaches every minimum: a day each week and one more, 40 lessons, and all that is to be written."""
    weekly = [day for day in TEACHING if day.weekday() == 3]
    work = TermWork(
        researcher="r1",
        term=TERM,
        teaching_days=TEACHING,
        schools=(TOWN, RURAL),
        days=tuple(VisitDay(on=day, school="A") for day in (*weekly, date(2021, 3, 3))),
        lessons=tuple(LessonSeen(on=weekly[n % 19], school="A") for n in range(40)),
        gatherings=(
            Gathering(on=weekly[1], kind="preparation"),
            Gathering(on=weekly[2], kind="preparation"),
            Gathering(on=weekly[3], kind="theme"),
            Gathering(on=weekly[4], kind="seminar", scope="area"),
            Gathering(on=weekly[5], kind="exchange", scope="district"),
            Gathering(on=weekly[6], kind="other", own_subject=False),
        ),
        summaries=MONTHS,
        reports=(None,),
        papers=PAPERS,
    )
    return msgspec.structs.replace(work, **changed)


def answer(work: TermWork, *, today: date | None = None, **settings: Any) -> Answered:
    (found,) = PACK.visit_answers("term", work, on=TERM.end, settings=settings, today=today)
    return found


def more(work: TermWork, **added: Iterable[Any]) -> TermWork:
    return msgspec.structs.replace(work, **{name: (*getattr(work, name), *items) for name, items in added.items()})


def test_nineteen_weeks_with_a_day_each_and_one_more_reach_the_term() -> None:
    found = answer(whole_term())
    assert found.failed == ()
    assert found.warnings == ()
    assert found.decided.result["metrics"]["visit_days"] == 20


def test_without_the_extra_day_the_twenty_days_are_missed_and_the_weeks_are_not() -> None:
    work = whole_term()
    assert answer(msgspec.structs.replace(work, days=work.days[:-1])).failed == ("YUEQING-6-3b",)


def test_a_calendar_day_counts_once_over_all_schools_and_other_schools_do_not_count() -> None:
    work = whole_term()
    twice = more(work, days=[VisitDay(on=date(2021, 3, 3), school="B"), VisitDay(on=date(2021, 3, 5), school="X")])
    assert answer(twice).decided.result["metrics"]["visit_days"] == 20
    halves = [VisitDay(on=date(2021, 3, 5), school=school, days=HALF) for school in ("A", "B")]
    assert answer(more(work, days=halves)).decided.result["metrics"]["visit_days"] == 21


def test_a_visit_in_a_week_without_teaching_counts_to_the_days_and_to_no_week() -> None:
    work = whole_term(teaching_days=tuple(day for day in TEACHING if not date(2021, 6, 28) <= day))
    found = answer(work).decided.result["metrics"]
    assert (found["visit_days"], found["weeks_below_minimum"]) == (20, 0)
    outside = more(work, days=[VisitDay(on=date(2021, 7, 3), school="A")])
    assert answer(outside).decided.result["metrics"]["visit_days"] == 20, "a day after the term is not of the term"


def test_lessons_count_at_the_schools_linked_when_they_were_commented_on() -> None:
    work = whole_term()
    lost = msgspec.structs.replace(work.lessons[0], commented=False)
    assert answer(msgspec.structs.replace(work, lessons=(lost, *work.lessons[1:]))).failed == ("YUEQING-6-3c",)
    elsewhere = msgspec.structs.replace(work.lessons[0], school="X")
    assert answer(msgspec.structs.replace(work, lessons=(elsewhere, *work.lessons[1:]))).failed == ("YUEQING-6-3c",)


@pytest.mark.parametrize(
    ("kind", "scope", "organised", "failed"),
    [
        ("seminar", "school", True, "YUEQING-6-3e"),
        ("seminar", "schools", True, "YUEQING-6-3e"),
        ("seminar", "area", False, "YUEQING-6-3e"),
        ("seminar", "district", True, None),
        ("exchange", "school", True, "YUEQING-5-3b"),
        ("exchange", "area", False, "YUEQING-5-3b"),
        ("exchange", "area", True, None),
        ("exchange", "above", True, None),
    ],
)
def test_meetings_count_when_the_researcher_called_them_and_they_reach_far_enough(
    kind: str, scope: Any, organised: bool, failed: str | None
) -> None:
    work = whole_term()
    others = tuple(one for one in work.gatherings if one.kind != kind)
    held: Any = Gathering(on=TERM.start, kind=kind, scope=scope, organised=organised)  # pyright: ignore[reportArgumentType]
    found = answer(msgspec.structs.replace(work, gatherings=(*others, held)))
    assert found.failed == ((failed,) if failed else ())


def test_the_months_with_teaching_days_want_a_summary_but_july() -> None:
    assert RULES.months is not None
    assert RULES.months(TERM, TEACHING, law()) == MONTHS
    assert RULES.months(TERM, TEACHING, law(summary_months={"7": True})) == (*MONTHS, "2021-07")
    assert answer(whole_term(summaries=MONTHS[:-1])).failed == ("YUEQING-5-2c",)


def test_weeks_with_too_few_teaching_days_are_no_teaching_weeks() -> None:
    assert RULES.weeks is not None
    assert len(RULES.weeks(TERM, TEACHING, law())) == 19
    assert RULES.weeks(TERM, TEACHING, law())[0] == (date(2021, 2, 22), date(2021, 2, 28))
    assert len(RULES.weeks(TERM, TEACHING, law(teaching_week_days=2))) == 19
    assert len(RULES.weeks(TERM, TEACHING, law(teaching_week_days=3))) == 18, "the week of 3 May has two teaching days"


@pytest.mark.parametrize("weekday", [0, 6])
def test_a_week_runs_from_monday_to_sunday(weekday: int) -> None:
    days = [day for day in (TERM.start + DAY * n for n in range(131)) if day.weekday() == weekday]
    found = answer(whole_term(days=tuple(VisitDay(on=day, school="A") for day in days)))
    # The last Sunday lies behind the term's last day, a Friday.
    below = 0 if weekday == 0 else 1
    assert found.decided.result["metrics"]["weeks_below_minimum"] == below


def test_an_activity_of_the_own_subject_is_none_of_another() -> None:
    own = [msgspec.structs.replace(one, own_subject=True) for one in whole_term().gatherings]
    assert answer(whole_term(gatherings=tuple(own))).warnings == ("YUEQING-6-2",)


def test_what_is_not_over_is_held_against_nobody_and_what_is_over_is() -> None:
    early = whole_term(days=(), lessons=(), summaries=(), papers=frozenset())
    first_week = answer(early, today=date(2021, 2, 28)).decided.result
    assert (first_week["metrics"]["weeks_below_minimum"], first_week["metrics"]["months_missing"]) == (0, [])
    later = answer(early, today=date(2021, 3, 1)).decided.result
    assert (later["metrics"]["weeks_below_minimum"], later["metrics"]["months_missing"]) == (1, ["2021-02"])
    assert "YUEQING-6-4" not in answer(early, today=TERM.end).failed
    assert "YUEQING-6-4" in answer(early, today=TERM.end + DAY).failed


def test_the_minima_say_how_much_is_missing_while_there_is_time() -> None:
    work = whole_term(days=(VisitDay(on=date(2021, 2, 23), school="A", days=HALF),), lessons=whole_term().lessons[:12])
    found = {one.measure: one for one in RULES.minima(work, PACK.law(TERM.end, today=date(2021, 3, 2)))}
    assert (found["visit_days"].earned, found["visit_days"].shortfall) == (HALF, Decimal("19.5"))
    assert all(isinstance(one.earned, Decimal) and isinstance(one.shortfall, Decimal) for one in found.values())
    assert (found["observed_and_commented"].shortfall, found["weeks_below_minimum"].shortfall) == (28, 1)
    assert (found["months_missing"].met, found["months_missing"].clause) == (True, "YUEQING-5-2c")


def test_reports_are_owed_by_researcher_or_by_school_as_the_district_sets() -> None:
    assert answer(whole_term(reports=("A",))).failed == ()
    assert answer(whole_term(reports=("A",)), report_per="school").failed == ("YUEQING-5-2d",)
    assert answer(whole_term(reports=("A", "A")), report_per="school").failed == ("YUEQING-5-2d",)
    assert answer(whole_term(reports=("B", "A")), report_per="school").failed == ()
    assert answer(whole_term(schools=(TOWN,), reports=("A",)), report_per="school").failed == ()
    nowhere = answer(whole_term(schools=()), report_per="school").failed
    assert {"YUEQING-5-2d", "YUEQING-6-3a", "YUEQING-6-3b", "YUEQING-6-3c"} == set(nowhere)
    owed = {paper.name: paper.of for paper in RULES.papers(law(report_per="school"))}
    assert (owed["蹲点调研工作报告"], owed["月小结"], owed["学年整体工作方案"]) == ("school", "researcher", "school")


DAYS = st.lists(
    st.builds(
        VisitDay,
        on=st.dates(TERM.start, TERM.end),
        school=st.sampled_from(["A", "B", "X"]),
        days=st.sampled_from([HALF, Decimal(1)]),
    ),
    max_size=40,
)


@given(days=DAYS, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_nothing_and_every_day_counts_at_most_once(days: Any, shuffled: Any) -> None:
    found = answer(whole_term(days=tuple(days))).decided.result
    shuffled.shuffle(days)
    assert answer(whole_term(days=tuple(days))).decided.result == found
    by_day: dict[date, Decimal] = {}
    for one in days:
        if one.school != "X":
            by_day[one.on] = min(Decimal(1), by_day.get(one.on, Decimal(0)) + one.days)
    assert found["metrics"]["visit_days"] == sum(by_day.values())


@given(days=DAYS, today=st.dates(TERM.start, TERM.end))
def test_a_week_below_its_days_is_a_week_that_is_over(days: Any, today: date) -> None:
    work = whole_term(days=tuple(one for one in days if one.on <= today))
    below = answer(work, today=today).decided.result["metrics"]["weeks_below_minimum"]
    assert below <= (today - TERM.start).days // 7
    assert below <= answer(work).decided.result["metrics"]["weeks_below_minimum"]


@pytest.mark.parametrize(
    ("prepared", "tasks", "failed"),
    [
        (EIGHT - timedelta(minutes=1), "听课", ()),
        (EIGHT, "听课", ("YUEQING-5-2b",)),
        (EIGHT - timedelta(hours=12), " ", ("YUEQING-5-2b",)),
        (None, "听课", ()),
    ],
)
def test_goal_focus_and_tasks_stand_before_the_visit_starts(
    prepared: datetime | None, tasks: str, failed: tuple[str, ...]
) -> None:
    made = Preparation(starts_at=EIGHT, prepared_at=prepared, goal="目标", focus="重点", tasks=tasks)
    (found,) = PACK.visit_answers("before_visit", made, on=EIGHT.date())
    assert found.failed == failed
    assert found.decided.result["missing"] == ([] if tasks.strip() else ["tasks"])


def test_the_programme_is_counted_on_the_day_the_targets_are_due_that_day_included() -> None:
    due, late = date(2022, 6, 30), date(2022, 7, 1)
    schools = tuple(BaseSchool(id=f"s{n}", brand_on=due if n else late, famous_teacher_on=due) for n in range(5))
    earlier = tuple(BaseSchool(id=f"e{n}", demonstration_on=due) for n in range(20))
    entries = (
        ContestEntry(born_on=date(1986, 4, 10), contest_on=date(2022, 4, 9), took_part=True, won=True),
        ContestEntry(born_on=date(1986, 4, 10), contest_on=date(2022, 4, 10), took_part=False),
    )
    programme = Programme(schools=schools, ever=earlier, entries=entries)
    (found,) = PACK.visit_answers("programme", programme, on=due)
    assert found.failed == ()
    assert set(found.decided.result["missed_targets"]) == {"YUEQING-3-1c"}
    assert (found.decided.result["brand_pct"], found.decided.result["participation_pct"]) == (80, 100)
    (at_due,) = PACK.visit_answers("programme", programme, on=due, settings={"age_reference": "targets_due"})
    assert at_due.decided.result["participation_pct"] is None


def test_a_teacher_counts_once_by_the_contests_for_which_he_was_young_enough() -> None:
    spring, autumn, late = date(2021, 4, 10), date(2021, 10, 10), date(2022, 7, 1)
    born = date(1985, 9, 1)  # 35 in spring, 36 in autumn

    def entry(who: str, on: date, *, took: bool, won: bool = False, born_on: date = born) -> ContestEntry:
        return ContestEntry(teacher=who, born_on=born_on, contest_on=on, took_part=took, won=won)

    entries = (
        entry("too old when he went", spring, took=False),
        entry("too old when he went", autumn, took=True, won=True),
        entry("went twice", spring, took=True, won=True, born_on=date(1990, 1, 1)),
        entry("went twice", autumn, took=True, born_on=date(1990, 1, 1)),
        entry("went too late", autumn, took=False, born_on=date(1990, 1, 1)),
        entry("went too late", late, took=True, born_on=date(1990, 1, 1)),
        entry("never eligible", autumn, took=False),
    )
    programme = Programme(schools=(BaseSchool(id="s1"),), entries=entries)
    (found,) = PACK.visit_answers("programme", programme, on=late)
    assert (found.decided.result["participation_pct"], found.decided.result["award_pct"]) == (
        Decimal("33.33"), Decimal("33.33"),
    )  # fmt: skip
    target = RULES.targets(programme, law())[-1]
    assert (target.finding.earned, target.of, target.due_on) == (1, 3, date(2022, 6, 30))


def test_a_batch_that_begins_after_the_targets_are_due_has_none_until_the_district_sets_their_day() -> None:
    schools = (BaseSchool(id="s1", brand_on=date(2024, 6, 30)),)
    programme = Programme(schools=schools, starts_on=date(2022, 10, 20))
    assert PACK.visit_answers("programme", programme, on=date(2022, 10, 20)) == ()
    assert RULES.targets(programme, PACK.law(date(2022, 10, 20))) == ()
    settings = {"targets_due": {"value": "2024-06-30", "decided_by": "研训院〔2022〕1号"}}
    brand = RULES.targets(programme, PACK.law(date(2022, 10, 20), settings))[1]
    assert (brand.finding.clause, brand.finding.met, brand.due_on) == ("YUEQING-3-1b", True, date(2024, 6, 30))


def test_what_can_be_reached_stands_with_the_levels_from_which_it_counts() -> None:
    by_kind = {one.kind: one for one in RULES.achievements(law())}
    assert by_kind["demonstration"].levels == ("county", "municipal", "provincial", "national")
    assert (by_kind["advanced_group"].of, by_kind["famous_teacher"].of, by_kind["brand"].levels) == (
        "subject", "teacher", (),
    )  # fmt: skip


def test_no_target_is_told_as_a_failure() -> None:
    programme = Programme(schools=(BaseSchool(id="s1"),))
    (found,) = PACK.visit_answers("programme", programme, on=date(2022, 6, 30))
    said = " ".join(step.zh + step.en for step in found.decided.steps)
    assert "尚差20所" in said
    assert "20 to go" in said
    assert not [word for word in ("未达到", "不合", "违", "miss", "fail", "breach") if word in said]


def test_a_target_is_held_against_nobody() -> None:
    question = read_facts(
        TargetsQuestion, {"base_schools": 20, "schools_with_brand": 15, "demo_bases_by_2022_06_30": 19}
    )
    found = hold_targets(question, PACK.law(date(2022, 6, 30)))
    assert [(one.clause, one.met, one.binding) for one in found] == [
        ("YUEQING-3-1a", False, False), ("YUEQING-3-1b", False, False),
    ]  # fmt: skip


def test_a_school_year_gives_the_plans_missing_and_what_the_assessment_rests_on() -> None:
    plans = PlanYear(school_year="2020-2021", schools=("A", "B"), filed=("B",))
    (missing,) = PACK.visit_answers("plans", plans, on=TERM.end)
    assert (missing.failed, missing.decided.result["missing"]) == (("YUEQING-5-2a",), ["A"])
    names = [task.name for task in RULES.tasks(law())]
    year = WorkYear(
        researcher="r1",
        terms=(TermOutcome(term=TERM, failed=("YUEQING-6-3c",)),),
        tasks=dict.fromkeys(names[:-1], 2),
        grade="优秀",
    )
    sheet, log = PACK.visit_answers("assessment", year, on=TERM.end)
    assert sheet.decided.result["breaches"] == {"YUEQING-6-3c": 1}
    assert sheet.decided.result["consequence"] == "给予适当的奖励"
    assert log.warnings == ("YUEQING-4-7",)


def test_the_batches_follow_each_other_every_two_years_from_the_first() -> None:
    assert PACK.period("batch", date(2022, 10, 19)).start == date(2020, 10, 20)
    second = PACK.period("batch", date(2022, 10, 20))
    assert (second.start, second.end, second.label) == (date(2022, 10, 20), date(2024, 10, 19), "2022—2024年一批")
    assert PACK.period("school_year", date(2021, 8, 31)).label == "2020-2021学年"
    year = PACK.period("school_year", date(2021, 9, 1))
    assert (year.start, year.end) == (date(2021, 9, 1), date(2022, 8, 31))


def test_a_batch_is_summed_up_from_the_day_after_its_two_years() -> None:
    batch = PACK.period("batch", date(2021, 1, 1))
    span = PACK.windows["batch_end"](Moment(period=batch, entered=date(2021, 1, 1)), law())
    assert (span.opens, span.closes) == (date(2022, 10, 20), None)
    with pytest.raises(FactsRefused, match="missing; a batch lasts two years"):
        PACK.windows["batch_end"](Moment(period=None, entered=date(2021, 1, 1)), law())
