"""What lies on both sides of a 31 December: projects that a log divides or that began before, twelve months in post."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_credits.service import Service
from yanxiu_wire import books
from yanxiu_wire.credits import GET_STANDINGS, GetStandings, TrainingRegistered

from tests.services.credits.conftest import FixedClock
from tests.services.credits.workflow.conftest import Town
from tests.services.credits.workflow.test_real_laws import PACKS, settled

JANUARY = date(2026, 1, 10)
LECTURE = {"kind": "lecture", "level": "county", "class_hours": "24"}
LOGGED = {**LECTURE, "hours_by_year": '{"2025": "20", "2026": "4"}'}


@pytest.fixture
def turned(clock: FixedClock) -> Any:
    before = clock.day
    clock.day = date(2026, 1, 20)
    yield clock
    clock.day = before


async def hours(town: Town, teacher: str = "t1") -> list[Decimal]:
    """Return the hours of 2025, of 2026, and of the cycle."""
    found = []
    for kind, on in (("year", date(2025, 6, 1)), ("year", JANUARY), ("cycle", JANUARY)):
        query = GetStandings(caller=town.department, teachers=(teacher,), kind=kind, on=on)
        found.append((await town.call(GET_STANDINGS, query)).items[0].hours)
    return found


@pytest.mark.parametrize(
    ("reading", "facts", "expected"),
    [
        ("completion_date", LOGGED, [0, 24, 24]),
        ("hour_log", LOGGED, [20, 4, 24]),
        ("hour_log", LECTURE, [0, 24, 24]),
        ("start_date", {**LECTURE, "started_on": "2025-11-01"}, [24, 0, 24]),
        ("start_date", {**LECTURE, "start": "2026-01-05"}, [0, 24, 24]),
    ],
)
async def test_each_hour_counts_in_one_year_and_in_the_cycle(
    under_installed_laws: Service,
    bus: Any,
    turned: FixedClock,
    reading: str,
    facts: dict[str, str],
    expected: list[int],
) -> None:
    town = await settled(under_installed_laws, bus, turned, PACKS["puer"], year_attribution=reading)
    done = await town.register("t1", on=JANUARY, facts=facts)
    assert isinstance(done, TrainingRegistered), done
    assert await hours(town) == expected


@pytest.mark.parametrize(
    ("reading", "facts"), [("hour_log", LOGGED), ("start_date", {**LECTURE, "started_on": "2025-11-01"})]
)
async def test_a_locked_year_is_closed_to_the_part_that_falls_into_it(
    under_installed_laws: Service, bus: Any, turned: FixedClock, error_of: Any, reading: str, facts: dict[str, str]
) -> None:
    town = await settled(under_installed_laws, bus, turned, PACKS["puer"], year_attribution=reading)
    entered = (await town.register("t2", on=JANUARY, facts=facts)).record
    lock = books.LockPeriod(
        caller=town.department, key=town.key(), kind="year", on=date(2025, 6, 1), school="school-1", reason="封账"
    )
    assert (await town.call(books.LOCK_PERIOD, lock)).in_force
    error_of(await town.register("t1", on=JANUARY, facts=facts), "PERIOD_LOCKED")
    back = books.ReverseRecord(caller=town.department, key=town.key(), record=entered.id, reason="误登")
    error_of(await town.call(books.REVERSE_RECORD, back), "PERIOD_LOCKED")
    assert isinstance(await town.register("t1", on=JANUARY, facts=LECTURE), TrainingRegistered)


async def test_twelve_months_of_induction_are_told_whole_in_both_years(
    under_installed_laws: Service, bus: Any, turned: FixedClock
) -> None:
    town = await settled(under_installed_laws, bus, turned, PACKS["puer"])
    await town.employ("new", hired_on=date(2024, 9, 1))
    for on in (date(2024, 11, 20), date(2025, 3, 10)):
        facts = {"kind": "induction", "hours": "60", "practical_hours": "30"}
        assert isinstance(await town.register("new", on=on, facts=facts), TrainingRegistered)
    for year in (2024, 2025):
        query = GetStandings(caller=town.department, teachers=("new",), kind="year", on=date(year, 6, 1))
        (standing,) = (await town.call(GET_STANDINGS, query)).items
        (told,) = [step for step in standing.explanation.steps if step.name == "induction"]
        assert (told.value, "未达到" in told.zh) == ("120", False)
