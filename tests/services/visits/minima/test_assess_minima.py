"""A term against the minima of the real packs: what is short, what can still be done, and which records count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_footing.calendar import working_days
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import load_packs
from yanxiu_rulekit.visitfacts import Gathering, LessonSeen, SchoolTerm, TermWork, VisitDay, VisitedSchool
from yanxiu_visits.minima.assess_minima import assess_left, assess_minima, assess_sources, with_the_rest, worst

PACKS = load_packs().packs
TERM = SchoolTerm(year=2024, number=1, start=date(2024, 9, 2), end=date(2025, 1, 17))
TEACHING = working_days(TERM.start, TERM.end, [date(2024, 10, day) for day in range(1, 8)], [])
EMPTY = TermWork(researcher="r1", term=TERM, teaching_days=TEACHING, schools=(VisitedSchool(id="s1", stage="primary"),))


def as_of(pack: str, work: TermWork, day: date) -> dict[str, Any]:
    """The minima by measure, as the service puts them together."""
    rules, kept = PACKS[pack].visits, PACKS[pack].law(TERM.start)
    assert rules is not None
    weeks = rules.weeks(TERM, TEACHING, kept) if rules.weeks else None
    left = assess_left(TEACHING, weeks, day)
    now = rules.minima(work, PACKS[pack].law(TERM.start, today=day))
    months = rules.months(TERM, TEACHING, kept) if rules.months else ()
    rest = with_the_rest(work, left, months, [one.name for one in rules.phases(kept)], Decimal(40))
    best = rules.minima(rest, PACKS[pack].law(TERM.start, today=TERM.end + timedelta(days=1)))
    return {one.measure: one for one in assess_minima(now, best, left)}


def judge_of(pack: RulePack) -> Callable[[TermWork], Any]:
    kept = pack.law(TERM.start, today=TERM.end)
    assert pack.visits is not None
    minima = pack.visits.minima
    return lambda work: minima(work, kept)


def test_days_are_out_of_reach_as_soon_as_fewer_are_left_than_are_short() -> None:
    twenty = TEACHING[-20]
    assert as_of("yueqing", EMPTY, twenty)["visit_days"].state == "open"
    late = as_of("yueqing", EMPTY, TEACHING[-19])["visit_days"]
    assert (late.state, late.shortfall, late.best) == ("missed", Decimal(20), Decimal(19))
    one = msgspec.structs.replace(EMPTY, days=(VisitDay(on=TEACHING[3], school="s1"),))
    assert as_of("yueqing", one, TEACHING[-19])["visit_days"].state == "open"


def test_a_week_without_a_visit_cannot_be_made_good_and_one_that_is_not_over_can() -> None:
    first_week = as_of("yueqing", EMPTY, date(2024, 9, 6))["weeks_below_minimum"]
    assert first_week.state == "met"
    second = as_of("yueqing", EMPTY, date(2024, 9, 9))["weeks_below_minimum"]
    assert (second.earned, second.state) == (Decimal(1), "missed")


def test_lessons_may_be_made_good_while_a_day_is_left_and_what_a_week_takes_is_told() -> None:
    seen = msgspec.structs.replace(EMPTY, lessons=(LessonSeen(on=TEACHING[0], school="s1"),))
    lessons = as_of("yueqing", seen, TEACHING[-10])["observed_and_commented"]
    assert (lessons.state, lessons.shortfall, lessons.a_week) == ("open", Decimal(39), Decimal("19.50"))
    over = as_of("yueqing", seen, TERM.end + timedelta(days=1))["observed_and_commented"]
    assert (over.state, over.a_week) == ("missed", None)


def test_months_without_a_summary_may_still_get_one() -> None:
    months = as_of("yueqing", EMPTY, date(2024, 11, 4))["months_missing"]
    assert (months.earned, months.state, months.best) == (Decimal(2), "open", Decimal(0))


def test_three_phases_take_two_days_and_one_day_is_too_few() -> None:
    two_days = as_of("ouhai", EMPTY, TEACHING[-2])
    assert {name: one.state for name, one in two_days.items()} == dict.fromkeys(("期初", "期中", "期末"), "open")
    one_day = as_of("ouhai", EMPTY, TEACHING[-1])
    assert sorted(one.state for one in one_day.values()) == ["missed", "open", "open"]
    begun = msgspec.structs.replace(EMPTY, days=(VisitDay(on=TEACHING[0], school="s1", phase="期初"),))
    assert worst(as_of("ouhai", begun, TEACHING[-1]).values()) == "open"


def test_who_is_placed_nowhere_yet_may_still_be_placed() -> None:
    nowhere = msgspec.structs.replace(EMPTY, schools=())
    assert as_of("ouhai", nowhere, TEACHING[0])["期初"].state == "open"
    assert as_of("yueqing", nowhere, TEACHING[0])["visit_days"].best == len(TEACHING)


def test_a_number_names_what_it_counts_and_nothing_else() -> None:
    facts: dict[str, dict[str, tuple[Any, ...]]] = {
        "day": {"days": (VisitDay(on=TEACHING[0], school="s1"),)},
        "same-day": {"days": (VisitDay(on=TEACHING[0], school="s1"),)},
        "elsewhere": {"days": (VisitDay(on=TEACHING[9], school="s9"),)},
        "commented": {"lessons": (LessonSeen(on=TEACHING[0], school="s1"),)},
        "seen": {"lessons": (LessonSeen(on=TEACHING[0], school="s1", commented=False),)},
        "own": {"gatherings": (Gathering(on=TEACHING[1], kind="theme"),)},
        "other": {"gatherings": (Gathering(on=TEACHING[1], kind="theme", own_subject=False),)},
        "attended": {"gatherings": (Gathering(on=TEACHING[1], kind="seminar", scope="area", organised=False),)},
        "called": {"gatherings": (Gathering(on=TEACHING[1], kind="seminar", scope="area"),)},
        "inside": {"gatherings": (Gathering(on=TEACHING[1], kind="seminar", scope="school"),)},
        "month": {"summaries": ("2024-09",)},
        "report": {"reports": (None,)},
    }
    names = ("days", "lessons", "gatherings", "summaries", "reports")
    whole = {name: tuple(one for brought in facts.values() for one in brought.get(name, ())) for name in names}
    found = assess_sources(msgspec.structs.replace(EMPTY, **whole), facts, judge_of(PACKS["yueqing"]))
    assert found == {
        "weeks_below_minimum": ("day", "same-day"),
        "visit_days": ("day", "same-day"),
        "observed_and_commented": ("commented",),
        "prep_and_theme": ("own",),
        "seminars": ("called",),
        "months_missing": ("month",),
        "reports_per_owed": ("report",),
        "exchanges": (),
    }


def test_a_number_that_is_the_least_of_several_names_what_it_would_lose() -> None:
    """With two schools no visit alone counts for the rarer of both, and each is needed."""
    two = msgspec.structs.replace(EMPTY, schools=(*EMPTY.schools, VisitedSchool(id="s2", stage="primary")))
    facts = {
        school: {"days": (VisitDay(on=TEACHING[0], school=school, days=Decimal("0.5"), phase="期初"),)}
        for school in ("s1", "s2")
    }
    days = tuple(one for brought in facts.values() for one in brought["days"])
    found = assess_sources(msgspec.structs.replace(two, days=days), facts, judge_of(PACKS["ouhai"]))
    assert found == {"期初": ("s1", "s2"), "期中": (), "期末": ()}


@pytest.mark.parametrize("pack", ["yueqing", "ouhai"])
@given(number=st.integers(0, len(TEACHING) - 1), done=st.sets(st.sampled_from(TEACHING), max_size=30))
def test_what_is_missed_stays_missed_however_the_rest_of_the_term_goes(pack: str, number: int, done: set[date]) -> None:
    """Whatever a later day sees done by visits on days left, it never meets what an earlier day called missed."""
    day = TEACHING[number]
    before = tuple(VisitDay(on=on, school="s1") for on in sorted(done) if on < day)
    after = tuple(VisitDay(on=on, school="s1") for on in sorted(done) if on >= day)
    early = as_of(pack, msgspec.structs.replace(EMPTY, days=before), day)
    final = as_of(pack, msgspec.structs.replace(EMPTY, days=before + after), TERM.end + timedelta(days=1))
    for measure, one in early.items():
        if one.state == "missed":
            assert final[measure].state == "missed", measure
