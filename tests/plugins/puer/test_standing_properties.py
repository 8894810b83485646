"""What must hold for a year and a cycle: the cap, the gate, the order of records, and one judge for both ways in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_rulekit import CreditLine, RulePack, Teacher, load_packs

PACK: RulePack = load_packs().pack("puer")
YEAR = 2024

orders = st.sampled_from(["chronological", "best_credits_first", "proportional"])
failed_years = st.sampled_from(["withhold_all", "count_registered", "withhold_failed_mode"])


@st.composite
def records(draw: st.DrawFn, years: Sequence[int] = (YEAR,)) -> dict[str, Any]:
    """Draw a record of any mode that may count, fail, or be returned."""
    on = date(draw(st.sampled_from(years)), 1, 1) + timedelta(days=draw(st.integers(0, 364)))
    mode = draw(st.sampled_from(["network", "central", "school"]))
    record: dict[str, Any] = {
        "kind": "training",
        "mode": mode,
        "level": "school" if mode == "school" else draw(st.sampled_from(["county", "national"])),
        "hours_planned": str(draw(st.integers(1, 40))),
        "score": str(draw(st.sampled_from([50, 60, 75, 85, 95]))),
        "date": on.isoformat(),
        "self_chosen": draw(st.sampled_from([True, False, None])),
        "head_teacher_topic": draw(st.booleans()),
        "module": draw(st.sampled_from(["专业知识", "专业能力", "班级管理", None])),
    }
    if mode == "school":
        record["project_credit"] = draw(st.sampled_from(["0.5", "0.7", "1", "1.1"]))
    return record


def annual(given_records: Sequence[Mapping[str, Any]], **policy: Any) -> Mapping[str, Any]:
    return PACK.decide("annual", {"year": YEAR, "records": list(given_records)}, settings=policy).result


def lines_of(given_records: Sequence[Mapping[str, Any]]) -> list[CreditLine]:
    """Assess each record as the credits service does, and keep what counts as it keeps it."""
    lines = []
    for index, record in enumerate(given_records):
        on = date.fromisoformat(record["date"])
        assessed = PACK.assess(record, on=on)
        if assessed.status == "COUNTED":
            stored = {
                name: str(said) if isinstance(said, Decimal) else said for name, said in assessed.attributes.items()
            }
            lines.append(
                CreditLine(id=str(index), on=on, hours=assessed.hours, credits=assessed.credits, attributes=stored)
            )
    return lines


def same(left: Any, right: Any) -> bool:
    """Compare results whatever their numbers are dressed as."""
    if isinstance(left, Mapping):
        return set(left) == set(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


@given(
    given_records=st.lists(records(), max_size=8),
    order=orders,
)
def test_never_more_than_the_cap_is_counted_of_school_based_hours(
    given_records: list[dict[str, Any]], order: str
) -> None:
    result = annual(given_records, cap_order=order)
    counted, registered = result["modes"]["school"]["hours"], result["school_hours_registered"]
    assert counted == min(registered, Decimal(48))


@given(given_records=st.lists(records(), max_size=8))
def test_best_credits_first_never_gives_less_than_the_other_orders(given_records: list[dict[str, Any]]) -> None:
    best = annual(given_records, cap_order="best_credits_first")["total_credits"]
    for order in ("chronological", "proportional"):
        assert annual(given_records, cap_order=order)["total_credits"] <= best


@given(data=st.data(), given_records=st.lists(records(), max_size=7))
def test_the_order_in_which_records_are_given_does_not_matter(
    data: st.DataObject, given_records: list[dict[str, Any]]
) -> None:
    shuffled = data.draw(st.permutations(given_records))
    for order in ("best_credits_first", "proportional"):
        one, other = annual(given_records, cap_order=order), annual(shuffled, cap_order=order)
        assert one["failed"] == other["failed"]
        assert one["total_credits"] == other["total_credits"]


@given(
    given_records=st.lists(records(), max_size=8),
    failed_year=failed_years,
)
def test_what_is_recognised_never_exceeds_what_is_registered(
    given_records: list[dict[str, Any]], failed_year: str
) -> None:
    result = annual(given_records, failed_year=failed_year)
    assert 0 <= result["recognised_hours"] <= result["total_hours"]
    assert 0 <= result["recognised_credits"] <= result["total_credits"]
    if result["verdict"] == "PASS":
        assert result["recognised_credits"] == result["total_credits"]


@given(given_records=st.lists(records(), max_size=6), score=st.integers(0, 59))
def test_a_failing_record_changes_nothing(given_records: list[dict[str, Any]], score: int) -> None:
    failing = {"mode": "network", "hours_planned": "24", "score": str(score), "date": "2024-05-05"}
    assert same(annual([*given_records, failing]), annual(given_records))


@given(given_records=st.lists(records(), max_size=6))
def test_records_of_other_years_change_nothing(given_records: list[dict[str, Any]]) -> None:
    others = [{**record, "date": day} for record in given_records for day in ("2023-12-31", "2025-01-01")]
    assert same(annual([*others, *given_records]), annual(given_records))


@given(given_records=st.lists(records(), max_size=8))
def test_totals_are_the_sums_of_the_modes(given_records: list[dict[str, Any]]) -> None:
    result = annual(given_records)
    for total, amount in (("total_hours", "hours"), ("total_credits", "credits")):
        assert result[total] == sum(mode[amount] for mode in result["modes"].values())


@given(given_records=st.lists(records(), max_size=8), first_year=st.booleans())
def test_the_standing_of_a_year_is_the_annual_decision(
    given_records: list[dict[str, Any]], *, first_year: bool
) -> None:
    asked = {"year": YEAR, "records": given_records, "teacher": {"first_year": first_year}}
    decided = PACK.decide("annual", asked)
    period = PACK.period("year", date(YEAR, 6, 1))
    standing = PACK.standing(period, lines_of(given_records), Teacher(first_year=first_year))
    assert same(dict(standing.result), dict(decided.result))
    assert standing.verdict == decided.result["verdict"]
    assert [one.clause for one in standing.findings if not one.met] == decided.result["failed"]


@settings(max_examples=40)
@given(given_records=st.lists(records(years=(2024, 2025, 2028)), max_size=10), head_teacher=st.booleans())
def test_the_standing_of_a_cycle_is_the_cycle_decision(
    given_records: list[dict[str, Any]], *, head_teacher: bool
) -> None:
    years = [2024, 2025, 2026, 2027, 2028]
    asked = {"cycle": years, "records": given_records, "teacher": {"head_teacher": head_teacher}}
    decided = PACK.decide("cycle", asked)
    period = PACK.period("cycle", date(2026, 6, 1))
    standing = PACK.standing(period, lines_of(given_records), Teacher(head_teacher=head_teacher))
    assert (period.start, period.end) == (date(2024, 1, 1), date(2028, 12, 31))
    told, full = dict(standing.result), dict(decided.result)
    to_come = told.pop("years_to_come", [])
    full["annual"] = [year for year in full["annual"] if year["year"] not in to_come]
    full["annual_failed_years"] = [year for year in full["annual_failed_years"] if year not in to_come]
    assert same(told, full)
    assert standing.recognised_credits == decided.result["recognised"]["credits"]


@settings(max_examples=40)
@given(given_records=st.lists(records(years=(2024, 2026)), max_size=10))
def test_modules_add_up_to_the_recognised_credits(given_records: list[dict[str, Any]]) -> None:
    asked = {"cycle": [2024, 2025, 2026, 2027, 2028], "records": given_records}
    found = PACK.decide("cycle", asked, settings={"failed_year": "count_registered"}).result["recognised"]
    assert sum(found["modules"].values()) == found["credits"]
    assert sum(found["mode_credits"].values()) == found["credits"]
    assert found["self_chosen_credits"] <= found["credits"]


@given(hours=st.lists(st.integers(10, 40), min_size=2, max_size=5), credit=st.sampled_from(["0.5", "0.7", "1"]))
def test_cutting_alike_loses_nothing_to_division(hours: list[int], credit: str) -> None:
    given_records = [
        {
            "mode": "school",
            "level": "school",
            "project_credit": credit,
            "hours_planned": str(one),
            "score": "65",
            "date": f"2024-0{index + 1}-01",
        }
        for index, one in enumerate(hours)
    ]
    school = annual(given_records, cap_order="proportional")["modes"]["school"]
    assert school["hours"] == min(sum(hours), 48)
    assert school["credits"] == min(sum(hours), 48) * Decimal(credit)


@given(roster=st.integers(1, 3000), failing=st.integers(0, 3000))
def test_a_fifth_is_a_fifth_exactly(roster: int, failing: int) -> None:
    failing = min(failing, roster)
    result = PACK.decide("school_ratio", {"roster": roster, "not_completed": failing}).result
    assert result["disqualified"] == (failing * 5 >= roster)
