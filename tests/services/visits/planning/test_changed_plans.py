"""Plans that replace another: what was stays, what is to come follows the newest plan, also one changed back."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from yanxiu_wire import registry, residency
from yanxiu_wire import rotation_plan as wire
from yanxiu_wire.refusal import Refused

from tests.services.visits.conftest import House
from tests.services.visits.made_up_law import LAW_SINCE
from tests.services.visits.planning.test_plans import FIRST, adopt, draft, in_later_terms, residencies, solved

Stay = tuple[str, date, date]
_districts = itertools.count(1)


@pytest.fixture
async def ground(quick_house: Any) -> Any:
    """A district with two researchers, three schools and the four terms of a window."""
    await in_later_terms(quick_house)
    return quick_house


@pytest.fixture
def days(clock: Any) -> Iterator[Any]:
    """The clock, set back afterwards."""
    was = clock.day
    yield clock
    clock.day = was


async def redraft(house: Any, plan: str, **given: Any) -> Any:
    asked = {"caller": house.officer, "key": house.key(), "plan": plan, "reason": "调整"} | given
    return await house.call(wire.REDRAFT_ROTATION_PLAN, wire.RedraftRotationPlan(**asked))


async def changed(house: Any, plan: str, additions: wire.PlanAdditions, **given: Any) -> str:
    """The plan that replaces one, adopted."""
    anew = await redraft(house, plan, additions=additions, **given)
    assert not isinstance(anew, Refused), anew
    assert (await solved(house, anew.id)).state == "planned"
    assert (await adopt(house, anew.id)).state == "adopted"
    return anew.id


async def stays(house: Any, person: str, term: str | None) -> list[Stay]:
    """Where somebody is and was, by first day, without what was withdrawn."""
    found = await house.call(residency.LIST_RESIDENCIES, residency.ListResidencies(caller=house.officer))
    own = [one for one in found.items if (one.person, one.term) == (person, term)]
    return [(one.school, one.starts_on, one.ends_on) for one in own]


async def test_a_term_changed_and_changed_back_leaves_nobody_without_a_school(ground: Any, days: Any) -> None:
    plan = await draft(ground)
    await solved(ground, plan.id)
    await adopt(ground, plan.id)
    ((first, begun, last),) = await stays(ground, "r1", FIRST)
    days.day = date(2024, 10, 18)
    away = wire.PlanAdditions(forbidden=(wire.PlanPairing(person="r1", school=first, term=FIRST),))
    second = await changed(ground, plan.id, away, from_term=FIRST)
    other = (await stays(ground, "r1", FIRST))[1][0]
    days.day = date(2024, 10, 28)
    back = wire.PlanAdditions(fixed=(wire.PlanPairing(person="r1", school=first, term=FIRST),))
    third = await changed(ground, second, back, from_term=FIRST)
    assert await stays(ground, "r1", FIRST) == [
        (first, begun, date(2024, 10, 17)),
        (other, date(2024, 10, 18), date(2024, 10, 27)),
        (first, date(2024, 10, 28), last),
    ]
    before = {one.id: one for one in await residencies(ground, term=FIRST)}
    days.day = date(2025, 3, 10)
    free = wire.PlanAdditions(forbidden=(wire.PlanPairing(person="r2", school="s1", term="2025-2026-2"),))
    await changed(ground, third, free)
    assert {one.id: one for one in await residencies(ground, term=FIRST)} == before, "what was stays"


def _school(name: str, location: Any) -> registry.SchoolChanged:
    opened = date(2000, 9, 1)
    card = registry.School(id=name, code=name, name="合成学校", stage="primary", location=location, opened_on=opened)
    return registry.SchoolChanged(school=name, version=1, history=((opened, card),))


@pytest.fixture
async def batch(quick_visits: Any) -> Any:
    """A district that places by batches: a town and a rural school, three researchers and three helpers."""
    house = House(quick_visits, quick_visits.bus, f"changed-{next(_districts)}")
    await house.bind(registry.PackBinding(pack="by-batch", since=LAW_SINCE))
    for name, location in (("s1", "town"), ("s2", "rural")):
        await house.tell(registry.SCHOOL_CHANGED, _school(name, location))
    for at, person in enumerate(("t1", "t2", "t3", "r1", "r2", "r3")):
        await house.employ(person, f"s{at % 2 + 1}")
    for person in ("r1", "r2", "r3"):
        await house.enrol(person)
    await house.settle()
    return house


HELPERS = tuple(wire.PlanHelper(person=one, kind="area_staff") for one in ("t1", "t2", "t3"))


async def _lead(house: Any) -> tuple[str, residency.Residency]:
    """An adopted batch from October 2024 on, and the lead of its town school."""
    plan = await draft(house, wire.PlanAdditions(helpers=HELPERS), first_term=None, starts_on=date(2024, 10, 1))
    await solved(house, plan.id)
    await adopt(house, plan.id)
    return plan.id, next(one for one in await residencies(house, school="s1") if one.role == "lead")


async def test_a_batch_changed_and_changed_back_has_its_lead_again(batch: Any, days: Any) -> None:
    plan, lead = await _lead(batch)
    pair = wire.PlanPairing(person=lead.person, school="s1", role="lead")
    days.day = date(2025, 3, 3)
    second = await changed(batch, plan, wire.PlanAdditions(helpers=HELPERS, forbidden=(pair,)))
    days.day = date(2025, 9, 1)
    await changed(batch, second, wire.PlanAdditions(helpers=HELPERS, fixed=(pair,)))
    here = [one for one in await residencies(batch, school="s1") if one.role == "lead"]
    assert [(one.person, one.starts_on, one.ends_on) for one in here if one.person == lead.person] == [
        (lead.person, date(2024, 10, 1), date(2025, 3, 2)),
        (lead.person, date(2025, 9, 1), lead.ends_on),
    ]
    assert sum(one.ends_on == lead.ends_on for one in here) == 1


async def test_a_lead_who_has_left_is_replaced_however_long_he_served(batch: Any, days: Any) -> None:
    plan, lead = await _lead(batch)
    days.day = date(2025, 12, 1)
    await batch.enrol(lead.person, version=2, ends_on=date(2025, 11, 30))
    await batch.until(lambda rows: any(row["version"] == 2 for row in rows), "researcher_fact")
    await changed(batch, plan, wire.PlanAdditions(helpers=HELPERS))
    assert {one.ends_on for one in await residencies(batch, person=lead.person)} == {date(2025, 11, 30)}
    leads = [one for one in await residencies(batch) if one.role == "lead" and one.ends_on == lead.ends_on]
    assert sorted(one.school for one in leads) == ["s1", "s2"]
    assert lead.person not in {one.person for one in leads}
