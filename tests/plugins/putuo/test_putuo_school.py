"""What Putuo asks of a school and its head teachers beside hours: tiers, mentors, evaluation, professional visits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import (
    DecisionUnknown,
    GroupFiled,
    Leadership,
    RulePack,
    SchoolGroups,
    Supervised,
    SupervisionYear,
    VisitedSchool,
    load_packs,
)
from yanxiu_rulekit.check import check

from tests.architecture.tree import ROOT

PACK: RulePack = load_packs().pack("putuo")
ON = date(2025, 3, 14)
TIERS = ("新入职", "职初", "成熟期")
YEARS = st.decimals(min_value=0, max_value=40, places=1)
UNIT = st.decimals(min_value=0, max_value=1, places=2)
# The years as head teacher at which a tier begins or ends, as the pack reads the text (G-T05).
FIRST, LAST = 1, 5


def decide(kind: str, given: Mapping[str, Any], **settings: Any) -> dict[str, Any]:
    return dict(PACK.decide(kind, given, settings=settings).result)


def test_the_pack_conforms_and_only_the_division_of_roles_is_left_out() -> None:
    assert check(ROOT / "plugins" / "putuo") == []
    assert list(PACK.source.not_modelled) == ["PUTUO-2-3"]


@given(st.dictionaries(st.text("甲乙丙丁戊", min_size=1, max_size=3), YEARS, max_size=6))
def test_each_head_teacher_is_of_one_tier_and_a_plan_for_those_present_lacks_nothing(years: dict[str, Decimal]) -> None:
    people = [{"id": name, "service_years": one} for name, one in years.items()]
    found = decide("tier_sessions", {"head_teachers": people})
    told = {name: TIERS[(one >= FIRST) + (one > LAST)] for name, one in years.items()}
    assert found["tiers"] == told
    assert found["missing"] == [tier for tier in TIERS if tier in told.values()]
    assert decide("tier_sessions", {"head_teachers": people, "sessions": found["missing"]})["warnings"] == []


@given(mentor=YEARS, mentee=YEARS)
def test_a_mentor_is_of_a_higher_tier_than_the_mentee(mentor: Decimal, mentee: Decimal) -> None:
    people = [{"id": "师", "service_years": mentor}, {"id": "徒", "service_years": mentee}]
    found = decide("mentoring", {"on": ON, "head_teachers": people, "pairs": [{"mentor": "师", "mentee": "徒"}]})
    higher = (mentor >= FIRST > mentee) or (mentor > LAST >= mentee)
    assert found["unfit"] == ([] if higher else ["师—徒"])
    assert found["without_mentor"] == (["师"] if mentor < FIRST else [])


@given(UNIT, UNIT, UNIT, st.lists(st.integers(0, 10), min_size=3, max_size=3).filter(any))
def test_the_process_counts_between_its_least_and_its_greatest_indicator(
    participation: Decimal, homework: Decimal, discussion: Decimal, weights: list[int]
) -> None:
    names = ("participation", "homework", "discussion")
    values = dict(zip(names, (participation, homework, discussion), strict=True))
    score = decide("process_evaluation", values, process_weights=dict(zip(names, weights, strict=True)))["score"]
    weighed = [value for value, weight in zip(values.values(), weights, strict=True) if weight]
    assert min(weighed) <= score <= max(weighed)
    exact = sum(value * weight for value, weight in zip(values.values(), weights, strict=True))
    assert abs(score * sum(weights) - exact) <= Decimal("0.00005") * sum(weights)


@given(adopted=st.dates(date(2024, 9, 1), date(2100, 1, 1)), before=st.integers(-10, 400))
def test_a_survey_stands_behind_a_plan_from_the_next_day_to_the_end_of_its_year(adopted: date, before: int) -> None:
    on = adopted - timedelta(days=before)
    surveys = [{"level": level, "on": on} for level in ("区级", "校级")]
    found = decide("needs_survey", {"plan_adopted_on": adopted, "surveys": surveys})
    try:
        year_later = on.replace(year=on.year + 1)
    except ValueError:
        year_later = date(on.year + 1, 3, 1)
    assert (found["failed"] == []) == (on < adopted < year_later)


@given(st.lists(st.dates(date(2024, 8, 25), date(2025, 9, 5)), max_size=5))
def test_a_school_is_visited_in_its_school_year_and_by_terms_in_both(days: list[date]) -> None:
    visits = [{"school": "s1", "on": day} for day in days]
    asked = {"school_year": "2024-2025", "schools": ["s1"], "visits": visits}
    inside = [day for day in days if date(2024, 9, 1) <= day <= date(2025, 8, 31)]
    assert decide("professional_visits", asked)["missing"] == ([] if inside else ["s1"])
    both = {day < date(2025, 2, 1) for day in inside} == {True, False}
    assert decide("professional_visits", asked, visit_period="term")["missing"] == ([] if both else ["s1"])


def school(id_: str = "s1", stage: str = "junior") -> VisitedSchool:
    return VisitedSchool(id=id_, stage=stage)


def answered(question: str, facts: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    found = PACK.visit_answers(question, facts, on=ON)
    return [(one.decided.kind, one.of, one.failed) for one in found]


def test_a_schools_leading_group_is_asked_with_those_in_charge_as_its_team() -> None:
    group = Leadership(school=school(), head="书记", deputies=("分管副校长",), in_charge=("德育主任",))
    assert answered("leading_group", group) == [("leading_group", "s1", ())]
    nobody = Leadership(school=school(), head="")
    assert answered("leading_group", nobody) == [("leading_group", "s1", ("PUTUO-6-1b",))]


def test_a_project_group_is_a_learning_community_and_a_subject_group_none() -> None:
    def asked(*kinds: Any) -> SchoolGroups:
        groups = tuple(GroupFiled(id=f"g{n}", kind=kind, changed_on=ON) for n, kind in enumerate(kinds))
        return SchoolGroups(school=school(), as_of=ON, term_start=ON, groups=groups)

    assert answered("groups", asked("project")) == [("communities", "s1", ())]
    assert answered("groups", asked("subject")) == [("communities", "s1", ("PUTUO-4-2a",))]


def test_schools_that_the_notice_was_not_sent_to_and_the_district_are_not_asked() -> None:
    assert answered("leading_group", Leadership(school=school(stage="kindergarten"), head="")) == []
    assert answered("leading_group", Leadership(head="局长")) == []
    groups = SchoolGroups(school=school(stage="kindergarten"), as_of=ON, term_start=ON, groups=())
    assert answered("groups", groups) == []


def test_an_inspection_is_a_visit_of_professionals() -> None:
    year = SupervisionYear(
        year=2024,
        schools=("s1", "s2", "s3"),
        events=(Supervised(school="s1", on=date(2024, 10, 8), kind="regular"),),
        stages={"s1": "primary", "s2": "vocational", "s3": "kindergarten"},
    )
    (found,) = PACK.visit_answers("supervision", year, on=ON)
    assert (found.decided.result["missing"], found.failed) == (["s2"], ("PUTUO-6-5b",))


def test_nobody_is_placed_at_a_school() -> None:
    assert PACK.visits is not None
    assert not PACK.visits.places_researchers
    for question in ("plan", "term"):
        with pytest.raises(DecisionUnknown):
            PACK.visits.question(question)
