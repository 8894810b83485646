"""Putuo beyond records: a session's attendance becomes facts, and what comes from elsewhere is reviewed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from yanxiu_rulekit import DecisionUnknown, Forgery, Moved, load_packs

PUTUO = load_packs().pack("putuo")
DAY = date(2024, 11, 8)


@pytest.mark.parametrize(
    ("attended", "status", "earned"), [("2", "COUNTED", "0.2"), ("1", "COUNTED", "0.1"), ("0", "ZERO", "0")]
)
def test_a_session_counts_the_class_hours_that_were_attended(attended: str, status: str, earned: str) -> None:
    facts = PUTUO.attended({"form": "专题讲座"}, Decimal(2), Decimal(attended), on=DAY)
    assessed = PUTUO.assess({"form": "专题讲座", **facts}, on=DAY)
    assert (assessed.status, assessed.credits) == (status, Decimal(earned))


def test_a_record_from_elsewhere_waits_for_an_official_with_the_reason() -> None:
    moved = Moved(
        jurisdiction="puer",
        on=DAY,
        record={},
        hours=Decimal(24),
        credits=Decimal(28),
        hours_unit="学时",
        credits_unit="学分",
        within_city=False,
        same_stage=True,
    )
    found = PUTUO.transferred(moved, on=DAY)
    assert found.result["recognised"] is None
    assert "24学时、28学分" in found.steps[0].zh


def test_the_text_says_nothing_of_forgery_and_of_schools_that_fall_short() -> None:
    with pytest.raises(DecisionUnknown, match="gives no rule 'fraud'"):
        PUTUO.forged(Forgery(actor="teacher", hours=Decimal(1), credits=Decimal(1), serious=False), on=DAY)
    with pytest.raises(DecisionUnknown, match="gives no rule 'school_rule'"):
        PUTUO.school_ruled({"FAIL": 1}, on=DAY)
