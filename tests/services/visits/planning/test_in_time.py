"""The same answer every time, the best so far when the time is over or somebody cancels, and progress on the way."""

from __future__ import annotations

import inspect
import re
from random import Random

import pytest
from msgspec.structs import replace
from yanxiu_visits.planning.solver import check_plan as check_plan_module
from yanxiu_visits.planning.solver.answer import Plan, Progress, Undecided
from yanxiu_visits.planning.solver.check_plan import PlanWrong, breaches, check_plan
from yanxiu_visits.planning.solver.problem import Assignment, Pairing, Person, Problem, School, Weights
from yanxiu_visits.planning.solver.refused import ProblemRefused
from yanxiu_visits.planning.solver.say_breach import SENTENCES, say_breach
from yanxiu_visits.planning.solver.solve import plan

from tests.services.visits.planning.laws import by_batch, by_terms

TERMS = ("1", "2", "3", "4")


def district(seed: int, researchers: int, schools: int) -> Problem:
    draw = Random(seed)
    roster = tuple(
        School(id=f"s{at:02}", stage="primary", teaches=frozenset({"primary"}), weak=draw.randrange(6) == 0)
        for at in range(schools)
    )
    people = tuple(Person(id=f"r{at:02}") for at in range(researchers))
    travel = {person.id: {school.id: draw.randrange(60) for school in roster} for person in people}
    return Problem(placing=by_terms(), terms=TERMS, people=people, schools=roster, travel=travel)


def hard(seed: int = 1) -> Problem:
    """One that takes the solver long: what a person travels above an allowance adds up over the terms."""
    return replace(district(seed, 20, 40), allowance=11, weights=Weights(overtravel=7, crowd=1))


def test_the_same_problem_gives_the_same_plan_in_whatever_order_it_is_told() -> None:
    problem = district(3, 8, 20)
    turned = replace(problem, people=problem.people[::-1], schools=problem.schools[::-1])
    first, second, third = plan(problem), plan(problem), plan(turned)
    assert isinstance(first, Plan)
    assert isinstance(second, Plan)
    assert isinstance(third, Plan)
    assert first.assignments == second.assignments == third.assignments
    assert first.proven


def test_a_cancelled_search_gives_its_best_so_far_with_the_gap() -> None:
    heard: list[Progress] = []
    problem = hard()
    answer = plan(problem, seconds=60, tell=heard.append, cancelled=lambda: any(one.found for one in heard))
    assert isinstance(answer, Plan)
    assert not answer.proven
    assert answer.gap == answer.score - answer.bound > 0
    assert not list(breaches(problem, answer.assignments))


def test_when_the_time_is_over_the_best_so_far_is_returned_and_no_plan_is_below_the_bound() -> None:
    problem = hard()
    heard: list[Progress] = []
    short = plan(problem, seconds=1.5, tell=heard.append)
    assert isinstance(short, Plan | Undecided)
    if isinstance(short, Plan):
        assert 0 <= short.bound <= short.score
        assert short.proven == (short.gap == 0)


def test_without_any_time_nothing_is_said_of_the_problem() -> None:
    assert isinstance(plan(district(1, 8, 20), seconds=0), Undecided)


def test_progress_tells_plans_that_hold_with_their_score_and_bounds_that_rise() -> None:
    heard: list[Progress] = []
    problem = district(5, 10, 24)
    answer = plan(problem, tell=heard.append)
    assert isinstance(answer, Plan)
    found = [one for one in heard if one.found is not None]
    assert found
    for one in found:
        assert one.step == "best_score"
        check_plan(problem, one.found or (), one.best)
    bounds = [one.bound for one in heard if one.bound is not None]
    assert bounds == sorted(bounds)
    assert bounds[-1] <= answer.score


def test_an_absence_and_a_new_school_change_only_what_they_must() -> None:
    problem = district(7, 10, 24)
    made = plan(problem)
    assert isinstance(made, Plan)
    gone = problem.people[2]
    later = replace(
        problem,
        people=tuple(replace(p, absent=frozenset({"3"})) if p.id == gone.id else p for p in problem.people),
        schools=(*problem.schools, School(id="new", stage="primary", teaches=frozenset({"primary"}))),
        held=tuple(one for one in made.assignments if one.term in TERMS[:2]),
        open_from=2,
        in_force=made.assignments,
    )
    answer = plan(later)
    assert isinstance(answer, Plan)
    assert answer.distance == answer.distance_bound
    # One placing falls away; the new school takes one place of somebody, and what that one did may need another.
    assert len(answer.moved) <= 3
    assert set(later.held) <= set(answer.assignments)
    assert not list(breaches(later, answer.assignments))


def test_the_checker_refuses_a_plan_that_was_touched() -> None:
    problem = district(9, 4, 9)
    answer = plan(problem)
    assert isinstance(answer, Plan)
    with pytest.raises(PlanWrong, match="present"):
        check_plan(problem, answer.assignments[1:])
    with pytest.raises(PlanWrong, match="scores"):
        check_plan(problem, answer.assignments, answer.score - 1)


def test_a_problem_that_contradicts_itself_is_refused_by_field() -> None:
    problem = district(1, 2, 4)
    with pytest.raises(ProblemRefused, match="fixed"):
        plan(replace(problem, fixed=(Pairing(person="nobody", school="s00"),)))
    with pytest.raises(ProblemRefused, match="people"):
        plan(replace(problem, people=(*problem.people, problem.people[0])))
    with pytest.raises(ProblemRefused, match="travel"):
        plan(replace(problem, travel={"r00": {"s00": -1}}))


def test_where_nothing_has_changed_planning_anew_changes_nothing_however_poor_the_plan() -> None:
    helpers = tuple(Person(id=f"h{at}", kind="area_staff") for at in range(3))
    schools = tuple(
        School(id=name, stage="primary", teaches=frozenset({"primary"}), location=at)
        for name, at in (("s1", "town"), ("s2", "rural"))
    )
    leads = tuple(Assignment(term="b", person="r1", school=one.id) for one in schools)
    teams = tuple(
        Assignment(term="b", person=one.id, school=school.id, role="collaborator")
        for one in helpers
        for school in schools
    )
    problem = Problem(
        placing=by_batch(),
        terms=("b",),
        people=(Person(id="r1"), Person(id="r2"), *helpers),
        schools=schools,
        weights=Weights(beyond=50, load=50),
        in_force=(*leads, *teams),
    )
    answer = plan(problem)
    assert isinstance(answer, Plan)
    assert (answer.distance, answer.distance_bound, answer.moved) == (0, 0, ())
    assert answer.assignments == tuple(sorted((*leads, *teams)))
    assert answer.proven
    anew = plan(replace(problem, in_force=None))
    assert isinstance(anew, Plan)
    assert anew.score < answer.score, "a third helper at each school is more than the law asks"


def test_every_breach_has_its_sentence_in_both_tongues() -> None:
    source = inspect.getsource(check_plan_module)
    kinds = set(re.findall(r'yield(?: from)? \(+"([a-z_]+)"', source)) | set(
        re.findall(r'^            "([a-z_]+)": ', source, re.M)
    )
    assert {"absent", "present", "cover", "pairing"} <= kinds
    assert kinds == set(SENTENCES)
    for kind in kinds:
        zh, en = SENTENCES[kind]
        assert not re.search("[A-Za-z]", zh)
        assert re.fullmatch("[ -~]+", en)


def test_a_breach_names_the_school_and_the_clause() -> None:
    problem = district(1, 2, 4)
    told = say_breach(problem, ("cover", "s00"))
    assert told.about == ("s00",)
    assert told.clauses
    assert told.said.zh.startswith(problem.school["s00"].name)
    fixed = replace(problem, fixed=(Pairing(person="r00", school="s00"),))
    assert say_breach(fixed, ("fixed", "0")).about == ("r00", "s00")
