"""The 24-hour rule of Anhui: a pack begun from the template, its year, its audience, its topics."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import CreditLine, DecisionUnknown, Standing, Teacher, load_packs
from yanxiu_rulekit.check import check

from tests.architecture.tree import ROOT

PACK = load_packs().pack("anhui")
TOPICS = ("有效学习指导", "有效教学模式", "有效教学评价", "有效教学研究")
HOURS = st.lists(st.decimals(min_value="0.5", max_value=40, places=1), max_size=6)


def year(day: date, hours: list[Decimal], **settings: str) -> Standing:
    lines = [CreditLine(id=str(n), on=day, hours=one, credits=Decimal(0)) for n, one in enumerate(hours)]
    return PACK.standing(PACK.period("year", day, settings), lines, Teacher(), settings)


def test_the_pack_conforms_and_only_the_division_of_roles_is_left_out() -> None:
    assert check(ROOT / "plugins" / "anhui") == []
    assert list(PACK.source.not_modelled) == ["ANHUI-2"]


@given(HOURS)
def test_a_year_passes_with_twenty_four_hours_and_tells_what_is_short(hours: list[Decimal]) -> None:
    total = sum(hours, Decimal(0))
    judged = year(date(2014, 5, 1), hours)
    assert judged.verdict == ("PASS" if total >= 24 else "FAIL")
    assert judged.recognised_hours == total
    assert judged.findings[0].shortfall == max(Decimal(0), 24 - total)
    assert PACK.decide("year_hours", {"hours": total}).result["failed"] == judged.result["failed"]


@pytest.mark.parametrize(
    ("day", "kind", "first", "last"),
    [
        (date(2014, 8, 31), "calendar", date(2014, 1, 1), date(2014, 12, 31)),
        (date(2014, 8, 31), "school_year", date(2013, 9, 1), date(2014, 8, 31)),
        (date(2014, 9, 1), "school_year", date(2014, 9, 1), date(2015, 8, 31)),
        (date(2014, 1, 1), "school_year", date(2013, 9, 1), date(2014, 8, 31)),
    ],
)
def test_a_year_is_a_calendar_year_or_a_school_year(day: date, kind: str, first: date, last: date) -> None:
    period = PACK.period("year", day, {"year_kind": kind})
    assert (period.start, period.end) == (first, last)


@given(
    kind=st.sampled_from(("干部", "教师", "教辅", "管理", "教学辅助人员", "管理人员", "保安")),
    post=st.sampled_from((None, True, False)),
    title=st.sampled_from((None, True, False)),
)
def test_a_post_or_a_title_is_asked_of_support_and_administration_alone(
    kind: str, post: bool | None, title: bool | None
) -> None:
    found = PACK.decide("scope", {"kind": kind, "has_post": post, "has_title": title}).result["in_scope"]
    qualified = (post, title) != (False, False)
    assert found == (kind in ("干部", "教师") or (kind != "保安" and qualified))


def test_any_order_of_the_four_topics_keeps_to_the_text_and_three_do_not() -> None:
    for order in permutations(TOPICS):
        found = PACK.decide("topic_year", {"start_year": 2013, "topics_in_order": list(order)}).result
        assert (list(found["table"].values()), found["failed"]) == (list(order), [])
        fewer = PACK.decide("topic_year", {"start_year": 2013, "topics_in_order": list(order[:3])}).result
        assert fewer["missing"] == [order[3]]


def test_attendance_makes_a_record_of_what_was_attended() -> None:
    for attended, hours in ((Decimal(3), Decimal(3)), (Decimal(9), Decimal(6))):
        facts = PACK.attended({}, Decimal(6), attended, on=date(2014, 5, 1))
        assert PACK.assess(facts, on=date(2014, 5, 1)).hours == hours
    nobody = PACK.attended({}, Decimal(6), Decimal(0), on=date(2014, 5, 1))
    assert PACK.assess(nobody, on=date(2014, 5, 1)).status == "ZERO"


def test_the_text_knows_no_credits_and_no_transfer() -> None:
    judged = PACK.assess({"hours": "6"}, on=date(2014, 5, 1))
    assert (judged.hours, judged.credits) == (6, 0)
    assert PACK.credit is not None
    assert PACK.credit.transfer is None
    with pytest.raises(DecisionUnknown):
        PACK.standing_rule("cycle")
