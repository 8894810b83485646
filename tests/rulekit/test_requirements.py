"""Requirements: met, or short by an exact amount, and never both."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import Finding, Law, Parameter, Parameters, Requirement, breached, hold
from yanxiu_rulekit.parameters import DatedValue

AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=4)
ON = date(2024, 6, 1)


def held(
    operator: Literal["at_least", "at_most", "below"], threshold: Decimal, earned: Decimal, whole: Decimal | None = None
) -> Finding:
    dated = DatedValue(since=date(2024, 1, 1), value=threshold, cite="A-1")
    parameter = Parameter(name="limit", label="限", label_en="limit", unit="学分", values=(dated,))
    law = Law(Parameters({"limit": parameter}, file="parameters.toml"), ON)
    requirement = Requirement(
        clause="A-1",
        measure="earned",
        operator=operator,
        parameter="limit",
        label_zh="所得",
        label_en="earned",
        unit="学分",
        of="whole" if whole is not None else None,
    )
    measures = {"earned": earned} | ({"whole": whole} if whole is not None else {})
    (finding,) = hold([requirement], measures, law)
    assert [reading.parameter for reading in finding.readings] == ["limit"]
    return finding


@given(AMOUNTS, AMOUNTS)
def test_at_least_is_met_or_short_and_the_shortfall_just_fills_it(threshold: Decimal, earned: Decimal) -> None:
    finding = held("at_least", threshold, earned)
    assert finding.met != (finding.shortfall > 0)
    assert held("at_least", threshold, earned + finding.shortfall).met
    assert breached([finding]) == ([] if finding.met else ["A-1"])


@given(AMOUNTS, AMOUNTS)
def test_at_most_and_below_differ_only_at_the_limit(threshold: Decimal, earned: Decimal) -> None:
    assert held("at_most", threshold, earned).met == (earned <= threshold)
    assert held("below", threshold, earned).met == (earned < threshold)


@given(AMOUNTS, AMOUNTS, st.integers(min_value=1, max_value=99))
def test_a_share_is_judged_as_an_exact_fraction(part: Decimal, whole: Decimal, percent: int) -> None:
    threshold = Decimal(percent) / 100
    finding = held("at_least", threshold, part, whole)
    if whole == 0:
        assert not finding.met
        assert finding.earned is None
    else:
        assert finding.met == (Fraction(part) / Fraction(whole) >= Fraction(percent, 100))


def test_a_third_is_not_a_third_written_with_four_places() -> None:
    assert held("at_least", Decimal("0.3333"), Decimal(1), Decimal(3)).met
    assert not held("at_least", Decimal("0.3334"), Decimal(1), Decimal(3)).met
