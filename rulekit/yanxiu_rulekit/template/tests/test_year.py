"""A school year: the minimum, and what is missing, told with its clause."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from yanxiu_rulekit import CreditLine, Standing, Teacher

from yanxiu_yangban import rule_packs

PACK = rule_packs()[0]
DAY = date(2025, 10, 1)


def standing(*lines: str, **settings: str) -> Standing:
    """Judge the school year of one teacher from the credits of some lines."""
    counted = [
        CreditLine(id=f"line-{number}", on=DAY, hours=Decimal(10), credits=Decimal(one))
        for number, one in enumerate(lines)
    ]
    return PACK.standing(PACK.period("school_year", DAY), counted, Teacher(), settings)


def test_six_credits_pass() -> None:
    assert standing("2", "2", "2").verdict == "PASS"


def test_the_county_may_ask_for_more() -> None:
    assert standing("2", "2", "2", year_credits="8").verdict == "FAIL"


def test_what_is_missing_is_told_with_its_clause() -> None:
    judged = standing("2", "2", "1.9")
    assert judged.verdict == "FAIL"
    assert judged.result["failed"] == ["YANGBAN-3"]
    assert judged.findings[0].shortfall == Decimal("0.1")
    assert judged.steps[0].zh == "学年学分5.9学分，要求不少于6学分，尚缺0.1学分。"


def test_the_school_year_ends_on_the_last_day_of_august() -> None:
    period = PACK.period("school_year", date(2026, 8, 31))
    assert (period.label, period.start, period.end) == ("2025-2026学年", date(2025, 9, 1), date(2026, 8, 31))
