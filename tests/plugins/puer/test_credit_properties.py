"""What must hold for every record of Pu'er: exact sums, closed ranges, no credit for a failed or unfinished course."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import RulePack, load_packs

PACK: RulePack = load_packs().pack("puer")
MOST = {"county": "1.5", "municipal": "2", "provincial": "2.5", "national": "3"}

marks = st.decimals(min_value=0, max_value=100, places=2)
hours = st.decimals(min_value="0.5", max_value=200, places=1)
off_scale = st.one_of(st.decimals(min_value="100.01", max_value=1000, places=2), st.decimals("-100", "-0.01", places=2))
levels = st.sampled_from(sorted(MOST))


def worth(**record: Any) -> Mapping[str, Any]:
    """Return what the record decision says of a network course unless told otherwise."""
    facts = {"kind": "training", "mode": "network", "level": "provincial", "hours_planned": "10", "score": "65"}
    return PACK.decide("record", {"record": {**facts, **record}}).result


def central(level: str, coefficient: Decimal | None, days: Decimal, score: Decimal) -> Mapping[str, Any]:
    return worth(
        mode="central", level=level, project_credit=coefficient, hours_planned=None, days_planned=days, score=score
    )


def numbers_in(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [number for inner in value.values() for number in numbers_in(inner)]
    if isinstance(value, list | tuple):
        return [number for inner in value for number in numbers_in(inner)]
    return [value] if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else []


@pytest.mark.parametrize(
    ("score", "grade", "total"),
    [
        ("59.5", "不合格", "0"),
        ("60", "合格", "10"),
        ("69.9", "合格", "10"),
        ("70", "中", "11"),
        ("79.5", "中", "11"),
        ("80", "良", "11.5"),
        ("89.5", "良", "11.5"),
        ("90", "优", "12"),
        ("100", "优", "12"),
        ("101", None, None),
    ],
)
def test_each_band_begins_at_its_floor(score: str, grade: str | None, total: str | None) -> None:
    result = worth(score=score)
    assert result["grade"] == grade
    assert result["total"] == (None if total is None else Decimal(total))


@given(score=marks, amount=hours)
def test_total_is_basic_plus_merit_exactly(score: Decimal, amount: Decimal) -> None:
    result = worth(score=score, hours_planned=amount)
    assert result["total"] == result["basic"] + result["merit"]
    if result["status"] == "COUNTED":
        assert result["basic"] == amount
        assert result["merit"] == amount * result["merit_coefficient"]


@given(
    coefficient=st.decimals(min_value="0.5", max_value=1, places=6),
    amount=st.decimals(min_value="0.0001", max_value=200, places=4),
    score=st.sampled_from(["60", "75", "85", "95"]),
)
def test_no_place_of_a_product_is_lost_or_refused(coefficient: Decimal, amount: Decimal, score: str) -> None:
    result = worth(mode="school", level="school", project_credit=coefficient, hours_planned=amount, score=score)
    merit = {"60": "1", "75": "1.1", "85": "1.15", "95": "1.2"}[score]
    assert result["status"] == "COUNTED"
    assert result["total"] == coefficient * amount * Decimal(merit)


AMOUNT_FIELDS = ("hours_planned", "hours_completed", "days_planned", "days_attended", "class_hours", "practical_hours")


@given(
    field=st.sampled_from(AMOUNT_FIELDS),
    value=st.decimals(min_value=-100, max_value="-0.01", places=2),
    kind=st.sampled_from(["training", "special", "lecture", "induction"]),
)
def test_the_negative_amount_is_the_one_named(field: str, value: Decimal, kind: str) -> None:
    facts = {"kind": kind, "mode": "network", "level": "county", "hours": "10", "score": "65", field: value}
    decided = PACK.decide("record", {"record": facts})
    assert decided.result["status"] == "REJECTED"
    assert (f"record.{field}", value) in [(one.field, one.value) for one in decided.refusals]


@given(
    field=st.sampled_from(AMOUNT_FIELDS),
    value=st.one_of(st.integers(10951, 10**9).map(Decimal), st.decimals("0.0000001", "0.0000009", places=7)),
    kind=st.sampled_from(["training", "special", "lecture", "studio", "induction"]),
)
def test_no_amount_that_cannot_be_is_kept_whether_it_counts_or_not(field: str, value: Decimal, kind: str) -> None:
    facts = {"kind": kind, "mode": "network", "level": "county", "hours": "10", "score": "65", field: value}
    decided = PACK.decide("record", {"record": facts})
    assert decided.result["status"] == "REJECTED"
    assert (f"record.{field}", value) in [(one.field, one.value) for one in decided.refusals]


@given(score=marks, amount=hours)
def test_nothing_is_ever_a_float(score: Decimal, amount: Decimal) -> None:
    decided = PACK.decide(
        "record",
        {"record": {"kind": "training", "mode": "network", "hours_planned": str(amount), "score": str(score)}},
    )
    found = [*numbers_in(decided.result), *(number for step in decided.steps for number in numbers_in(step.value))]
    assert not [number for number in found if isinstance(number, float)]


@given(score=marks.filter(lambda mark: mark < 60), days=st.integers(1, 30), level=levels)
def test_a_failed_course_adds_nothing_whatever_else_holds(score: Decimal, days: int, level: str) -> None:
    result = central(level, Decimal(MOST[level]), Decimal(days), score)
    assert (result["status"], result["hours"], result["total"]) == ("ZERO", 0, 0)
    assert {"PUER-11-5", "PUER-F2-4-3e"} <= set(result["reasons"])


def test_a_mark_a_hair_below_the_pass_never_passes() -> None:
    assert worth(score="59.999999999")["status"] == "ZERO"


@given(score=marks, fewer=hours, more=hours)
def test_more_hours_never_give_fewer_credits(score: Decimal, fewer: Decimal, more: Decimal) -> None:
    low, high = sorted((fewer, more))
    assert worth(score=score, hours_planned=low)["total"] <= worth(score=score, hours_planned=high)["total"]


@given(lower=marks, higher=marks)
def test_a_better_mark_never_gives_fewer_credits(lower: Decimal, higher: Decimal) -> None:
    low, high = sorted((lower, higher))
    assert worth(score=low)["total"] <= worth(score=high)["total"]


@given(level=levels, coefficient=st.decimals(min_value=0, max_value=4, places=2))
def test_a_coefficient_counts_inside_its_closed_range_and_is_returned_outside(level: str, coefficient: Decimal) -> None:
    result = central(level, coefficient, Decimal(2), Decimal(60))
    inside = 1 <= coefficient <= Decimal(MOST[level])
    assert result["status"] == ("COUNTED" if inside else "REJECTED")
    if inside:
        assert result["total"] == 12 * coefficient


@given(planned=hours, share=st.decimals(min_value=0, max_value="0.99", places=2))
def test_an_unfinished_course_earns_nothing_and_no_proportion(planned: Decimal, share: Decimal) -> None:
    result = worth(hours_planned=planned, hours_completed=planned * share)
    assert (result["status"], result["total"], result["reasons"]) == ("ZERO", 0, ["PUER-F2-3-3"])


@given(planned=hours, extra=hours)
def test_hours_beyond_the_plan_do_not_count(planned: Decimal, extra: Decimal) -> None:
    assert worth(hours_planned=planned, hours_completed=planned + extra)["hours"] == planned


@given(score=off_scale)
def test_a_mark_outside_the_scale_is_refused_by_name(score: Decimal) -> None:
    record = {"kind": "training", "mode": "network", "hours_planned": "10", "score": str(score)}
    decided = PACK.decide("record", {"record": record})
    assert decided.result["status"] == "REJECTED"
    assert [(one.field, one.clauses) for one in decided.refusals] == [("record.score", ("PUER-11-3",))]
    assert decided.refusals[0].remedy_zh
    assert decided.refusals[0].remedy_en


FLAGS = {
    "project_approved": {"PUER-F2-3-4", "PUER-21-1"},
    "organiser_recognised": {"PUER-F2-4-3c"},
    "hosted_or_approved": {"PUER-F2-4-3c"},
    "registrar_signed": {"PUER-F2-4-3f"},
    "consent": {"PUER-8-2", "PUER-21-1"},
}


@given(broken=st.sets(st.sampled_from(sorted(FLAGS)), min_size=1))
def test_every_breached_clause_is_listed_once(broken: set[str]) -> None:
    reasons = worth(**dict.fromkeys(broken, False))["reasons"]
    assert set(reasons) == set().union(*(FLAGS[flag] for flag in broken))
    assert len(reasons) == len(set(reasons))
