"""The term calendar: terms never overlap."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from yanxiu_wire import term as wire_term

from tests.services.registry.conftest import Client, codes

FIRST = {"school_year": "2024-2025", "number": 1, "starts_on": date(2024, 9, 1), "ends_on": date(2025, 1, 18)}


async def test_terms_are_listed_oldest_first_and_corrected_in_place(puer: Client) -> None:
    second = await puer.ask(
        wire_term.SET_TERM, school_year="2024-2025", number=2, starts_on=date(2025, 2, 17), ends_on=date(2025, 7, 5)
    )
    first = await puer.ask(wire_term.SET_TERM, **FIRST)
    assert (first.id, second.id) == ("2024-2025-1", "2024-2025-2")
    corrected = await puer.ask(wire_term.SET_TERM, **(FIRST | {"ends_on": date(2025, 1, 20)}))
    assert (corrected.ends_on, corrected.version) == (date(2025, 1, 20), 2)
    assert (await puer.ask(wire_term.LIST_TERMS)).items == (corrected, second)


async def test_as_of_a_day_the_terms_that_had_begun_are_listed(puer: Client) -> None:
    first = await puer.ask(wire_term.SET_TERM, **FIRST)
    second = await puer.ask(
        wire_term.SET_TERM, school_year="2024-2025", number=2, starts_on=date(2025, 2, 17), ends_on=date(2025, 7, 5)
    )
    for day, expected in (
        (date(2024, 8, 31), ()),
        (date(2024, 9, 1), (first,)),
        (date(2025, 2, 16), (first,)),
        (date(2025, 2, 17), (first, second)),
        (date(2026, 8, 1), (first, second)),
    ):
        assert (await puer.ask(wire_term.LIST_TERMS, as_of=day)).items == expected, day


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"number": 2, "starts_on": date(2025, 1, 18), "ends_on": date(2025, 7, 5)}, "TERM_OVERLAP", "starts_on"),
        ({"school_year": "2024-2026"}, "VALUE_INVALID", "school_year"),
        ({"number": 0}, "VALUE_INVALID", "number"),
        ({"ends_on": date(2024, 8, 1)}, "DATE_OUT_OF_ORDER", "ends_on"),
    ],
)
async def test_a_wrong_term_is_refused(puer: Client, fields: dict[str, Any], code: str, field: str) -> None:
    first = await puer.ask(wire_term.SET_TERM, **FIRST)
    refused = await puer.ask(wire_term.SET_TERM, **(FIRST | fields))
    assert code in codes(refused)
    assert field in [error.field for error in refused.errors]
    assert (await puer.ask(wire_term.LIST_TERMS)).items == (first,)
