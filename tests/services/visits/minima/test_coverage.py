"""The district's map over a real bus, under the law of Ouhai and through GraphQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from yanxiu_visits.planning.residency_store import add_residencies
from yanxiu_wire import coverage as wire
from yanxiu_wire import visiting
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.residency import Residency

from tests.services.visits.conftest import TERMS
from tests.services.visits.field import Sender, new_id
from tests.services.visits.minima.test_minima import asker  # noqa: F401 - the fixture
from tests.services.visits.test_graphql import Asker

ErrorOf = Callable[[Any, str], Any]


async def place(house: Any, *pairs: tuple[str, str], term: int = 0) -> None:
    """Somebody placed at a school for a term, as an adopted plan would have it."""
    when = TERMS[term]
    made = [
        Residency(
            id=new_id("residency"), plan="plan", person=person, school=school, role="lead", term=when.id,
            starts_on=when.starts_on, ends_on=when.ends_on,
        )
        for person, school in pairs
    ]  # fmt: skip
    async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
        await add_residencies(conn, house.district, made)


async def visit(house: Any, person: str, school: str, day: str = "10-14") -> str:
    name, sender = new_id("visit"), Sender(person=person, district=house.district)
    await house.call(visiting.ARRIVE_AT_SCHOOL, sender.arrive(name, f"{day} 08:00", school))
    await house.call(visiting.LEAVE_SCHOOL, sender.leave(name, f"{day} 16:00"))
    return f"{person}.{name}"


async def coverage(house: Any, **asked: Any) -> Any:
    return await house.call(wire.LIST_COVERAGE, wire.ListCoverage(caller=house.officer, **asked))


@pytest.fixture
async def placed(ouhai: Any) -> Any:
    """Ouhai's schools s1 to s3, a kindergarten k1 and an institution i1: r1 placed at s1, r2 at s2, one visit to s1."""
    await ouhai.open("k1", stage="kindergarten")
    await ouhai.open("i1", affiliation="county-institution")
    await ouhai.until(lambda rows: len(rows) == 5, "school_fact")
    await place(ouhai, ("r1", "s1"), ("r2", "s2"))
    await visit(ouhai, "r1", "s1")
    return ouhai


async def test_the_map_shows_who_is_where_and_the_law_answers_by_plan_and_by_visit(placed: Any) -> None:
    found = await coverage(placed, terms=("2024-2025-1",))
    states = {one.school: one.state for one in found.items}
    # An institution of the register is no school; a kindergarten is one, unless the district says otherwise.
    assert states == {"k1": "uncovered", "s1": "visited", "s2": "assigned", "s3": "uncovered"}
    assert (found.schools, found.placed, found.visited, found.alerts) == (4, 2, 1, 0)
    (by_plan,), (by_visit,) = found.rulings_placed, found.rulings_visited
    assert (by_plan.kind, by_plan.failed, by_visit.failed) == ("coverage", ("OUHAI-6-6d",), ("OUHAI-6-6d",))
    assert any("2 schools were not reached" in step.en for step in by_plan.steps)
    assert any("3 schools were not reached" in step.en for step in by_visit.steps)


async def test_after_the_term_who_is_placed_and_did_not_come_is_seen(placed: Any) -> None:
    found = await coverage(placed, as_of=date(2025, 3, 3))
    assert found.terms == ("2024-2025-1", "2024-2025-2")  # of the law's window of four, those that had begun
    assert {one.school for one in found.items if one.state == "unvisited"} == {"s2"}
    earlier = await coverage(placed, terms=("2024-2025-1",), as_of=date(2024, 10, 13))
    assert earlier.visited == 0


async def test_a_district_may_leave_kindergartens_out(placed: Any) -> None:
    from yanxiu_wire import registry

    settings = {"coverage_roster": {"value": {"幼儿园": False}, "decided_by": "区教研〔2024〕1号"}}
    await placed.bind(registry.PackBinding(pack="ouhai", since=date(2024, 4, 7), settings=settings), version=2)
    await placed.until(lambda rows: any("幼儿园" in row["body"] for row in rows), "district_fact")
    found = await coverage(placed, terms=("2024-2025-1",))
    assert [one.school for one in found.items] == ["s1", "s2", "s3"]
    whole = await coverage(placed, terms=("2024-2025-1",), due=False)
    assert {one.school: one.due for one in whole.items} == {"k1": False, "s1": True, "s2": True, "s3": True}
    assert any("1 schools were not reached" in step.en for step in found.rulings_placed[0].steps)


async def test_pages_filters_and_terms_that_do_not_exist(placed: Any, error_of: ErrorOf) -> None:
    first = await coverage(placed, terms=("2024-2025-1",), page=Page(first=3))
    assert ([one.school for one in first.items], first.has_next, first.total) == (["k1", "s1", "s2"], True, 4)
    rest = await coverage(placed, terms=("2024-2025-1",), page=Page(first=3, after=first.cursors[-1]))
    assert ([one.school for one in rest.items], rest.has_next) == (["s3"], False)
    assert [one.school for one in (await coverage(placed, state="assigned")).items] == ["s2"]
    error_of(await coverage(placed, terms=("2031-2032-1",)), "TERM_UNKNOWN")


async def test_repeat_visits_through_graphql(asker: Asker) -> None:  # noqa: F811 - the fixture
    house = asker.house
    for number in range(5):
        await visit(house, "r1", "s1", f"10-1{number}")
    await visit(house, "r2", "s2")
    query = """query { coverage(alert: REPEATED, terms: ["2024-2025-1"]) { totalCount schools visited alerts
      edges { node { state visits halfDays near alerts cells { term visitors { visits halfDays } visitIds } } } } }"""
    found = (await asker.ask(house.officer, query))["coverage"]
    # Five visits are not more than twice three, the average of the two that were visited.
    assert (found["totalCount"], found["schools"], found["visited"]) == (0, 3, 2)
    await house.open("s4")
    await house.until(lambda rows: len(rows) == 4, "school_fact")
    await visit(house, "r2", "s4")
    found = (await asker.ask(house.officer, query))["coverage"]
    (edge,) = found["edges"]
    node = edge["node"]
    assert (node["state"], node["visits"], node["halfDays"], node["alerts"]) == ("VISITED", 5, 10, ["REPEATED"])
    assert node["cells"][0]["visitors"] == [{"visits": 5, "halfDays": 10}]
    assert len(node["cells"][0]["visitIds"]) == 5
