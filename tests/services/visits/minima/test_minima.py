"""Terms against their minima over a real bus: one researcher's, the district's list, through GraphQL and live."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire import field_records, visiting
from yanxiu_wire import minima as wire
from yanxiu_wire.message import Page

from tests.services.credits.standings.live import gate
from tests.services.visits.field import TERM, Sender, new_id
from tests.services.visits.test_graphql import Asker, pushed, watching

ErrorOf = Callable[[Any, str], Any]


@pytest.fixture
async def seen(quick_house: Any) -> list[str]:
    """Three lessons of r1 with a comment, one without, and a visit: the ids of those that count."""
    me = Sender(district=quick_house.district)
    lessons = [new_id("lesson") for _ in range(4)]
    for number, lesson in enumerate(lessons):
        comment = {"comment": "好"} if number else {}
        await quick_house.call(field_records.RECORD_WORK, me.observe(lesson, lesson=comment, on=f"10-1{number}"))
    visit = new_id("visit")
    await quick_house.call(visiting.ARRIVE_AT_SCHOOL, me.arrive(visit))
    await quick_house.call(visiting.LEAVE_SCHOOL, me.leave(visit))
    return [f"r1.{one}" for one in lessons[1:]]


async def term(house: Any, person: str = "r1", **asked: Any) -> Any:
    caller = asked.pop("caller", house.officer)
    query = wire.GetTermMinima(caller=caller, researcher=person, term=TERM, **asked)
    return await house.call(wire.GET_TERM_MINIMA, query)


async def test_a_term_says_what_is_done_by_which_records_and_what_is_left(quick_house: Any, seen: list[str]) -> None:
    found = await term(quick_house)
    (lessons,) = found.minima
    assert (lessons.earned, lessons.state, lessons.records, lessons.visits) == (Decimal(3), "met", tuple(seen), ())
    assert (found.state, found.failed, found.placed, found.schools) == ("met", (), False, ("s1",))
    assert (found.as_of, found.weeks_left) == (date(2024, 10, 18), 14)
    assert found.days_left == 66  # 18 October to 17 January, Mondays to Fridays
    assert [one.kind for one in found.rulings] == ["term"]
    # The papers have a day of their own: none is handed in.
    assert [one.paper for one in found.papers] == ["总体工作计划", "学期工作安排"]


async def test_as_of_an_earlier_day_later_work_is_not_seen(quick_house: Any, seen: list[str]) -> None:
    then = await term(quick_house, as_of=date(2024, 10, 12))
    (lessons,) = then.minima
    assert (lessons.earned, lessons.shortfall, lessons.state, then.failed) == (2, 1, "open", ("MADE-3",))
    assert lessons.records == tuple(seen[:2])
    assert lessons.a_week == Decimal("0.08")  # one lesson in fourteen weeks
    after = await term(quick_house, "r2", as_of=date(2025, 3, 1))
    assert (after.as_of, after.days_left, after.state, after.minima[0].a_week) == (date(2025, 1, 17), 0, "missed", None)


async def test_the_district_is_told_who_falls_short(quick_house: Any, seen: list[str]) -> None:
    async def listed(**asked: Any) -> Any:
        query = wire.ListTermMinima(caller=quick_house.officer, term=TERM, **asked)
        return await quick_house.call(wire.LIST_TERM_MINIMA, query)

    everybody = await listed()
    assert [(one.researcher, one.state) for one in everybody.items] == [("r1", "met"), ("r2", "open")]
    assert (everybody.total, everybody.researchers, everybody.has_next) == (2, 2, False)
    assert all(not one.records for row in everybody.items for one in row.minima)
    assert [one.researcher for one in (await listed(clause="MADE-3")).items] == ["r2"]
    assert [one.researcher for one in (await listed(state="met")).items] == ["r1"]
    assert [one.researcher for one in (await listed(school="s1")).items] == ["r1"]
    assert (await listed(short=True)).total == 2  # r1 lacks papers
    first = await listed(page=Page(first=1))
    assert first.has_next
    second = await listed(page=Page(first=1, after=first.cursors[0]))
    assert [one.researcher for one in second.items] == ["r2"]


async def test_his_own_is_his_and_anybody_elses_does_not_exist(quick_house: Any, error_of: ErrorOf) -> None:
    assert (await term(quick_house, caller=quick_house.researcher("r1"))).researcher == "r1"
    for person, caller in (("r2", quick_house.researcher("r1")), ("t1", quick_house.officer)):
        error = error_of(await term(quick_house, person, caller=caller), "RESEARCHER_UNKNOWN")
        assert error.value == person
    query = wire.GetTermMinima(caller=quick_house.officer, researcher="r1", term="2031-2032-1")
    error_of(await quick_house.call(wire.GET_TERM_MINIMA, query), "TERM_UNKNOWN")


@pytest.fixture
async def asker(quick_house: Any, quick_nats: Any, tmp_path: Path) -> AsyncIterator[Asker]:
    async with gate(quick_nats.url, tmp_path / "keys") as door, httpx2.AsyncClient(trust_env=False) as http:
        yield Asker(door, quick_house, http)


async def test_through_graphql_and_live(asker: Asker, seen: list[str]) -> None:
    query = """query($t: ID!, $r: ID!) {
      termMinima(researcher: $r, term: $t) { state failed minima { measure label earned state aWeek ids } }
      termMinimaList(term: $t, short: true) { totalCount researchers edges { node { researcherId state } } } }"""
    found = await asker.ask(asker.house.officer, query, r=global_id("Researcher", "r1"), t=TERM)
    assert found["termMinima"] == {
        "state": "MET", "failed": [], "minima": [{
            "measure": "lessons", "label": "听评课", "earned": "3", "state": "MET", "aWeek": None,
            "ids": [global_id("FieldRecord", one) for one in seen],
        }],
    }  # fmt: skip
    edges = found["termMinimaList"]["edges"]
    assert [one["node"] for one in edges] == [
        {"researcherId": global_id("Researcher", "r1"), "state": "MET"},
        {"researcherId": global_id("Researcher", "r2"), "state": "OPEN"},
    ]
    watch = f'subscription {{ termMinimaChanged(researcher: "r2", term: "{TERM}") {{ minima {{ earned }} }} }}'
    me = Sender(person="r2", district=asker.house.district)
    async with watching(asker.door, asker.house.researcher("r2"), watch) as mine:
        assert await pushed(mine) == {"minima": [{"earned": "0"}]}
        await asker.house.call(field_records.RECORD_WORK, me.observe(new_id("lesson"), lesson={"comment": "好"}))
        assert await pushed(mine) == {"minima": [{"earned": "1"}]}
