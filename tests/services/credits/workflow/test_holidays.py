"""Deadlines count by the calendar that the registry announces: days of rest are passed over, worked weekends count."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any

import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import calendar_year, registry
from yanxiu_wire import term as wire_term
from yanxiu_wire.credits import REBUILD_PROJECTION, RebuildProjection
from yanxiu_wire.process import Process

from tests.services.credits.conftest import FixedClock, House
from tests.services.credits.workflow.conftest import Town
from tests.services.credits.workflow.test_installed_laws import RULEBOOK, answers

Error = Callable[[Any, str], Any]
# A made-up autumn term whose first week ends with the National Day holiday, and the spring term of the year after.
AUTUMN = wire_term.Term(
    id="2024-2025-1", school_year="2024-2025", number=1, starts_on=date(2024, 9, 24), ends_on=date(2025, 1, 18)
)
HOLIDAYS_2024 = tuple(date(2024, 10, day) for day in range(1, 8))
MAY = tuple(date(2025, 5, day) for day in range(1, 6))
WORKED_SUNDAY = date(2025, 4, 27)


@pytest.fixture(scope="module")
async def service(nats_server: Any, database: Any, clock: FixedClock) -> AsyncIterator[Service]:
    """The credits service under the installed laws."""
    fields = database.fields
    settings = Settings(nats_url=nats_server.url, keys=fields["data"] / "keys", **fields)
    async with running(settings, load_packs(), clock=clock) as made:
        yield made


@pytest.fixture
async def puer(empty_house: House, clock: FixedClock) -> AsyncIterator[Town]:
    """A district of Pu'er's law with its autumn term and no calendar yet."""
    town = Town(empty_house, clock)
    await town.bind(registry.PackBinding(pack="puer", since=date(2024, 1, 1)))
    await town.tell(registry.SCHOOL_CHANGED, registry.SchoolChanged(school="school-1", version=1, history=()))
    await town.tell(wire_term.TERM_CHANGED, wire_term.TermChanged(term=AUTUMN))
    await town.employ("t1")
    yield town
    clock.day = date(2025, 3, 11)


async def calendar(town: Town, year: int, version: int = 1, **days: Any) -> None:
    """Announce a year's days as the registry does, and wait until the copy has them."""
    given = {"holidays": (), "workdays": (), "notice": "虚构通知", **days}
    made = calendar_year.CalendarYear(year=year, version=version, **given)
    await town.tell(calendar_year.CALENDAR_CHANGED, calendar_year.CalendarChanged(calendar=made))
    await town.until(lambda rows: (year, version) in {(row["year"], row["version"]) for row in rows}, "calendar_fact")


async def plan_closes(town: Town) -> date | None:
    """The last day to declare the plan of the term, as the training officer's tasks tell it."""
    tasks = [one for one in await town.tasks(town.training_officer) if one.workflow == "school_plan"]
    return tasks[0].step.closes


async def test_the_deadline_of_a_plan_rolls_over_the_holiday(puer: Town) -> None:
    puer.clock.day = date(2024, 9, 25)
    # A week after 24 September is 1 October: the first day of the holiday, once the calendar says so.
    assert await plan_closes(puer) == date(2024, 10, 1)
    await calendar(puer, 2024, holidays=HOLIDAYS_2024)
    assert await plan_closes(puer) == date(2024, 10, 8)
    # A corrected notice holds at once.
    await calendar(puer, 2024, 2, holidays=HOLIDAYS_2024[:3])
    assert await plan_closes(puer) == date(2024, 10, 4)
    history = [row["version"] for row in await puer.rows("fact_history") if row["noun"] == "calendar"]
    assert sorted(history) == [1, 2]


def given(name: str) -> dict[str, Any]:
    """What a step of the year's recognition asks for."""
    step = RULEBOOK.pack("puer").workflow("year_recognition").step(name)
    assert step is not None
    return answers(step, None)


async def in_publicity(town: Town, day: date) -> Process:
    """The recognition of 2024, made public on a day."""
    await town.register("t1", on=date(2024, 6, 3), facts={"kind": "lecture", "level": "county", "class_hours": "4"})
    town.clock.day = day
    opened = await town.open(town.training_officer, "year_recognition", on=date(2024, 6, 1), **given("review"))
    assert isinstance(opened, Process), opened
    shown = await town.take(town.leader, opened, "publicise", **given("publicise"))
    assert isinstance(shown, Process), shown
    return shown


async def test_publicity_skips_the_may_holiday_and_counts_a_worked_sunday(puer: Town, error_of: Error) -> None:
    await calendar(puer, 2025, holidays=MAY, workdays=(WORKED_SUNDAY,))
    shown = await in_publicity(puer, date(2025, 4, 27))
    # Sunday 27 (worked), Monday 28 to Wednesday 30, then 6 May: the fifth working day.
    assert shown.publicity is not None
    assert shown.publicity.open_until == date(2025, 5, 6)
    puer.clock.day = date(2025, 5, 6)
    error_of(await puer.take(puer.leader, shown, "submit", **given("submit")), "STEP_TOO_EARLY")
    puer.clock.day = date(2025, 5, 7)
    assert (await puer.take(puer.leader, shown, "submit", **given("submit"))).state == "submitted"


async def test_without_a_calendar_weekdays_alone_count(puer: Town) -> None:
    shown = await in_publicity(puer, date(2025, 4, 27))
    assert shown.publicity is not None
    assert shown.publicity.open_until == date(2025, 5, 2)


async def test_a_rebuilt_copy_has_the_calendar_again(puer: Town) -> None:
    await calendar(puer, 2024, holidays=HOLIDAYS_2024)
    command = RebuildProjection(caller=puer.department, key=puer.key())
    await puer.call(REBUILD_PROJECTION, command)
    assert [row["year"] for row in await puer.rows("calendar_fact")] == [2024]
    puer.clock.day = date(2024, 9, 25)
    assert await plan_closes(puer) == date(2024, 10, 8)
