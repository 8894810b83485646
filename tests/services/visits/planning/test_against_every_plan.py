"""The planner beside a look at every plan there is: the same best score, the same verdict, the same least distance."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from yanxiu_visits.planning.solver.answer import Infeasible, Plan
from yanxiu_visits.planning.solver.check_plan import breaches, points_of
from yanxiu_visits.planning.solver.problem import Assignment, Pairing, Problem, School
from yanxiu_visits.planning.solver.solve import plan
from yanxiu_visits.planning.solver.unreachable import holds_as_counted

from tests.services.visits.planning.brute import every_plan, points
from tests.services.visits.planning.worlds import batch_problems, term_problems

SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def best_of(problem: Problem) -> int | None:
    return min((points(problem, one) for one in every_plan(problem)), default=None)


def holds_with_brute_force(problem: Problem) -> Plan | Infeasible:
    answer = plan(problem, seconds=60)
    best = best_of(problem)
    if best is None:
        assert isinstance(answer, Infeasible)
        return answer
    assert isinstance(answer, Plan)
    assert answer.proven
    assert (answer.score, answer.bound, answer.gap) == (best, best, 0)
    assert points(problem, frozenset(answer.assignments)) == best
    assert sum(part.points for part in answer.parts) == best
    assert all(sum(item.units for item in part.items) == part.units for part in answer.parts)
    return answer


@SLOW
@given(term_problems())
def test_a_plan_by_terms_is_the_best_of_all_plans_or_there_is_none(problem: Problem) -> None:
    answer = holds_with_brute_force(problem)
    if isinstance(answer, Infeasible) and answer.counted is not None:
        assert holds_as_counted(problem, answer.counted)


@SLOW
@given(batch_problems())
def test_a_plan_of_a_batch_is_the_best_of_all_plans_or_there_is_none(problem: Problem) -> None:
    holds_with_brute_force(problem)


@SLOW
@given(term_problems(), st.data())
def test_the_checker_knows_the_same_plans_as_the_list_of_all(problem: Problem, data: st.DataObject) -> None:
    legal = set(every_plan(problem))
    for one in list(legal)[:3]:
        assert not list(breaches(problem, sorted(one)))
        assert points_of(problem, sorted(one)) == points(problem, one)
    slots = [(p.id, t) for p in problem.people for t in problem.terms]
    drawn = [
        Assignment(term=term, person=person, school=data.draw(st.sampled_from(problem.schools)).id)
        for person, term in slots
        if term not in problem.person[person].absent
    ]
    assert (not list(breaches(problem, drawn))) == (frozenset(drawn) in legal)


@SLOW
@given(batch_problems(), st.data())
def test_the_checker_knows_the_same_batches_as_the_list_of_all(problem: Problem, data: st.DataObject) -> None:
    legal = set(every_plan(problem))
    for one in list(legal)[:3]:
        assert not list(breaches(problem, sorted(one)))
        assert points_of(problem, sorted(one)) == points(problem, one)
        changed = data.draw(st.sampled_from(sorted(one)))
        other = replace(changed, school=data.draw(st.sampled_from(problem.schools)).id)
        altered = frozenset(one - {changed} | {other})
        assert (not list(breaches(problem, sorted(altered)))) == (altered in legal)


def _after(problem: Problem, in_force: Sequence[Assignment], data: st.DataObject) -> Problem:
    """The first term is over; somebody may be absent now, and a school may be new."""
    first = problem.terms[0]
    people = problem.people
    if data.draw(st.booleans()):
        gone = data.draw(st.sampled_from(people))
        people = tuple(replace(p, absent=p.absent | {problem.terms[-1]}) if p.id == gone.id else p for p in people)
    new = (
        (School(id="new", stage="primary", teaches=frozenset({"primary"}), weak=True),)
        if data.draw(st.booleans())
        else ()
    )
    return replace(
        problem,
        people=people,
        schools=(*problem.schools, *new),
        held=tuple(one for one in in_force if one.term == first),
        open_from=1,
        in_force=tuple(in_force),
    )


@SLOW
@given(term_problems(), st.data())
def test_planning_anew_changes_as_little_as_any_plan_must_and_is_the_best_of_those(
    problem: Problem, data: st.DataObject
) -> None:
    made = plan(problem, seconds=60)
    if not isinstance(made, Plan):
        return
    later = _after(problem, made.assignments, data)
    answer = plan(later, seconds=60)
    old = {one for one in made.assignments if one.term != problem.terms[0]}
    ways = [(len((set(one) - set(later.held)) ^ old), points(later, one)) for one in every_plan(later)]
    if not ways:
        assert isinstance(answer, Infeasible)
        return
    assert isinstance(answer, Plan)
    assert (answer.distance, answer.score) == min(ways)
    assert answer.distance == answer.distance_bound
    assert answer.proven
    assert sum(len(set(one.before) ^ set(one.after)) for one in answer.moved) == answer.distance


@SLOW
@given(batch_problems(), st.data())
def test_a_batch_planned_anew_changes_as_little_as_any_plan_must(problem: Problem, data: st.DataObject) -> None:
    made = plan(problem, seconds=60)
    if not isinstance(made, Plan):
        return
    gone = data.draw(st.sampled_from(made.assignments))
    ban = Pairing(person=gone.person, school=gone.school, role=gone.role)
    later = replace(problem, in_force=made.assignments, forbidden=(*problem.forbidden, ban))
    answer = plan(later, seconds=60)
    ways = [(len(set(one) ^ set(made.assignments)), points(later, one)) for one in every_plan(later)]
    if not ways:
        assert isinstance(answer, Infeasible)
        return
    assert isinstance(answer, Plan)
    assert (answer.distance, answer.score) == min(ways)
