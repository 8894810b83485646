"""Why there is no plan: the proof holds without what it does not name, and no smaller change would make a plan."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from hypothesis import HealthCheck, assume, given, settings
from msgspec.structs import replace
from yanxiu_visits.planning.solver.answer import Change, Infeasible, Plan, Said
from yanxiu_visits.planning.solver.problem import Pairing, Person, Problem, School
from yanxiu_visits.planning.solver.solve import plan
from yanxiu_visits.planning.solver.unreachable import holds_as_counted
from yanxiu_visits.planning.solver.with_changes import with_changes

from tests.services.visits.planning.brute import every_plan
from tests.services.visits.planning.laws import by_batch, by_terms
from tests.services.visits.planning.worlds import batch_problems, term_problems

SLOW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def exists(problem: Problem) -> bool:
    return any(True for _ in every_plan(problem))


def with_what_is_named_alone(problem: Problem, answer: Infeasible) -> Problem:
    """The same problem without any addition or fact that the proof does not name."""
    named = {cause.kind: cause for cause in answer.causes}

    def people_of(kind: str) -> set[str]:
        return set(named[kind].people) if kind in named else set()

    people = tuple(
        replace(
            one,
            conflicts=one.conflicts if one.id in people_of("conflict") else frozenset(),
            absent=one.absent if one.id in people_of("absent") else frozenset(),
            most=one.most if one.id in people_of("most") else None,
            stages=one.stages if one.id in people_of("stage") else frozenset(),
            subjects=one.subjects if one.id in people_of("subject") else frozenset({"chinese", "maths"}),
        )
        for one in problem.people
    )
    return replace(
        problem,
        people=people,
        fixed=tuple(one for one in problem.fixed if "fixed" in named and (one.person in named["fixed"].people)),
        forbidden=tuple(one for one in problem.forbidden if one.person in people_of("forbidden")),
        most_a_term=problem.most_a_term if "capacity" in named else None,
        everyone=problem.everyone and "everyone" in named,
    )


@SLOW
@given(term_problems())
def test_without_what_the_proof_does_not_name_there_is_still_no_plan_by_terms(problem: Problem) -> None:
    answer = plan(problem, seconds=60)
    assume(isinstance(answer, Infeasible))
    assert isinstance(answer, Infeasible)
    assert answer.counted is not None or answer.irreducible
    # Without an absence a person owes one term more, which is a constraint of its own.
    if not any(one.absent for one in problem.people):
        assert not exists(with_what_is_named_alone(problem, answer))


@SLOW
@given(batch_problems())
def test_without_what_the_proof_does_not_name_there_is_still_no_batch(problem: Problem) -> None:
    answer = plan(problem, seconds=60)
    assume(isinstance(answer, Infeasible))
    assert isinstance(answer, Infeasible)
    assert answer.irreducible
    assert not exists(with_what_is_named_alone(problem, answer))


def single_changes(problem: Problem) -> Iterator[Change]:
    """Every lawful change by one."""
    said = Said(zh="", en="")
    for one in problem.fixed:
        yield Change(kind="fixed", person=one.person, school=one.school, term=one.term, said=said)
    for one in problem.forbidden:
        yield Change(kind="forbidden", person=one.person, school=one.school, said=said)
    for person in problem.people:
        yield from (Change(kind="absent", person=person.id, term=term, said=said) for term in sorted(person.absent))
        yield from (
            Change(kind="conflict", person=person.id, school=one, said=said) for one in sorted(person.conflicts)
        )
        yield from (Change(kind="fit", person=person.id, school=one.id, said=said) for one in problem.schools)
        if person.most is not None:
            yield Change(kind="most", person=person.id, said=said)
    if problem.most_a_term is not None:
        yield Change(kind="capacity", said=said)
    for stage in ("primary", "junior"):
        for subject in ("chinese", "maths"):
            yield Change(kind="researcher", stage=stage, subject=subject, said=said)
    if problem.terms == ("batch",):
        yield from (Change(kind="collaborator", stage=stage, said=said) for stage in ("primary", "junior"))
        yield Change(kind="everyone", said=said)
        if problem.base_schools is None:
            yield from (Change(kind="base", school=one.id, said=said) for one in problem.schools)
        else:
            yield Change(kind="count", said=said)


def holds_as_least(problem: Problem, most: int) -> None:
    """No fewer changes, of those up to `most`, make a plan; those told do (looked at, where that is few enough)."""
    answer = plan(problem, seconds=60)
    assume(isinstance(answer, Infeasible))
    assert isinstance(answer, Infeasible)
    told = None
    if answer.least is not None and all(one.lawful for one in answer.least.changes):
        told = sum(one.count for one in answer.least.changes)
        assert answer.least.least
        assert isinstance(plan(with_changes(problem, answer.least.changes), seconds=60), Plan)
    for size in range(1, most + 1 if told is None else min(told, most + 1)):
        for changes in combinations(single_changes(problem), size):
            dropped = {one.school for one in changes if one.kind == "base"}
            if not any(one.school in dropped for one in changes if one.kind != "base"):
                assert not exists(with_changes(problem, changes)), changes


@SLOW
@given(term_problems().filter(lambda one: len(one.terms) == 2 and len(one.schools) < 4))
def test_no_single_change_less_makes_a_plan_by_terms(problem: Problem) -> None:
    holds_as_least(problem, 2)


@SLOW
@given(batch_problems())
def test_no_single_change_less_makes_a_batch(problem: Problem) -> None:
    holds_as_least(problem, 1)


def _schools(count: int, stage: str = "primary") -> tuple[School, ...]:
    return tuple(
        School(id=f"S{at:02}", stage=stage, teaches=frozenset({stage}), name=f"第{at}小学") for at in range(count)
    )


def _people(count: int) -> tuple[Person, ...]:
    return tuple(Person(id=f"R{at:02}", stages=frozenset({"primary"})) for at in range(count))


def test_too_few_researchers_for_so_many_schools_is_counted_and_says_how_many_more() -> None:
    problem = Problem(
        placing=by_terms(), terms=("1", "2", "3", "4"), people=_people(10), schools=_schools(45), stage_fit="hard"
    )
    answer = plan(problem)
    assert isinstance(answer, Infeasible)
    assert answer.counted is not None
    assert (len(answer.counted.schools), answer.counted.slots, answer.counted.short) == (45, 40, 5)
    assert holds_as_counted(problem, answer.counted)
    assert "45 所学校" in answer.said.zh
    assert "少 5 个人次" in answer.said.zh
    assert "A-3" in answer.said.zh
    assert "too few by 5" in answer.said.en
    assert answer.least is not None
    assert [(one.kind, one.count, one.stage) for one in answer.least.changes] == [("researcher", 2, "primary")]
    assert [[(one.kind, one.count, one.lawful) for one in way.changes] for way in answer.ways] == [
        [("terms", 1, False)]
    ]


def test_schools_that_only_one_person_can_reach_are_found_among_many() -> None:
    barred = frozenset({"S00", "S01", "S02"})
    people = tuple(replace(one, conflicts=barred) if at else one for at, one in enumerate(_people(6)))
    problem = Problem(placing=by_terms(window=2), terms=("1", "2"), people=people, schools=_schools(8))
    answer = plan(problem)
    assert isinstance(answer, Infeasible)
    assert answer.counted is not None
    assert (answer.counted.schools, answer.counted.people) == (("S00", "S01", "S02"), ("R00",))
    assert {cause.kind for cause in answer.causes} == {"cover", "present", "conflict"}
    assert answer.least is not None
    assert [one.kind for one in answer.least.changes] == ["researcher"]
    assert {way.changes[0].kind for way in answer.ways} == {"conflict", "terms"}


def test_a_person_with_one_school_left_contradicts_the_change_of_school() -> None:
    first, *others = _people(3)
    stuck = replace(first, conflicts=frozenset(f"S{at:02}" for at in range(1, 6)))
    problem = Problem(placing=by_terms(), terms=("1", "2", "3", "4"), people=(stuck, *others), schools=_schools(6))
    answer = plan(problem)
    assert isinstance(answer, Infeasible)
    assert answer.counted is None
    assert answer.irreducible
    assert {cause.kind: cause.clauses for cause in answer.causes} == {
        "present": ("A-1",),
        "changes": ("A-2",),
        "conflict": (),
    }
    assert all(cause.people == ("R00",) for cause in answer.causes)
    assert answer.least is not None
    assert [(one.kind, one.person) for one in answer.least.changes] == [("conflict", "R00")]


def test_a_batch_without_a_rural_school_needs_more_than_the_district_can_lift() -> None:
    schools = tuple(replace(one, location="town") for one in _schools(3))
    helpers = tuple(Person(id=f"H{at}", kind="area_staff") for at in range(2))
    problem = Problem(placing=by_batch(), terms=("b",), people=(*_people(3), *helpers), schools=schools, base_schools=2)
    answer = plan(problem)
    assert isinstance(answer, Infeasible)
    assert [cause.kind for cause in answer.causes] == ["both_locations"]
    assert "城镇 3 所、农村 0 所" in answer.said.zh
    assert answer.least is not None
    assert [(one.kind, one.lawful) for one in answer.least.changes] == [("both_locations", False)]


def test_a_fixed_pairing_against_a_conflict_of_interest_is_named_and_lifting_it_is_enough() -> None:
    first, *others = _people(3)
    people = (replace(first, conflicts=frozenset({"S00"})), *others)
    fixed = (Pairing(person="R00", school="S00", term="2"),)
    problem = Problem(placing=by_terms(), terms=("1", "2", "3", "4"), people=people, schools=_schools(6), fixed=fixed)
    answer = plan(problem)
    assert isinstance(answer, Infeasible)
    assert {cause.kind for cause in answer.causes} == {"fixed", "conflict"}
    assert answer.least is not None
    assert [(one.kind, one.person, one.school, one.term) for one in answer.least.changes] == [
        ("fixed", "R00", "S00", "2")
    ]
    assert "第0小学" in answer.least.changes[0].said.zh


def _base_schools() -> tuple[School, ...]:
    return tuple(replace(one, location=at) for one, at in zip(_schools(2), ("town", "rural"), strict=True))


def test_one_person_more_is_less_than_two_bans_lifted() -> None:
    helpers = tuple(Person(id=f"H{at}", kind="area_staff") for at in range(2))
    banned = tuple(Pairing(person="R00", school=school) for school in ("S00", "S01"))
    problem = Problem(
        placing=by_batch(),
        terms=("b",),
        people=(*_people(1), *helpers),
        schools=_base_schools(),
        forbidden=banned,
    )
    answer = plan(problem)
    assert isinstance(answer, Infeasible)
    assert answer.least is not None
    assert [(one.kind, one.count) for one in answer.least.changes] == [("researcher", 1)]
    assert [[one.kind for one in way.changes] for way in answer.ways] == [["forbidden", "forbidden"]]


def test_one_ban_lifted_is_milder_than_one_person_more() -> None:
    helpers = tuple(Person(id=f"H{at}", kind="area_staff") for at in range(2))
    banned = (Pairing(person="R00", school="S00"),)
    problem = Problem(
        placing=by_batch(),
        terms=("b",),
        people=(*_people(1), *helpers),
        schools=_base_schools(),
        forbidden=banned,
    )
    answer = plan(problem)
    assert isinstance(answer, Infeasible)
    assert answer.least is not None
    assert [(one.kind, one.school) for one in answer.least.changes] == [("forbidden", "S00")]
