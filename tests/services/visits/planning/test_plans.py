"""Plans through the service: drafted, solved apart, proven impossible, cancelled, adopted, planned anew."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from yanxiu_visits.planning.plan_store import change_plan, put_plan, read_contents, read_plans
from yanxiu_visits.planning.planner import Planner
from yanxiu_wire import registry, residency
from yanxiu_wire import rotation_plan as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.listening import listen
from yanxiu_wire.refusal import Refused
from yanxiu_wire.researcher import Absence
from yanxiu_wire.term import TERM_CHANGED, Term, TermChanged

from tests.services.visits.made_up_law import LAW_SINCE

LATER = (
    Term(id="2025-2026-1", school_year="2025-2026", number=1, starts_on=date(2025, 9, 1), ends_on=date(2026, 1, 23)),
    Term(id="2025-2026-2", school_year="2025-2026", number=2, starts_on=date(2026, 2, 23), ends_on=date(2026, 6, 26)),
)
FIRST = "2024-2025-1"
Planned = Callable[..., Awaitable[Any]]
ErrorOf = Callable[[Any, str], Any]


@pytest.fixture
async def ground(quick_house: Any) -> Any:
    """A district with two researchers, three schools and the four terms of a window."""
    await in_later_terms(quick_house)
    return quick_house


async def in_later_terms(house: Any) -> None:
    for term in LATER:
        await house.tell(TERM_CHANGED, TermChanged(term=term))
    await house.until(lambda rows: len(rows) == 4)


async def draft(house: Any, additions: wire.PlanAdditions | None = None, **given: Any) -> Any:
    asked = {"name": "两年蹲点安排", "first_term": FIRST} | given
    command = wire.DraftRotationPlan(
        caller=house.officer, key=house.key(), additions=additions or wire.PlanAdditions(), **asked
    )
    return await house.call(wire.DRAFT_ROTATION_PLAN, command)


async def ended(house: Any, plan: str) -> wire.RotationPlan:
    """The plan when the planner has ended; announced, and asked again since the announcement may come first."""
    async with asyncio.timeout(60):
        while True:
            found = await house.call(wire.GET_ROTATION_PLANS, wire.GetRotationPlans(caller=house.officer, ids=(plan,)))
            if found.items[0].state != "planning":
                return found.items[0]
            await asyncio.sleep(0.05)


async def solved(house: Any, plan: str, seconds: int = 30) -> wire.RotationPlan:
    started = await house.call(
        wire.START_PLANNING, wire.StartPlanning(caller=house.officer, key=house.key(), plan=plan, seconds=seconds)
    )
    assert not isinstance(started, Refused), started
    assert started.state == "planning"
    return await ended(house, plan)


async def adopt(house: Any, plan: str) -> Any:
    command = wire.AdoptRotationPlan(caller=house.officer, key=house.key(), plan=plan)
    return await house.call(wire.ADOPT_ROTATION_PLAN, command)


async def contents(house: Any, plan: str) -> wire.PlanContents:
    alone = await house.call(wire.GET_PLAN_CONTENTS, wire.GetPlanContents(caller=house.officer, plan=plan))
    several = wire.GetContentsOfPlans(caller=house.officer, plans=("none", plan))
    unknown, same = (await house.call(wire.GET_CONTENTS_OF_PLANS, several)).items
    assert (unknown.errors[0].code, same) == ("PLAN_UNKNOWN", alone)
    return alone


async def residencies(house: Any, caller: Any = None, **narrowed: Any) -> list[residency.Residency]:
    query = residency.ListResidencies(caller=caller or house.officer, **narrowed)
    return list((await house.call(residency.LIST_RESIDENCIES, query)).items)


async def test_a_window_is_drafted_solved_and_adopted_and_its_residencies_stand(house: Any) -> None:
    await in_later_terms(house)
    travel = tuple(
        wire.TravelCost(person=person, school=school, units=units)
        for person, school, units in (("r1", "s1", 5), ("r1", "s2", 1), ("r2", "s1", 1), ("r2", "s2", 5))
    )
    plan = await draft(house, wire.PlanAdditions(travel=travel))
    assert plan.state == "draft"
    assert plan.terms == (FIRST, "2024-2025-2", "2025-2026-1", "2025-2026-2")
    found = await solved(house, plan.id)
    assert (found.state, found.proven, found.gap) == ("planned", True, 0)
    held = await contents(house, plan.id)
    assert sum(part.points for part in held.parts) == found.score
    assert len(held.placed) == 8
    adopted = await adopt(house, plan.id)
    assert (adopted.state, adopted.adopted_by) == ("adopted", "test-institute-officer")
    made = await residencies(house)
    assert {(one.person, one.school, one.term) for one in made} == {
        (one.person, one.school, one.term) for one in held.placed
    }
    own = await residencies(house, house.researcher("r1"))
    assert {one.person for one in own} == {"r1"}
    assert {one.school for one in await residencies(house, house.school("s2"))} == {"s2"}


async def test_a_plan_that_cannot_be_is_answered_with_the_proof_and_the_least_change(ground: Any) -> None:
    barred = (wire.PlanPairing(person="r1", school="s3"), wire.PlanPairing(person="r2", school="s3"))
    plan = await draft(ground, wire.PlanAdditions(forbidden=barred))
    found = await solved(ground, plan.id)
    assert found.state == "impossible"
    none = (await contents(ground, plan.id)).none
    assert none is not None
    assert none.counted is not None
    assert none.counted.schools == ("s3",)
    assert "MADE-2" in none.said.zh
    assert none.least is not None
    assert [(one.kind, one.school) for one in none.least.changes] == [("forbidden", "s3")]
    assert isinstance(await adopt(ground, plan.id), Refused)


async def test_an_absence_plans_anew_with_the_fewest_changes_and_keeps_what_stays(ground: Any) -> None:
    plan = await draft(ground)
    await solved(ground, plan.id)
    await adopt(ground, plan.id)
    before = await residencies(ground)
    leave = Absence(since=date(2025, 9, 1), until=date(2026, 1, 31), kind="产假")
    await ground.enrol("r2", subjects=("数学",), version=2, absences=(leave,))
    await ground.until(lambda rows: any(row["version"] == 2 for row in rows), "researcher_fact")
    command = wire.RedraftRotationPlan(caller=ground.officer, key=ground.key(), plan=plan.id, reason="r2 产假")
    redrafted = await ground.call(wire.REDRAFT_ROTATION_PLAN, command)
    assert (redrafted.replaces, redrafted.open_from) == (plan.id, 1)
    found = await solved(ground, redrafted.id)
    assert found.state == "planned"
    assert found.distance == found.distance_bound
    moved = (await contents(ground, redrafted.id)).moved
    assert ("r2", "2025-2026-1") in {(one.person, one.term) for one in moved}
    assert (await adopt(ground, redrafted.id)).state == "adopted"
    after = await residencies(ground)
    kept = {one.id for one in before} & {one.id for one in after}
    assert len(before) - len(kept) == sum(len(one.before) for one in moved)
    assert all(one.term != "2025-2026-1" for one in after if one.person == "r2")
    old = await ground.call(wire.GET_ROTATION_PLANS, wire.GetRotationPlans(caller=ground.officer, ids=(plan.id,)))
    assert old.items[0].state == "replaced"


async def test_what_is_over_is_neither_planned_anew_nor_adopted(ground: Any, clock: Any, error_of: ErrorOf) -> None:
    plan = await draft(ground)
    await solved(ground, plan.id)
    late = await draft(ground, name="另一安排")
    await solved(ground, late.id)
    await adopt(ground, plan.id)
    before = await residencies(ground)

    async def redraft(from_term: str) -> Any:
        given = {"caller": ground.officer, "key": ground.key(), "plan": plan.id, "reason": "调整"}
        command = wire.RedraftRotationPlan(from_term=from_term, **given)
        return await ground.call(wire.REDRAFT_ROTATION_PLAN, command)

    second = await redraft("2024-2025-2")
    await solved(ground, second.id)
    was = clock.day
    try:
        clock.day = date(2025, 9, 15)
        error_of(await redraft("2024-2025-2"), "TERM_NOT_OPEN")
        assert error_of(await adopt(ground, second.id), "PLAN_OVER").value == "2024-2025-2"
        clock.day = date(2026, 12, 1)
        error_of(await adopt(ground, late.id), "PLAN_OVER")
    finally:
        clock.day = was
    assert await residencies(ground) == before


async def test_a_plan_that_facts_have_overtaken_is_not_adopted(ground: Any, error_of: ErrorOf) -> None:
    plan = await draft(ground)
    await solved(ground, plan.id)
    leave = Absence(since=date(2025, 2, 1), until=None, kind="挂职")
    await ground.enrol("r1", version=2, absences=(leave,))
    await ground.until(lambda rows: any(row["version"] == 2 for row in rows), "researcher_fact")
    told = error_of(await adopt(ground, plan.id), "PLAN_OUTDATED")
    person, school, term = told.value.split()
    assert (person, term) == ("r1", "2024-2025-2")
    assert school in ("s1", "s2", "s3")
    assert told.message_zh.endswith(f"，{term}，此人在该学期或批次过半时间不在岗。")
    assert not {"absent", school} & set(re.findall(r"[a-z]+[0-9]*", told.message_zh)), "no word of the solver, no id"
    assert await residencies(ground) == []


async def test_a_cancelled_planner_ends_soon_and_leaves_its_best_so_far_or_nothing(ground: Any) -> None:
    schools = [f"x{at:02}" for at in range(30)]
    await ground.open(*schools)
    for at in range(12):
        await ground.employ(f"q{at:02}")
        await ground.enrol(f"q{at:02}")
    await ground.until(lambda rows: len(rows) == 14, "researcher_fact")
    travel = tuple(
        wire.TravelCost(person=f"q{p:02}", school=school, units=(p * 37 + s * 91) % 53)
        for p in range(12)
        for s, school in enumerate(schools)
    )
    additions = wire.PlanAdditions(travel=travel, allowance=9, weights=wire.PlanWeights(overtravel=7, crowd=1))
    plan = await draft(ground, additions)
    started = await ground.call(
        wire.START_PLANNING, wire.StartPlanning(caller=ground.officer, key=ground.key(), plan=plan.id, seconds=300)
    )
    assert started.state == "planning"
    wished = await ground.call(
        wire.CANCEL_PLANNING, wire.CancelPlanning(caller=ground.officer, key=ground.key(), plan=plan.id)
    )
    assert wished.cancelling
    found = await ended(ground, plan.id)
    assert found.state in ("planned", "cancelled")
    if found.state == "planned":
        assert found.gap is not None
        assert len((await contents(ground, plan.id)).placed) == 14 * 4


async def test_the_bus_is_answered_while_the_planner_works_and_its_progress_is_announced(ground: Any) -> None:
    heard: list[wire.RotationPlanChanged] = []
    all_heard = asyncio.Event()

    def told(body: wire.RotationPlanChanged | None) -> None:
        if body is not None:
            heard.append(body)
            if body.state == "planned":
                all_heard.set()

    ear = await listen(ground.bus, wire.ROTATION_PLAN_CHANGED, ground.district, told)
    try:
        plan = await draft(ground)
        await solved(ground, plan.id)
        await asyncio.wait_for(all_heard.wait(), 10)
    finally:
        await ear.stop()
    assert heard[0].state == "draft"
    assert {one.plan for one in heard} == {plan.id}


async def test_what_a_plan_asks_must_name_what_there_is(ground: Any, error_of: ErrorOf) -> None:
    nobody = wire.PlanAdditions(fixed=(wire.PlanPairing(person="nobody", school="s1"),))
    assert error_of(await draft(ground, nobody), "PLAN_CONTRADICTS").field == "additions.fixed[0].person"
    costs = wire.PlanAdditions(weights=wire.PlanWeights(travel=-1))
    assert error_of(await draft(ground, costs), "PLAN_CONTRADICTS").field == "additions.weights.travel"
    error_of(await draft(ground, first_term=None), "PERIOD_WANTED")
    error_of(await draft(ground, first_term="2030-2031-1"), "TERM_UNKNOWN")
    missing = error_of(await draft(ground, first_term="2025-2026-1"), "TERMS_MISSING")
    assert missing.clauses == ("MADE-2",)
    error_of(await draft(ground, name=" "), "TEXT_MALFORMED")
    error_of(await adopt(ground, "nothing"), "PLAN_UNKNOWN")


async def test_a_draft_can_be_revised_and_an_adopted_plan_cannot(ground: Any, error_of: ErrorOf) -> None:
    plan = await draft(ground)
    await solved(ground, plan.id)
    revise = wire.ReviseRotationPlan(
        caller=ground.officer, key=ground.key(), plan=plan.id, additions=wire.PlanAdditions(most_a_term=1)
    )
    assert (await ground.call(wire.REVISE_ROTATION_PLAN, revise)).state == "draft"
    error_of(await adopt(ground, plan.id), "PLAN_NOT_SO")
    await solved(ground, plan.id)
    await adopt(ground, plan.id)
    again = wire.ReviseRotationPlan(caller=ground.officer, key=ground.key(), plan=plan.id, name="别的名字")
    error_of(await ground.call(wire.REVISE_ROTATION_PLAN, again), "PLAN_NOT_SO")
    second = await draft(ground)
    await solved(ground, second.id)
    error_of(await adopt(ground, second.id), "PLAN_OVERLAPS")


async def test_who_is_no_officer_neither_plans_nor_reads_plans(ground: Any, error_of: ErrorOf) -> None:
    plan = await draft(ground)
    for role in ("researcher", "school-leader", "teacher"):
        query = wire.GetRotationPlans(caller=ground.caller(role), ids=(plan.id,))
        error_of(await ground.call(wire.GET_ROTATION_PLANS, query), "FORBIDDEN")
    operator = wire.AdoptRotationPlan(caller=ground.caller("platform-operator"), key=ground.key(), plan=plan.id)
    error_of(await ground.call(wire.ADOPT_ROTATION_PLAN, operator), "FORBIDDEN")


async def test_a_batch_of_base_schools_has_leads_and_helpers_and_the_next_one_is_another(
    quick_house: Any, error_of: ErrorOf
) -> None:
    house = quick_house
    await house.bind(registry.PackBinding(pack="by-batch", since=LAW_SINCE), version=2)
    await house.open("b1", "b2")
    await house.tell(registry.SCHOOL_CHANGED, _rural("b3"))
    await house.tell(registry.SCHOOL_CHANGED, _rural("b4"))
    for helper in ("h1", "h2"):
        await house.employ(helper)
    await house.until(lambda rows: any(row["version"] == 2 for row in rows), "district_fact")
    await house.until(lambda rows: len(rows) == 7, "school_fact")
    await house.until(lambda rows: {"h1", "h2"} <= {row["teacher"] for row in rows}, "teacher_fact")
    helpers = tuple(wire.PlanHelper(person=one, kind="area_staff") for one in ("h1", "h2"))
    additions = wire.PlanAdditions(helpers=helpers, candidates=("b1", "b2", "b3", "b4"), base_schools=2)
    error_of(await draft(house, additions, first_term=FIRST), "PERIOD_WANTED")
    first = await draft(house, additions, first_term=None, starts_on=date(2024, 11, 1))
    assert (first.kind, first.ends_on) == ("batch", date(2026, 10, 31))
    assert (await solved(house, first.id)).state == "planned"
    await adopt(house, first.id)
    made = await residencies(house)
    assert {one.term for one in made} == {None}
    assert sorted(one.role for one in made) == ["collaborator"] * 4 + ["lead"] * 2
    chosen = {one.school for one in made}
    second = await draft(house, additions, first_term=None, starts_on=date(2026, 11, 1))
    assert (await solved(house, second.id)).state == "planned"
    next_schools = {one.school for one in (await contents(house, second.id)).placed}
    assert len(next_schools) == 2
    assert not next_schools & chosen


def _rural(school: str) -> registry.SchoolChanged:
    opened = date(2000, 9, 1)
    card = registry.School(id=school, code=school, name="合成学校", stage="primary", location="rural", opened_on=opened)
    return registry.SchoolChanged(school=school, version=1, history=((opened, card),))


async def test_a_plan_that_a_dead_process_left_behind_is_taken_up_again(ground: Any) -> None:
    plan = await draft(ground)
    found = await solved(ground, plan.id)
    left = msgspec.structs.replace(found, state="planning")
    async with ground.service.databases.write(ground.district, Deadline.after(10)) as conn:
        await change_plan(conn, ground.district, left)
    other = Planner(ground.service, committed=lambda: None)
    await other.start()
    try:
        again = await ended(ground, plan.id)
    finally:
        await other.stop()
    assert (again.state, again.score) == ("planned", found.score)


async def test_a_solver_that_cannot_answer_leaves_the_plan_failed_and_the_service_alive(ground: Any) -> None:
    plan = await draft(ground)
    await solved(ground, plan.id)
    async with ground.service.databases.write(ground.district, Deadline.after(10)) as conn:
        known = (await read_plans(conn, ground.district, [plan.id]))[plan.id]
        held = await read_contents(conn, ground.district, plan.id)
        left = msgspec.structs.replace(known, state="planning")
        await put_plan(conn, ground.district, left, held, problem="[]", seconds=5)
    ground.service.planning.wake(ground.district)
    failed = await ended(ground, plan.id)
    assert failed.state == "failed"
    assert failed.problem
    assert (await solved(ground, plan.id)).state == "planned", "it can be started again"
