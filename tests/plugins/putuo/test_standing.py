"""A head teacher's school year under Putuo's law, from credited lines."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import CreditLine, Standing, Teacher, load_packs

PACK = load_packs().pack("putuo")
YEAR = PACK.period("school_year", date(2025, 3, 1))
HEAD = Teacher(head_teacher=True)


def line(on: date, hours: str | Decimal, credit_class: str = "lecture", slot: str = "fixed") -> CreditLine:
    amount = Decimal(hours)
    return CreditLine(
        id=f"{on}-{hours}",
        on=on,
        hours=amount,
        credits=amount / (10 if credit_class == "lecture" else 20),
        attributes={"class": credit_class, "slot": slot, "form": None},
    )


def judged(*lines: CreditLine, teacher: Teacher = HEAD, **settings: Any) -> Standing:
    return PACK.standing(YEAR, lines, teacher, settings)


@pytest.mark.parametrize("day", [date(2024, 9, 1), date(2025, 1, 31), date(2025, 8, 31)])
def test_a_school_year_runs_from_september_to_the_end_of_august(day: date) -> None:
    period = PACK.period("school_year", day)
    assert (period.start, period.end, period.label) == (date(2024, 9, 1), date(2025, 8, 31), "2024-2025学年")


@given(st.dates(min_value=date(2024, 9, 1), max_value=date(2090, 1, 1)))
def test_every_day_lies_in_exactly_one_school_year(day: date) -> None:
    period = PACK.period("school_year", day)
    assert period.start <= day <= period.end
    assert PACK.period("school_year", period.end + timedelta(days=1)).start == period.end + timedelta(days=1)


def test_forty_hours_with_flexible_ones_pass_and_thirty_nine_and_a_half_do_not() -> None:
    day = date(2024, 10, 9)
    assert judged(line(day, "32"), line(day, "8", slot="flexible")).verdict == "PASS"
    short = judged(line(day, "39.5"))
    assert short.verdict == "FAIL"
    assert [(one.clause, one.shortfall) for one in short.findings] == [("PUTUO-5-1b", Decimal("0.5"))]
    assert short.result["failed"] == ["PUTUO-5-1b"]
    assert short.steps[-1].zh == "个人学年研修课时39.5课时，要求不少于40课时，尚缺0.5课时。"


def test_a_district_may_leave_flexible_hours_out_and_the_explanation_names_its_decision() -> None:
    day = date(2024, 10, 9)
    setting = {"value": False, "decided_by": "示例决定"}
    found = judged(line(day, "32"), line(day, "8", slot="flexible"), flexible_counts_for_person=setting)
    assert (found.verdict, found.hours, found.recognised_hours) == ("FAIL", 40, 32)
    assert found.steps[0].readings[0].decided_by == "示例决定"


def test_credits_are_posted_by_term_and_january_belongs_to_the_first() -> None:
    lines = (line(date(2025, 1, 31), "15"), line(date(2025, 2, 1), "25"))
    assert judged(*lines).result["term_credits"] == [Decimal("1.5"), Decimal("2.5")]
    carried = judged(*lines, rounding="whole_carry")
    assert carried.result["term_credits"] == [1, 3]
    assert (carried.credits, carried.recognised_credits) == (4, 4)
    dropped = judged(*lines, rounding="whole_no_carry")
    assert (dropped.credits, dropped.recognised_credits) == (4, 3)
    later = judged(*lines, second_term_start_month=3)
    assert later.result["term_credits"] == [4, 0]


def test_who_is_no_head_teacher_is_exempt_and_still_told_what_is_short() -> None:
    found = judged(line(date(2024, 10, 9), "12"), teacher=Teacher())
    assert found.verdict == "EXEMPT"
    assert found.findings[0].shortfall == 28


def test_an_empty_year_is_forty_hours_short() -> None:
    found = judged()
    assert (found.verdict, found.hours, found.credits) == ("FAIL", 0, 0)
    assert found.findings[0].shortfall == 40
