"""Antu: a plan appraised before it runs, four stages in their order, an inspection in the last month of the year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import DecisionUnknown, Moment, Span, load_packs
from yanxiu_rulekit.check import check

from tests.architecture.tree import ROOT

PACK = load_packs().pack("antu")
PHASES = ["理论学习", "行动研究", "实践探索"]


def test_the_pack_conforms_and_each_clause_left_out_says_why() -> None:
    assert check(ROOT / "plugins" / "antu") == []
    assert len(PACK.source.clauses) == 32
    assert all(reason.endswith("。") for reason in PACK.source.not_modelled.values())


def test_the_law_gives_no_number_of_credits_so_that_no_record_is_judged() -> None:
    assert PACK.credit is None
    with pytest.raises(DecisionUnknown, match="has no credit rules"):
        PACK.assess({}, on=date(2024, 11, 8))
    with pytest.raises(DecisionUnknown, match="judges no period of kind 'cycle'"):
        PACK.period("cycle", date(2024, 11, 8))


def test_the_four_stages_follow_the_appraisal_and_lead_to_the_inspection() -> None:
    flow = PACK.workflow("year_end_inspection")
    assert [(step.name, step.by[0]) for step in flow.steps] == [
        ("design", "school-training-officer"),
        ("appraise", "institute-officer"),
        ("carry_out", "school-training-officer"),
        ("reflect", "school-training-officer"),
        ("sum_up", "school-leader"),
        ("inspect", "district-officer"),
        ("feed_back", "institute-officer"),
    ]
    assert all(len(flow.open_steps(name)) == 1 for name, _, _ in flow.states if name not in flow.final)
    handed_in = flow.step("sum_up")
    assert handed_in is not None
    assert [ask.form for ask in handed_in.asks if ask.required] == ["document"] * 3


def test_the_inspection_is_in_december_of_its_year() -> None:
    moment = Moment(period=PACK.period("year", date(2012, 5, 1)), entered=date(2012, 11, 20))
    window = PACK.windows["year_end"]
    assert window(moment, PACK.law(moment.entered)) == Span(opens=date(2012, 12, 1), closes=date(2012, 12, 31))
    earlier = PACK.law(moment.entered, {"inspection_month": 11})
    assert window(moment, earlier).opens == date(2012, 11, 1)


@given(st.dates(date(2009, 1, 1), date(2200, 1, 1)))
def test_two_years_to_the_day_suffice_and_a_day_less_does_not(start: date) -> None:
    try:
        anniversary = start.replace(year=start.year + 2)
    except ValueError:
        anniversary = date(start.year + 2, 3, 1)
    end = anniversary - timedelta(days=1)
    asked = {"start": start, "phases": PHASES}
    assert PACK.decide("programme_duration", {**asked, "end": end}).result["ok"] is True
    assert PACK.decide("programme_duration", {**asked, "end": end - timedelta(days=1)}).result["ok"] is False
