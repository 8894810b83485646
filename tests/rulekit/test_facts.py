"""Facts: exact, typed, and refused by the name of the field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import Facts, FactsRefused, field, read_facts


class Inner(Facts, frozen=True, kw_only=True):
    hours: Decimal
    on: date | None = None


class Outer(Facts, frozen=True, kw_only=True):
    records: tuple[Inner, ...]
    sure: bool = True
    count: int = 0
    class_: Literal["a", "b"] | None = field(default=None, name="class")


def test_text_integers_decimals_and_dates_are_read_exactly() -> None:
    read = read_facts(
        Outer,
        {
            "records": [{"hours": "59.5", "on": "2024-02-29"}, {"hours": 3, "on": date(2024, 1, 1)}],
            "class": "a",
        },
    )
    assert [one.hours for one in read.records] == [Decimal("59.5"), Decimal(3)]
    assert [one.on for one in read.records] == [date(2024, 2, 29), date(2024, 1, 1)]
    assert read.class_ == "a"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"records": [{"hours": "1"}, {"hours": 59.5}]}, "records[1].hours"),
        ({"records": [{"hours": "NaN"}]}, "records[0].hours"),
        ({"records": [{"hours": "1e99999999"}]}, "records[0].hours"),
        ({"records": [{"hours": "1e-99999999"}]}, "records[0].hours"),
        ({"records": [{"hours": "1." + "3" * 13}]}, "records[0].hours"),
        ({"records": [{"hours": "1", "on": "2023-02-29"}]}, "records[0].on"),
        ({"records": [{"hours": "1", "credit": "1"}]}, "records[0].credit"),
        ({"records": [], "sure": "true"}, "sure"),
        ({"records": [], "count": "3"}, "count"),
        ({"records": [], "class": "c"}, "class"),
        ({}, "facts"),
    ],
)
def test_a_fact_that_cannot_be_used_is_refused_by_its_path(given: dict[str, Any], path: str) -> None:
    with pytest.raises(FactsRefused) as refused:
        read_facts(Outer, given)
    assert refused.value.field == path


def test_zeros_behind_the_point_do_not_make_a_number_too_fine() -> None:
    assert read_facts(Inner, {"hours": "1.5" + "0" * 40}).hours == Decimal("1.5")


@given(st.floats())
def test_no_float_ever_passes_wherever_it_stands(value: float) -> None:
    with pytest.raises(FactsRefused) as refused:
        read_facts(Outer, {"records": [{"hours": value}]})
    assert refused.value.field == "records[0].hours"
