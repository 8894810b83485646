"""Exact numbers on their way out: as people write them, and the same number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_gateway.schema.scalars import write_decimal


@pytest.mark.parametrize(
    ("value", "text"),
    [("24.0", "24"), ("0.0", "0"), ("-0.0", "0"), ("1E+2", "100"), ("22.4250", "22.425"), ("0.000001", "0.000001")],
)
def test_a_number_goes_out_without_exponent_and_trailing_zeros(value: str, text: str) -> None:
    assert write_decimal(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_what_goes_out_is_the_same_number(value: Decimal) -> None:
    assert Decimal(write_decimal(value)) == value
