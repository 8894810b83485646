"""What can still be added before a year or a cycle ends: never less than what later records bring, however many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_rulekit import CreditLine, RulePack, Teacher, load_packs

PACK: RulePack = load_packs().pack("puer")
TODAY = date(2025, 7, 1)
SCHOOL = ("school_hours", "school_credits")


def line(number: int, on: date, hours: int, coefficient: str, score: int, mode: str = "school") -> CreditLine:
    """A record as the credits service keeps it."""
    record: dict[str, Any] = {
        "kind": "training",
        "mode": mode,
        "level": "school" if mode == "school" else "county",
        "hours_planned": str(hours),
        "score": str(score),
        "date": on.isoformat(),
    }
    if mode == "school":
        record["project_credit"] = coefficient
    found = PACK.assess(record, on=on)
    return CreditLine(id=str(number), on=on, hours=found.hours, credits=found.credits, attributes=found.attributes)


drawn = st.lists(
    st.tuples(
        st.integers(0, 180), st.integers(1, 30), st.sampled_from(["0.5", "0.8", "1"]), st.sampled_from([60, 75, 95])
    ),
    max_size=8,
)
orders = st.sampled_from(["chronological", "best_credits_first", "proportional"])


def lines(given_lines: Sequence[tuple[int, int, str, int]], since: date) -> list[CreditLine]:
    return [
        line(number, since + timedelta(days=day), hours, coefficient, score)
        for number, (day, hours, coefficient, score) in enumerate(given_lines)
    ]


@settings(max_examples=80, deadline=None)
@given(before=drawn, later=drawn, order=orders)
def test_no_later_records_bring_more_than_the_year_has_room_for(before: Any, later: Any, order: str) -> None:
    policy = {"cap_order": order}
    period = PACK.period("year", TODAY)
    had = lines(before, period.start)
    judged = PACK.standing(period, had, Teacher(), policy, today=TODAY)
    room = PACK.headroom(judged, had, Teacher(), policy, today=TODAY)
    added = [
        CreditLine(id=f"later-{one.id}", on=one.on, hours=one.hours, credits=one.credits, attributes=one.attributes)
        for one in lines(later, TODAY)
    ]
    then = PACK.standing(period, [*had, *added], Teacher(), policy, today=TODAY)
    for measure in SCHOOL:
        most = room[measure].most
        assert most is not None
        assert then.measures[measure] - judged.measures[measure] <= most, measure


def test_the_room_is_what_the_cap_leaves_and_its_best_credits() -> None:
    period = PACK.period("year", TODAY)
    had = [line(1, date(2025, 3, 1), 40, "0.5", 65)]
    judged = PACK.standing(period, had, Teacher(), today=TODAY)
    room = PACK.headroom(judged, had, Teacher(), today=TODAY)
    assert room["school_hours"].most == 8
    assert room["school_credits"].most == Decimal("9.6")
    assert room["school_credits"].clauses == ("PUER-F3-3-2", "PUER-11-1S", "PUER-11-3M")
    assert "network_hours" not in room


@settings(max_examples=40, deadline=None)
@given(before=drawn, later=drawn, years=st.integers(0, 2))
def test_no_later_records_bring_more_than_the_cycle_has_room_for(before: Any, later: Any, years: int) -> None:
    period = PACK.period("cycle", TODAY)
    had = lines(before, date(2025, 1, 1))
    judged = PACK.standing(period, had, Teacher(), {"failed_year": "count_registered"}, today=TODAY)
    room = PACK.headroom(judged, had, Teacher(), {"failed_year": "count_registered"}, today=TODAY)
    added = [
        CreditLine(id=f"later-{one.id}", on=one.on, hours=one.hours, credits=one.credits, attributes=one.attributes)
        for one in lines(later, date(2025 + years, 7, 1))
    ]
    end = date(2028, 12, 31)
    then = PACK.standing(period, [*had, *added], Teacher(), {"failed_year": "count_registered"}, today=end)
    for measure in (*SCHOOL, "校本研修"):
        most = room[measure].most
        assert most is not None
        assert then.measures[measure] - judged.measures[measure] <= most, measure


def test_years_that_failed_are_lost_to_the_cycle() -> None:
    today = date(2027, 5, 1)
    period = PACK.period("cycle", today)
    judged = PACK.standing(period, (), Teacher(), today=today)
    room = PACK.headroom(judged, (), Teacher(), today=today)
    assert room["school_hours"].most == 96  # 2027 and 2028 at 48 hours: the 120 of the cycle are out of reach
    assert judged.result["years_to_come"] == [2028]
    assert judged.result["annual_failed_years"] == [2024, 2025, 2026, 2027]


def test_the_share_of_self_chosen_credits_needs_more_than_its_shortfall() -> None:
    period = PACK.period("cycle", TODAY)
    had = [
        *(
            line(number, date(2025, 1 + number, 1), 24, "1", 65, mode)
            for number, mode in enumerate(["network", "central"])
        ),
        line(9, date(2025, 5, 1), 24, "1", 65),
    ]
    judged = PACK.standing(period, had, Teacher(), today=TODAY)
    share = next(one for one in judged.findings if one.clause == "PUER-8-3")
    missing = PACK.headroom(judged, had, Teacher(), today=TODAY)["self_chosen_credits"].missing
    part, whole = judged.measures["self_chosen_credits"], judged.measures["share_basis_credits"]
    assert missing is not None
    assert missing > share.shortfall > 0
    assert (part + missing) / (whole + missing) == Decimal("0.6")
