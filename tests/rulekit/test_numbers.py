"""Exact numbers: what is written, stored and read again is the same number."""

from __future__ import annotations

from decimal import Decimal, Inexact, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import from_micro, half_up, plain, share, to_micro, whole_below
from yanxiu_rulekit.numbers import EXACT

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15))
def test_a_number_as_people_write_it_reads_back_as_itself(value: Decimal) -> None:
    text = plain(value)
    assert Decimal(text) == value
    assert "E" not in text.upper()
    assert not ("." in text and text.endswith("0"))


@given(DECIMALS)
def test_millionths_hold_six_places_exactly(value: Decimal) -> None:
    assert from_micro(to_micro(value)) == value


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_every_count_of_millionths_comes_back(micro: int) -> None:
    assert to_micro(from_micro(micro)) == micro


def test_a_seventh_place_is_refused_and_not_rounded() -> None:
    with pytest.raises(ValueError, match=r"0\.0000001 has more than six decimal places"):
        to_micro(Decimal("0.0000001"))


def test_half_up_rounds_a_half_away_from_zero() -> None:
    assert [half_up(Decimal(text), 1) for text in ("0.45", "0.44", "2.55", "-0.45")] == [
        Decimal("0.5"),
        Decimal("0.4"),
        Decimal("2.6"),
        Decimal("-0.5"),
    ]


def test_rounding_for_display_works_where_silent_rounding_is_an_error() -> None:
    with localcontext(EXACT):
        assert half_up(Decimal("0.45"), 1) == Decimal("0.5")
        assert share(Decimal(1), Decimal(3), 4) == Decimal("0.3333")
        assert whole_below(Decimal("1.95")) == 1
        with pytest.raises(Inexact):
            Decimal(1) / Decimal(3)
