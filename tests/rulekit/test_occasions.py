"""What a pack says beyond records: a rule it names must be one it answers, and one it lacks is said to be lacking."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from yanxiu_rulekit import CreditRules, DecisionUnknown, Moved, PackRefused, RulePack, SchoolRule, load_packs

PUER = load_packs().pack("puer")
DAY = date(2024, 11, 8)


def puer_with(**changed: Any) -> RulePack:
    assert PUER.credit is not None
    credit: CreditRules = msgspec.structs.replace(PUER.credit, **changed)
    return RulePack(
        name="changed",
        version="1",
        source=PUER.source,
        parameters=PUER.parameters,
        decisions=PUER.decisions.values(),
        credit=credit,
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"record": "recrod"}, "credit.record names the kind 'recrod', which no decision answers"),
        ({"fraud": "forgery"}, "credit.fraud names the kind 'forgery', which no decision answers"),
        (
            {"school_rule": SchoolRule(kind="ratio", period="year", facts=lambda _verdicts, _law: {})},
            "credit.school_rule names the kind 'ratio', which no decision answers",
        ),
    ],
)
def test_a_rule_that_names_a_decision_which_is_not_there_does_not_load(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(PackRefused, match=said):
        puer_with(**changed)


def test_what_the_law_does_not_regulate_is_said_so() -> None:
    silent = puer_with(attended=None, transfer=None)
    with pytest.raises(DecisionUnknown, match="changed gives no rule 'attended'"):
        silent.attended({}, Decimal(1), Decimal(1), on=DAY)
    moved = Moved(
        jurisdiction="puer",
        on=DAY,
        record={},
        hours=Decimal(1),
        credits=Decimal(1),
        hours_unit="学时",
        credits_unit="学分",
        within_city=True,
        same_stage=True,
    )
    with pytest.raises(DecisionUnknown, match="changed gives no rule 'transfer'"):
        silent.transferred(moved, on=DAY)


def test_an_exception_is_one_that_the_law_knows() -> None:
    verdicts, day = {"PASS": 4, "FAIL": 1}, date(2024, 12, 31)
    assert PUER.school_ruled(verdicts, on=day).result["excepted"] is False
    assert PUER.school_ruled(verdicts, on=day, exception="虚教〔2025〕1号").result["excepted"] is True
    strict = puer_with(school_rule=SchoolRule(kind="school_ratio", period="year", facts=lambda _verdicts, _law: {}))
    with pytest.raises(DecisionUnknown, match="knows no exception"):
        strict.school_ruled(verdicts, on=day, exception="虚教〔2025〕1号")


def test_an_answer_tells_its_law_its_day_and_what_it_read() -> None:
    found = PUER.school_ruled({"PASS": 4, "FAIL": 1}, on=date(2024, 12, 31))
    assert (found.kind, found.pack, found.on) == ("school_ratio", "yanxiu-puer", date(2024, 12, 31))
    assert {one.parameter for step in found.steps for one in step.readings} >= {"school_failure_share"}
