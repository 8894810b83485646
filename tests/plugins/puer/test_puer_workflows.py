"""Pu'er's workflows: who takes which step, on which days, and what the law makes of a day outside them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from yanxiu_rulekit import Moment, Period, RulePack, Span, load_packs

PACK: RulePack = load_packs().pack("puer")
YEAR = PACK.period("year", date(2024, 6, 1))
TERM = Period(kind="term", label="2024-2025-1", start=date(2024, 9, 2), end=date(2025, 1, 17))


def span(window: str, moment: Moment, on: date, settings: dict[str, Any] | None = None) -> Span:
    return PACK.windows[window](moment, PACK.law(on, settings))


def test_each_step_belongs_to_the_one_whom_the_law_names() -> None:
    by = {name: {step.name: step.by for step in one.steps} for name, one in PACK.workflows.items()}
    school = ("school-training-officer", "school-leader")
    assert by == {
        "school_plan": {"declare": school, "review": ("institute-officer",), "approve": ("district-officer",)},
        "project_publication": {
            "set": ("district-officer",),
            "publish_municipal": ("district-officer",),
            "publish_county": ("district-officer",),
        },
        "year_recognition": {
            "review": school,
            "publicise": school,
            "submit": ("school-leader",),
            "recognise": ("institute-officer", "district-officer"),
            "stamp": ("district-officer",),
            "feed_back": school,
        },
    }


def test_the_institute_sets_each_projects_credit_before_the_department_approves() -> None:
    plan = PACK.workflow("school_plan")
    review, approve = plan.step("review"), plan.step("approve")
    assert review is not None
    assert approve is not None
    assert [(ask.name, ask.form) for ask in review.asks if ask.required] == [("project_credit", "projects")]
    assert review.asks[0].name in (PACK.credit.project_facts if PACK.credit else ())
    assert (review.to, approve.effect) == (approve.from_states[0], "approve_projects")
    assert {review.returns_to, approve.returns_to} == {plan.start}


def test_a_plan_is_due_a_week_after_term_starts_and_late_is_only_marked() -> None:
    moment = Moment(period=TERM, entered=date(2024, 8, 30))
    assert span("plan_declaration", moment, TERM.start) == Span(closes=date(2024, 9, 9))
    law = PACK.law(TERM.start)
    PACK.windows["plan_declaration"](moment, law)
    assert "plan_deadline_days" in {one.parameter for one in law.take_readings()}
    declare = PACK.workflow("school_plan").step("declare")
    assert declare is not None
    assert declare.late == "mark"


def test_a_last_day_of_rest_rolls_on_past_the_holiday() -> None:
    term = Period(kind="term", label="made", start=date(2024, 9, 24), end=date(2025, 1, 17))
    holidays = tuple(date(2024, 10, day) for day in range(1, 8) if date(2024, 10, day).isoweekday() < 6)
    moment = Moment(period=term, entered=term.start, holidays=holidays, workdays=())
    assert span("plan_declaration", moment, term.start).closes == date(2024, 10, 8)


@pytest.mark.parametrize(
    ("entered", "opens", "closes"),
    [
        (date(2024, 1, 10), date(2024, 3, 1), date(2024, 3, 31)),
        (date(2024, 3, 31), date(2024, 3, 1), date(2024, 3, 31)),
        (date(2024, 4, 1), date(2024, 9, 1), date(2024, 9, 30)),
        (date(2024, 10, 1), date(2025, 3, 1), date(2025, 3, 31)),
    ],
)
def test_projects_are_published_in_the_next_month_of_publication(entered: date, opens: date, closes: date) -> None:
    moment = Moment(period=None, entered=entered)
    for window in ("municipal_publication", "county_publication"):
        assert span(window, moment, entered) == Span(opens=opens, closes=closes)


def test_a_district_may_give_each_level_its_own_month() -> None:
    moment = Moment(period=None, entered=date(2024, 1, 10))
    apart = {"publication_mode": "municipal_march_county_september"}
    assert span("municipal_publication", moment, moment.entered, apart).opens == date(2024, 3, 1)
    assert span("county_publication", moment, moment.entered, apart).opens == date(2024, 9, 1)


def test_a_year_is_reviewed_after_it_has_ended_and_recognised_in_march_and_april() -> None:
    moment = Moment(period=YEAR, entered=date(2025, 1, 6))
    assert span("after_the_year", moment, moment.entered) == Span(opens=date(2025, 1, 1))
    season = span("recognition_season", moment, moment.entered)
    assert season == Span(opens=date(2025, 3, 1), closes=date(2025, 4, 30))
    recognise = PACK.workflow("year_recognition").step("recognise")
    assert recognise is not None
    assert (recognise.early, recognise.late, recognise.effect) == ("refuse", "mark", "recognise")


@pytest.mark.parametrize(("settings", "opens"), [({}, date(2025, 1, 18)), ({"publicity_days": 3}, date(2025, 1, 16))])
def test_submission_waits_for_the_working_days_of_publicity(settings: dict[str, Any], opens: date) -> None:
    moment = Moment(period=YEAR, entered=date(2025, 1, 13))
    assert span("publicity_over", moment, moment.entered, settings) == Span(opens=opens)


def test_publicity_passes_over_days_of_rest_and_holidays() -> None:
    moment = Moment(period=YEAR, entered=date(2025, 1, 24), holidays=(date(2025, 1, 28), date(2025, 1, 29)))
    # Friday 24, Monday 27, Thursday 30, Friday 31, Monday 3 February
    assert span("publicity_over", moment, moment.entered) == Span(opens=date(2025, 2, 4))
    submit = PACK.workflow("year_recognition").step("submit")
    assert submit is not None
    assert (submit.early, submit.needs) == ("refuse", ("objections_settled",))
