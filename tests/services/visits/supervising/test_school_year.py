"""The school year of supervision is the law's: service and pack agree on every day, whenever the terms begin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit.plugins import load_packs
from yanxiu_rulekit.visitfacts import Supervised, SupervisionYear
from yanxiu_visits.ask_law import named
from yanxiu_visits.laws import InForce
from yanxiu_visits.supervising.ground import SchoolYear, counted_by
from yanxiu_wire import supervision as wire
from yanxiu_wire.term import TERM_CHANGED, Term, TermChanged

from tests.services.visits.supervising.test_supervision import appoint, report, schedule

ErrorOf = Callable[[Any, str], Any]
PACK = load_packs().packs["ouhai"]
NEXT = "2025-2026"


def law_of(on: date) -> InForce:
    assert PACK.visits is not None
    return InForce(pack=PACK, visits=PACK.visits, settings={}, on=on)


@given(
    begins=st.dates(date(2025, 8, 20), date(2025, 9, 10)),
    ends=st.dates(date(2026, 6, 1), date(2026, 9, 5)),
    day=st.dates(date(2025, 6, 1), date(2026, 11, 30)),
)
def test_a_day_that_the_service_takes_for_the_year_is_one_that_the_law_counts_in_it(
    begins: date, ends: date, day: date
) -> None:
    law = law_of(begins)
    year = counted_by(law, SchoolYear(id=NEXT, starts_on=begins, ends_on=ends))
    facts = SupervisionYear(
        year=year.starts_on.year, schools=("s1",), events=(Supervised(school="s1", on=day, kind="regular"),)
    )
    of_all = [one for one in law.answers("supervision", facts) if not one.of]
    assert year.holds(day) is (named(of_all, "missing") == ())
    assert (year.starts_on, year.ends_on) == (date(2025, 9, 1), date(2026, 8, 31))  # G-O02, whenever terms begin


def test_every_day_of_two_years_lies_in_one_school_year() -> None:
    years = [
        counted_by(
            law_of(date(first, 9, 8)), SchoolYear(id="", starts_on=date(first, 8, 28), ends_on=date(first, 12, 1))
        )
        for first in (2024, 2025)
    ]
    days = [date(2024, 9, 1) + timedelta(days=number) for number in range(2 * 365)]
    assert all(sum(one.holds(day) for one in years) == 1 for day in days)


@pytest.fixture
def in_september(clock: Any) -> Iterator[None]:
    before = clock.day
    clock.day = date(2025, 9, 10)
    yield
    clock.day = before


@pytest.mark.usefixtures("in_september")
async def test_an_inspection_in_a_term_that_begins_in_august_is_of_the_year_before(
    ouhai: Any, error_of: ErrorOf
) -> None:
    first = Term(id=f"{NEXT}-1", school_year=NEXT, number=1, starts_on=date(2025, 8, 28), ends_on=date(2026, 1, 17))
    await ouhai.tell(TERM_CHANGED, TermChanged(term=first))
    await ouhai.until(lambda rows: len(rows) == 3)
    team = await appoint(ouhai)
    refused = error_of(await schedule(ouhai, team.id, school_year=NEXT, due_on=date(2025, 8, 29)), "DAY_OUTSIDE_YEAR")
    assert refused.clauses == ("OUHAI-6-9b",)
    earlier = await schedule(ouhai, team.id, due_on=date(2025, 8, 29))
    error_of(await report(ouhai, earlier, held_on=date(2025, 9, 1)), "DAY_OUTSIDE_YEAR")
    await report(ouhai, earlier, held_on=date(2025, 8, 29))
    made = await schedule(ouhai, team.id, school_year=NEXT, due_on=date(2025, 9, 1))
    await report(ouhai, made, held_on=date(2025, 9, 1))
    for year in (NEXT, "2024-2025"):
        query = wire.GetSupervisionStanding(caller=ouhai.officer, school_year=year)
        told = await ouhai.call(wire.GET_SUPERVISION_STANDING, query)
        assert (told.reported_regular, told.missing) == (1, ("s2", "s3"))
