"""One session under Putuo's law: credit, explanation, refusal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import Assessment, FactsRefused, RuleNotInForce, SettingRefused, load_packs

PACK = load_packs().pack("putuo")
ON = date(2025, 3, 14)


def assess(**facts: Any) -> Assessment:
    return PACK.assess(facts, on=ON)


@given(st.sampled_from(["专题讲座", "案例分析", "学习观摩"]), st.decimals(min_value="0.01", max_value=100, places=2))
def test_a_lecture_is_worth_twice_the_practice_of_the_same_hours(form: str, hours: Decimal) -> None:
    found = assess(form=form, class_hours=hours)
    assert found.status == "COUNTED"
    assert found.hours == hours
    assert found.credits == hours / (10 if form == "专题讲座" else 20)


def test_the_explanation_names_only_the_rate_that_applied_in_both_languages() -> None:
    steps = assess(form="案例分析", class_hours="3", slot="flexible").decided.steps
    assert [step.zh for step in steps] == [
        "研修形式“案例分析”归实践类。",
        "实践类3课时，每20课时1学分，计0.15学分。",
    ]
    assert "3 class hours of practice at 20 for a credit; credit: 0.15." in steps[1].en
    assert [(one.parameter, one.value, one.unit, one.cite) for one in steps[1].readings] == [
        ("practice_hours_per_credit", 20, "课时/学分", "PUTUO-5-3b")
    ]


@pytest.mark.parametrize("form", ["教学实践", "观摩体验", "互动研讨"])
def test_what_the_clause_itself_names_as_practice_is_cited_and_left_to_no_district(form: str) -> None:
    found = assess(form=form, class_hours="20")
    assert (found.status, found.credits, found.decided.result["class"]) == ("COUNTED", 1, "practice")
    assert found.decided.steps[0].clauses == ("PUTUO-5-3b",)
    assert [(one.parameter, one.key) for one in found.decided.steps[0].readings] == [("practice_activities", form)]
    with pytest.raises(SettingRefused, match="leaves nothing to the district"):
        PACK.decide("form_class", {"forms": [form]}, settings={"practice_activities": {form: "lecture"}})


def test_a_line_keeps_class_slot_and_form_for_the_school_year() -> None:
    found = assess(form="专题讲座", class_hours="2", slot="flexible")
    assert found.attributes == {"class": "lecture", "slot": "flexible", "form": "专题讲座"}


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"form": "网络研修", "class_hours": "3"}, "class", "CLASS_MISSING"),
        ({"form": "专家指导", "class_hours": "3"}, "class", "CLASS_MISSING"),
        ({"form": "读书沙龙", "class_hours": "3"}, "class", "CLASS_MISSING"),
        ({"class_hours": "3"}, "class", "CLASS_MISSING"),
        ({"form": "专题讲座", "class": "practice", "class_hours": "3"}, "class", "CLASS_CONTRADICTS_FORM"),
        ({"form": "互动研讨", "class": "lecture", "class_hours": "3"}, "class", "CLASS_CONTRADICTS_FORM"),
        ({"form": "专题讲座", "class_hours": "-1"}, "class_hours", "HOURS_OUT_OF_RANGE"),
        ({"form": "专题讲座", "class_hours": "1", "attended_hours": "2"}, "attended_hours", "HOURS_OUT_OF_RANGE"),
    ],
)
def test_what_cannot_be_entered_is_refused_with_field_clause_and_remedy(
    facts: dict[str, Any], field: str, code: str
) -> None:
    found = assess(**facts)
    assert (found.status, found.hours, found.credits) == ("REJECTED", 0, 0)
    (refusal,) = found.decided.refusals
    assert (refusal.field, refusal.code) == (field, code)
    assert all(PACK.source.clause(clause) for clause in refusal.clauses)
    assert refusal.zh
    assert refusal.en
    assert refusal.remedy_zh
    assert refusal.remedy_en


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"form": "专题讲座", "class_hours": 1.5}, "class_hours"),
        ({"form": "专题讲座", "class_hours": "Infinity"}, "class_hours"),
        ({"form": "专题讲座", "class_hours": "1", "class": "seminar"}, "class"),
        ({"form": "专题讲座", "class_hours": "1", "学时": "1"}, "学时"),
    ],
)
def test_a_malformed_fact_is_refused_by_its_name_in_the_record(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(FactsRefused) as refused:
        assess(**facts)
    assert refused.value.field == field


def test_before_the_first_school_year_there_is_no_law() -> None:
    with pytest.raises(RuleNotInForce, match="the first one starts 2024-09-01"):
        PACK.assess({"form": "专题讲座", "class_hours": "1"}, on=date(2024, 8, 31))
