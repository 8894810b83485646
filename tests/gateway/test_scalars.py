"""Exact numbers on their way out: as people write them, and the same number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_gateway.schema.scalars import parse_date, parse_instant, write_decimal


@pytest.mark.parametrize(
    ("value", "text"),
    [("24.0", "24"), ("0.0", "0"), ("-0.0", "0"), ("1E+2", "100"), ("22.4250", "22.425"), ("0.000001", "0.000001")],
)
def test_a_number_goes_out_without_exponent_and_trailing_zeros(value: str, text: str) -> None:
    assert write_decimal(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_what_goes_out_is_the_same_number(value: Decimal) -> None:
    assert Decimal(write_decimal(value)) == value


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_that_no_other_day_can_be_counted_from_is_refused(day: str) -> None:
    for parse, text in ((parse_date, day), (parse_instant, f"{day}T12:00:00+08:00"), (parse_instant, f"{day}T12:00Z")):
        with pytest.raises(GraphQLError, match="1900 and 2199"):
            parse(text)
    assert parse_date("1900-01-01").year == 1900
    assert parse_instant("2199-12-31T23:59:59-12:00").year == 2199
