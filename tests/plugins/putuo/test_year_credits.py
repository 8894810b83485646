"""Putuo's school year: whatever the treatment of fractions, no credit appears from nowhere."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import RulePack, load_packs, whole_below

PACK: RulePack = load_packs().pack("putuo")
HOURS = st.decimals(min_value=0, max_value=400, places=2)
TERMS = st.lists(st.tuples(HOURS, HOURS), min_size=1, max_size=4)


def year(terms: list[tuple[Decimal, Decimal]], **settings: Any) -> dict[str, Any]:
    given_terms = [
        {"term": number, "lecture": lecture, "practice": practice}
        for number, (lecture, practice) in enumerate(terms, start=1)
    ]
    return dict(PACK.decide("year_credits", {"terms": given_terms}, settings=settings).result)


def totals(terms: list[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    return sum((one for one, _ in terms), Decimal(0)), sum((one for _, one in terms), Decimal(0))


@given(TERMS)
def test_exact_credits_are_a_tenth_of_lectures_and_a_twentieth_of_practice(terms) -> None:
    lecture, practice = totals(terms)
    result = year(terms)
    assert result["year_credits"] == lecture / 10 + practice / 20
    assert result["year_hours"] == lecture + practice
    assert result["hours_ok"] == (lecture + practice >= 40)
    assert result["failed"] == ([] if result["hours_ok"] else ["PUTUO-5-1b"])


@given(TERMS)
def test_carrying_neither_makes_nor_loses_a_whole_credit_in_the_year(terms) -> None:
    lecture, practice = totals(terms)
    result = year(terms, rounding="whole_carry")
    assert result["year_credits"] == whole_below(lecture / 10) + whole_below(practice / 20)
    assert all(credit == whole_below(credit) and credit >= 0 for credit in result["term_credits"])
    unused = result["unused"]
    assert 0 <= unused["lecture"] < 10
    assert 0 <= unused["practice"] < 20
    assert result["year_credits"] + unused["lecture"] / 10 + unused["practice"] / 20 == lecture / 10 + practice / 20


@given(TERMS)
def test_not_carrying_gives_at_most_what_carrying_gives(terms) -> None:
    kept = year(terms, rounding="whole_carry")
    dropped = year(terms, rounding="whole_no_carry")
    assert dropped["year_credits"] <= kept["year_credits"]
    assert dropped["term_credits"] == [whole_below(one / 10) + whole_below(other / 20) for one, other in terms]
    unused = dropped["unused"]
    assert dropped["year_credits"] + unused["lecture"] / 10 + unused["practice"] / 20 == year(terms)["year_credits"]


@given(TERMS)
def test_rounding_each_term_strays_by_at_most_half_a_tenth_a_term(terms) -> None:
    exact, rounded = year(terms), year(terms, rounding="half_up_1")
    pairs = list(zip(exact["term_credits"], rounded["term_credits"], strict=True))
    assert all(abs(one - other) <= Decimal("0.05") for one, other in pairs)
    assert rounded["year_credits"] == sum(rounded["term_credits"])


@given(TERMS)
def test_treating_fractions_otherwise_never_changes_the_hours(terms) -> None:
    ways = ("exact", "half_up_1", "whole_carry", "whole_no_carry")
    assert len({year(terms, rounding=way)["year_hours"] for way in ways}) == 1


@given(HOURS, HOURS, st.booleans(), st.booleans())
def test_forty_hours_are_tested_for_school_and_person_by_the_two_flags(fixed, flexible, person, school) -> None:
    result = PACK.decide(
        "hours_40",
        {"fixed_hours": fixed, "flexible_hours": flexible},
        settings={"flexible_counts_for_person": person, "flexible_counts_for_school_fixed": school},
    ).result
    assert result["person_hours"] == (fixed + flexible if person else fixed)
    assert result["school_provision"] == (fixed + flexible if school else fixed)
    assert result["person_ok"] == (result["person_hours"] >= 40)
    assert result["school_ok"] == (result["school_provision"] >= 40)
    assert bool(result["failed"]) == (not (result["person_ok"] and result["school_ok"]))


@pytest.mark.parametrize(
    ("kind", "facts", "field"),
    [
        ("year_credits", {"terms": [{"term": 1, "lecture": "-1"}]}, "terms[0].lecture"),
        ("year_credits", {"terms": [{"term": 2}, {"term": 1}]}, "terms[1].term"),
        ("hours_40", {"fixed_hours": "40", "attended_flexible": "-2"}, "attended_flexible"),
    ],
)
def test_hours_below_zero_and_terms_out_of_order_are_refused_by_field(kind: str, facts: Any, field: str) -> None:
    (refusal,) = PACK.decide(kind, facts).refusals
    assert refusal.field == field
    assert refusal.clauses
    assert refusal.zh.endswith("。")
    assert refusal.remedy_zh
