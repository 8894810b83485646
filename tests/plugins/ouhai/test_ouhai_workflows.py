"""Ouhai's workflows: a filed plan 1+x, and a year's credits entered by the bureau."""

from __future__ import annotations

from datetime import date

from yanxiu_rulekit import Moment, Period, Span, load_packs
from yanxiu_rulekit.check import check

from tests.architecture.tree import ROOT

PACK = load_packs().pack("ouhai")


def test_the_pack_conforms_and_each_clause_left_out_says_why() -> None:
    assert check(ROOT / "plugins" / "ouhai") == []
    assert len(PACK.source.clauses) == 65
    assert all(reason.endswith("。") for reason in PACK.source.not_modelled.values())


def test_each_step_belongs_to_the_one_whom_the_plan_names() -> None:
    school = ("school-training-officer", "school-leader")
    assert {step.name: step.by for step in PACK.workflow("plan").steps} == {
        "set_themes": school,
        "report_groups": school,
        "file": ("institute-officer", "district-officer"),
        "show_results": school,
    }
    assert {step.name: (step.by, step.effect) for step in PACK.workflow("year_recognition").steps} == {
        "check": (school, None),
        "enter": (("district-officer",), "recognise"),
        "feed_back": (school, "feedback"),
    }


def test_groups_are_filed_within_thirty_days_of_term_or_as_the_district_sets() -> None:
    year = PACK.period("school_year", date(2024, 10, 1))
    term = Period(kind="term", label="2024-2025-1", start=date(2024, 9, 2), end=date(2025, 1, 17))
    window = PACK.windows["group_filing"]
    with_term = Moment(period=year, entered=date(2024, 9, 3), terms=(term,))
    assert window(with_term, PACK.law(year.start)) == Span(closes=date(2024, 10, 2))
    without = Moment(period=year, entered=date(2024, 9, 3))
    assert window(without, PACK.law(year.start, {"filing_days": 10})) == Span(closes=date(2024, 9, 11))


def test_a_year_is_checked_after_it_has_ended() -> None:
    moment = Moment(period=PACK.period("year", date(2024, 3, 1)), entered=date(2024, 12, 1))
    assert PACK.windows["after_the_year"](moment, PACK.law(moment.entered)) == Span(opens=date(2025, 1, 1))
