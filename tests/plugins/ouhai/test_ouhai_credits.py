"""Ouhai's credits: entered as stated, by source; 360 in five years with the share that the district announced."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import CreditLine, Moved, SettingRefused, Standing, Teacher, load_packs

PACK = load_packs().pack("ouhai")
CYCLE = PACK.period("cycle", date(2026, 5, 1))
AMOUNTS = st.integers(0, 4000).map(lambda tenths: Decimal(tenths) / 10)


def line(number: int, on: date, source: str, amount: Decimal) -> CreditLine:
    return CreditLine(id=str(number), on=on, hours=amount, credits=amount, attributes={"source": source})


def judged(school: Decimal, other: Decimal, **settings: Any) -> Standing:
    lines = [line(1, date(2024, 3, 1), "school", school), line(2, date(2028, 12, 31), "other", other)]
    return PACK.standing(CYCLE, lines, Teacher(), settings)


def test_the_cycle_is_the_five_years_of_the_plan_and_then_the_next_five() -> None:
    assert (CYCLE.start, CYCLE.end) == (date(2024, 1, 1), date(2028, 12, 31))
    assert PACK.period("cycle", date(2029, 1, 1)).label == "2029—2033年周期"
    assert PACK.period("school_year", date(2025, 8, 31)).label == "2024-2025学年"


@given(AMOUNTS, AMOUNTS)
def test_without_an_announced_share_everything_counts(school: Decimal, other: Decimal) -> None:
    found = judged(school, other)
    assert found.recognised_credits == found.credits == school + other
    assert found.verdict == ("PASS" if school + other >= 360 else "FAIL")
    assert [one.shortfall for one in found.findings] == [max(Decimal(0), 360 - school - other)]


@given(AMOUNTS, AMOUNTS, st.integers(0, 100).map(lambda percent: Decimal(percent) / 100))
def test_the_greatest_share_cuts_and_the_least_binds(school: Decimal, other: Decimal, part: Decimal) -> None:
    cut = judged(school, other, max_share=str(part))
    assert cut.measures["school_counted"] == min(school, part * 360)
    assert cut.recognised_credits == cut.measures["school_counted"] + other
    bound = judged(school, other, min_share=str(part))
    assert [one.met for one in bound.findings] == [school + other >= 360, school >= part * 360]
    assert bound.verdict == ("PASS" if all(one.met for one in bound.findings) else "FAIL")
    asked = PACK.decide("credits_360", {"school_based": school, "other": other}, settings={"min_share": str(part)})
    assert (asked.result["failed"] == []) is (bound.verdict == "PASS")


def test_the_explanation_names_the_decision_that_announced_the_share() -> None:
    announced = {"value": "0.4", "decided_by": "瓯教〔2024〕示例"}
    finding = judged(Decimal(100), Decimal(300), min_share=announced).findings[1]
    assert finding.shortfall == 44
    assert {one.decided_by for one in finding.readings if one.parameter == "min_share"} == {"瓯教〔2024〕示例"}
    with pytest.raises(SettingRefused, match="from 0 up to 1 or one of none"):
        judged(Decimal(1), Decimal(1), min_share="1.1")


def test_shares_that_contradict_each_other_are_refused_with_value_clause_and_remedy() -> None:
    asked = {"school_based": "144", "other": "216", "min_share": "0.5", "max_share": "0.4"}
    found = PACK.decide("credits_360", asked)
    (refused,) = found.refusals
    assert (refused.code, refused.field, refused.value) == ("SHARES_CROSSED", "min_share", Decimal("0.5"))
    assert refused.clauses == ("OUHAI-2-2", "OUHAI-7-2a")
    assert "下限0.5高于上限0.4" in refused.zh
    assert refused.remedy_zh
    assert refused.remedy_en
    assert found.result["total_counted"] is None


@pytest.mark.parametrize("share", ["-0.1", "1.01"])
@pytest.mark.parametrize("field", ["min_share", "max_share"])
def test_a_share_outside_nought_to_one_is_refused_as_fact_and_as_setting(field: str, share: str) -> None:
    asked = {"school_based": "144", "other": "216"}
    (refused,) = PACK.decide("credits_360", {**asked, field: share}).refusals
    assert (refused.code, refused.field, refused.value) == ("SHARE_OUT_OF_RANGE", field, Decimal(share))
    with pytest.raises(SettingRefused, match=field):
        PACK.decide("credits_360", asked, settings={field: share})


def test_a_standing_under_contradicting_shares_says_so_and_is_silent_under_others() -> None:
    crossed = judged(Decimal(150), Decimal(210), min_share="0.5", max_share="0.4")
    assert [step.name for step in crossed.steps].count("shares_crossed") == 1
    assert (crossed.measures["total_counted"], crossed.verdict) == (Decimal(354), "FAIL")
    agreed = judged(Decimal(150), Decimal(210), min_share="0.4", max_share="0.5")
    assert "shares_crossed" not in [step.name for step in agreed.steps]


def test_a_year_has_no_minimum_and_recognises_what_was_entered() -> None:
    year = PACK.period("year", date(2024, 5, 1))
    found = PACK.standing(year, [line(1, date(2024, 5, 1), "school", Decimal("3.5"))], Teacher())
    assert (found.verdict, found.findings, found.recognised_credits) == ("PASS", (), Decimal("3.5"))
    assert "没有规定年度下限" in found.steps[0].zh


def test_attendance_gives_hours_and_the_credits_stay_those_stated() -> None:
    on = date(2024, 11, 8)
    stated = {"source": "school", "credits": "2"}
    facts = PACK.attended(stated, Decimal(4), Decimal(3), on=on)
    assessed = PACK.assess({**stated, **facts}, on=on)
    assert (assessed.hours, assessed.credits, assessed.attributes) == (3, 2, {"source": "school"})
    absent = PACK.attended(stated, Decimal(4), Decimal(0), on=on)
    assert PACK.assess({**stated, **absent}, on=on).status == "ZERO"


def test_a_record_from_elsewhere_waits_for_the_bureau() -> None:
    moved = Moved(
        jurisdiction="putuo",
        on=date(2024, 11, 8),
        record={},
        hours=Decimal(10),
        credits=Decimal(1),
        hours_unit="课时",
        credits_unit="学分",
        within_city=False,
        same_stage=True,
    )
    found = PACK.transferred(moved, on=date(2024, 11, 8))
    assert found.result["recognised"] is None
    assert "10课时、1学分" in found.steps[0].zh


def test_a_least_share_that_the_question_states_tells_how_much_is_missing() -> None:
    given = {"school_based": "120", "other": "240", "min_share": "0.4"}
    said = [step.zh for step in PACK.decide("credits_360", given).steps]
    assert any(sentence.endswith("应不少于144，尚缺24。") for sentence in said), said
