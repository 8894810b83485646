"""The calendar of a year: days of rest and of work by a notice, whole lists, each version kept and announced."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from yanxiu_wire import calendar_year as wire

from tests.services.registry.conftest import Client, codes

# The notice for 2025 names 1 to 5 May, a weekend among them, and a Sunday on which people work instead.
MAY = tuple(date(2025, 5, day) for day in range(1, 6))
WORKED = date(2025, 4, 27)
YEAR: dict[str, Any] = {"year": 2025, "holidays": MAY, "workdays": (WORKED,), "notice": "虚构通知〔2024〕12号"}


async def test_a_year_is_entered_whole_and_corrected_by_a_later_version(puer: Client) -> None:
    first = await puer.ask(wire.SET_CALENDAR_DAYS, **(YEAR | {"holidays": MAY[::-1]}))
    assert first == wire.CalendarYear(**YEAR)
    other = await puer.ask(wire.SET_CALENDAR_DAYS, year=2024, holidays=(), workdays=(), notice="虚构通知")
    less = YEAR | {"holidays": MAY[:3], "notice": "更正通知"}
    second = await puer.ask(wire.SET_CALENDAR_DAYS, **less)
    assert (second.version, second.holidays, second.notice) == (2, MAY[:3], "更正通知")
    assert (await puer.ask(wire.LIST_CALENDAR_YEARS)).items == (other, second)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"holidays": (date(2026, 1, 1),)}, "DAY_OUTSIDE_YEAR", "holidays"),
        ({"workdays": (date(2024, 4, 27),)}, "DAY_OUTSIDE_YEAR", "workdays"),
        ({"holidays": (*MAY, MAY[0])}, "DAY_TWICE", "holidays"),
        ({"workdays": (WORKED, WORKED)}, "DAY_TWICE", "workdays"),
        ({"workdays": (MAY[2],)}, "DAY_TWICE", "workdays"),
        ({"workdays": (date(2025, 4, 28),)}, "WORKDAY_NOT_WEEKEND", "workdays"),
        ({"year": 25}, "VALUE_INVALID", "year"),
        ({"notice": " "}, "VALUE_INVALID", "notice"),
    ],
)
async def test_wrong_days_are_refused_and_nothing_is_entered(
    puer: Client, fields: dict[str, Any], code: str, field: str
) -> None:
    refused = await puer.ask(wire.SET_CALENDAR_DAYS, **(YEAR | fields))
    assert (code, field) in [(error.code, error.field) for error in refused.errors]
    assert codes(refused)
    assert (await puer.ask(wire.LIST_CALENDAR_YEARS)).items == ()
