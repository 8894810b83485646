"""What a pack gives for a record is a worth, or the pack has failed: whether it is entered or tried."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_puer import CREDIT_RULES, DECISIONS, WINDOWS
from yanxiu_rulekit.errors import PackFailed
from yanxiu_rulekit.pack import RulePack

ON = date(2024, 10, 16)
FACTS = {"mode": "network", "level": "provincial", "hours_planned": "10", "hours_completed": "10", "score": "85"}
WRONG: dict[str, dict[str, Any]] = {
    "a truth for an amount": {"total": True},
    "an integer for an amount": {"hours": 10},
    "a float": {"total": 2.5},
    "a number for reasons": {"reasons": 5},
    "a text for reasons": {"reasons": "PUER-1"},
    "numbers among the reasons": {"reasons": [5]},
    "an unknown status": {"status": "PERHAPS"},
    "no status": {"status": None},
}


def giving(**changed: Any) -> RulePack:
    """Pu'er's law, whose answer about a record has something changed."""

    def but(one: Any) -> Any:
        if one.kind != CREDIT_RULES.record:
            return one
        return msgspec.structs.replace(one, answer=lambda facts, law: {**one.answer(facts, law), **changed})

    return RulePack.load(
        "yanxiu_puer", name="yanxiu-puer", decisions=map(but, DECISIONS), credit=CREDIT_RULES, windows=WINDOWS
    )


@pytest.mark.parametrize("changed", WRONG.values(), ids=list(WRONG))
def test_what_is_no_worth_is_the_packs_failure_when_it_is_entered_and_when_it_is_tried(changed: dict[str, Any]) -> None:
    pack = giving(**changed)
    with pytest.raises(PackFailed):
        pack.assess(FACTS, on=ON)
    with pytest.raises(PackFailed):
        pack.decide("record", {"record": FACTS}, on=ON)


def test_a_worth_is_told_as_it_was_given() -> None:
    pack = giving(total=Decimal("7.5"), reasons=["PUER-10-3"])
    told = pack.decide("record", {"record": FACTS}, on=ON)
    assert (told.result["total"], told.result["reasons"]) == (Decimal("7.5"), ["PUER-10-3"])
    assert pack.assess(FACTS, on=ON).credits == Decimal("7.5")
