"""Ouhai's researchers at their schools: two years from the first term, terms by name, and the years of the plan."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import FactsRefused, SettingRefused, load_packs

PACK = load_packs().pack("ouhai")
TERMS = [f"{year}-{year + 1}-{number}" for year in range(2024, 2029) for number in (1, 2)]
PLACES = st.lists(st.tuples(st.integers(0, 9), st.sampled_from("ABCD")), max_size=8)


def assigned(*places: tuple[int, str]) -> list[dict[str, str]]:
    return [{"researcher": "r1", "term": TERMS[place], "school": school} for place, school in places]


def covered(roster: str, places: list[tuple[int, str]], **settings: Any) -> Any:
    asked = {"roster": list(roster), "assignments": assigned(*places)}
    return PACK.decide("coverage", asked, settings=settings).result


@given(PLACES, st.integers(1, 10))
def test_only_assignments_within_the_terms_set_from_the_first_count(places: list[tuple[int, str]], terms: int) -> None:
    first = min((place for place, _school in places), default=0)
    reached = {school for place, school in places if place < first + terms}
    found = covered("ABCD", places, coverage_terms=terms)
    assert found["missing"] == [school for school in "ABCD" if school not in reached]
    assert found["covered"] == len(reached)
    assert found["failed"] == (["OUHAI-6-6d"] if found["missing"] else [])


def test_the_explanation_names_the_first_and_the_last_term_and_what_lies_outside() -> None:
    asked = {"roster": ["A"], "assignments": assigned((0, "A"), (4, "A"))}
    window = PACK.decide("coverage", asked).steps[0]
    assert window.value == 1
    assert "2024-2025-1至2025-2026-2共4学期" in window.zh
    assert "1 outside" in window.en
    assert [(one.parameter, one.cite) for one in window.readings if one.parameter == "coverage_terms"] == [
        ("coverage_terms", "OUHAI-6-6d")
    ]


@pytest.mark.parametrize("name", ["2024-2025", "2024-2025-3", "2024-2025-0", "2024-2026-1", "２０２４-2025-1", ""])
def test_a_term_that_is_none_is_refused_by_its_field(name: str) -> None:
    with pytest.raises(FactsRefused, match="2024-2025-1") as refused:
        PACK.decide("rotation", {"terms": [TERMS[0], name], "assignments": []})
    assert (refused.value.field, refused.value.value) == ("terms[1]", name)


@pytest.mark.parametrize(
    ("term", "warned"),
    [("2023-2024-1", True), ("2023-2024-2", False), ("2028-2029-1", False), ("2028-2029-2", True)],
)
def test_a_term_that_begins_outside_the_years_of_the_plan_is_warned_of_and_fails_nothing(
    term: str, warned: bool
) -> None:
    places = [{"researcher": "r1", "term": term, "school": "A"}]
    found = PACK.decide("rotation", {"terms": [term], "assignments": places})
    assert (found.result["warnings"], found.result["failed"]) == (["OUHAI-0-1"] if warned else [], [])
    assert any(step.clauses == ("OUHAI-0-1",) for step in found.steps) is warned


def test_a_number_of_terms_that_is_no_whole_number_of_the_plan_cannot_be_set() -> None:
    for number in ("0", "2.5", "11"):
        with pytest.raises(SettingRefused, match="coverage_terms"):
            covered("A", [(0, "A")], coverage_terms=number)


def test_a_refused_spelling_names_those_that_the_text_has() -> None:
    visits = {"assigned_school": "A", "visits": [{"school": "B", "phase": "中期"}]}
    with pytest.raises(FactsRefused, match=r"visits\[0\].phase.*期初, 期中, 期末"):
        PACK.decide("resident_visits", visits)
