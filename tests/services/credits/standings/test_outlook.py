"""What is still possible: missing, days left and the law's room, until the period ends and not a day longer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_credits.laws import InForce
from yanxiu_credits.standings.outlook import days_left, outlook_of, to_come
from yanxiu_rulekit.facts import CreditLine, Teacher
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire.credits import GET_STANDINGS, GetStandings

PACK = load_packs().pack("puer")
assert PACK.credit is not None
LAW = InForce(pack=PACK, credit=PACK.credit, settings={})


def school_hours(hours: int, coefficient: str) -> CreditLine:
    on = date(2025, 3, 1)
    record = {
        "kind": "training", "mode": "school", "level": "school", "hours_planned": str(hours), "score": "65",
        "date": on.isoformat(), "project_credit": coefficient,
    }  # fmt: skip
    found = PACK.assess(record, on=on)
    return CreditLine(id="1", on=on, hours=found.hours, credits=found.credits, attributes=found.attributes)


def outlook(kind: str, today: date, *lines: CreditLine) -> dict[str, Any]:
    period = PACK.period(kind, date(2025, 6, 1))
    judged = PACK.standing(period, lines, Teacher(), today=today)
    return {one.clause: one for one in outlook_of(LAW, judged, lines, Teacher(), today)}


def test_what_the_law_does_not_limit_is_possible_until_the_last_day() -> None:
    found = outlook("year", date(2025, 12, 31))["PUER-10-3N"]
    assert (found.missing, found.days_left, found.still_possible, found.reachable) == (24, 1, None, True)
    assert found.zh == "网络研修年度学时还差24学时，到2025年12月31日还有1天，仍可补足。"
    assert found.en == "hours of network research: 24 missing, 1 day left until 2025-12-31: still possible."


def test_after_the_last_day_nothing_is_possible() -> None:
    found = outlook("year", date(2026, 1, 1))["PUER-10-3N"]
    assert (found.days_left, found.still_possible, found.reachable, found.clauses) == (0, 0, False, ())
    assert found.zh == "网络研修年度学时还差24学时；本期已于2025年12月31日结束，不能再补。"


def test_the_cap_bounds_what_school_based_training_can_bring() -> None:
    found = outlook("year", date(2025, 7, 1), school_hours(40, "0.5"))
    assert "PUER-10-3S" not in found  # 40 hours are enough
    credit = found["PUER-10-7S"]
    assert (credit.missing, credit.still_possible, credit.reachable) == (4, Decimal("9.6"), True)
    assert "还可计8学时" in credit.zh


def test_a_cycle_that_is_lost_says_so_and_names_the_years_to_come() -> None:
    today = date(2027, 5, 1)
    found = outlook("cycle", today)["PUER-F2-3-1S"]
    assert (found.missing, found.still_possible, found.reachable) == (120, 96, False)
    assert "本期已无法达到" in found.zh
    years = to_come(LAW, PACK.period("cycle", today), Teacher(), today)
    assert [one.label for one in years] == ["2028年度"]
    assert {one.clause: one.shortfall for one in years[0].duties}["PUER-10-2"] == 72
    assert to_come(LAW, PACK.period("cycle", today), Teacher(), date(2029, 1, 1)) == ()


@pytest.mark.parametrize(
    ("today", "left"),
    [(date(2024, 12, 1), 365), (date(2025, 1, 1), 365), (date(2025, 12, 31), 1), (date(2026, 1, 1), 0)],
)
def test_days_left_count_today_and_never_more_than_the_period(today: date, left: int) -> None:
    assert days_left(PACK.period("year", date(2025, 6, 1)), today) == left


async def test_a_standing_comes_with_its_outlook(house: Any) -> None:
    this = house.service.clock.today()
    (found,) = (
        await house.call(GET_STANDINGS, GetStandings(caller=house.officer, teachers=("t1",), kind="year", on=this))
    ).items
    assert found.days_left == (date(this.year, 12, 31) - this).days + 1
    assert [(one.clause, one.missing, one.reachable) for one in found.outlook] == [("MADE-4", 72, True)]
    (past,) = (
        await house.call(
            GET_STANDINGS, GetStandings(caller=house.officer, teachers=("t1",), kind="year", on=date(2024, 6, 1))
        )
    ).items
    assert [(one.days_left, one.reachable) for one in past.outlook] == [(0, False)]
