"""Hold a plan against the problem anew, from the assignments alone: nothing of the model or the measures is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from yanxiu_rulekit.visits import BatchPlacing, TermPlacing

from yanxiu_visits.planning.solver.problem import Assignment, Pairing, Problem, count_of, holds

Breach = tuple[str, str]


class PlanWrong(AssertionError):
    """The solver's answer does not keep to the problem, or does not score what it says: it is never returned."""


def check_plan(problem: Problem, assignments: Sequence[Assignment], score: int | None = None) -> None:
    """Raise `PlanWrong` where the assignments break anything, or (when given) score something else."""
    found = list(breaches(problem, assignments))
    if found:
        raise PlanWrong(f"{len(found)} breaches, the first: {found[:3]}")
    if score is not None and points_of(problem, assignments) != score:
        raise PlanWrong(f"scores {points_of(problem, assignments)}, not {score}")


def breaches(problem: Problem, assignments: Sequence[Assignment]) -> Iterator[Breach]:
    """Yield what the assignments break, each as a kind and whom it is about."""
    if len(set(assignments)) != len(assignments):
        yield ("twice", "an assignment stands twice")
    past = set(problem.terms[: problem.open_from])
    if {one for one in assignments if one.term in past} != set(problem.held):
        yield ("held", "what is over was changed")
    yield from _barred(problem, [one for one in assignments if one.term not in past])
    for at, fixed in enumerate(problem.fixed):
        if not any(_is(fixed, one) for one in assignments):
            yield ("fixed", str(at))
    if isinstance(problem.placing, TermPlacing):
        yield from _terms(problem, problem.placing, assignments)
    else:
        yield from _batch(problem, problem.placing, assignments)


def _is(pairing: Pairing, one: Assignment) -> bool:
    same = (pairing.person, pairing.school) == (one.person, one.school)
    return same and pairing.term in (None, one.term) and pairing.role in (None, one.role)


def _barred(problem: Problem, planned: Sequence[Assignment]) -> Iterator[Breach]:
    roster = {school.id for school in problem.roster}
    for one in planned:
        person, school = problem.person.get(one.person), problem.school.get(one.school)
        if person is None or school is None or one.term not in problem.terms:
            yield ("unknown", f"{one.person} {one.school} {one.term}")
            continue
        fits = (one.person, one.school) in {(pair.person, pair.school) for pair in problem.excepted}
        wrong = {
            "programme": one.school not in roster,
            "absent": one.term in person.absent,
            "closed": one.term in school.closed,
            "conflict": one.school in person.conflicts,
            "forbidden": any(_is(pairing, one) for pairing in problem.forbidden),
            "subject": not fits
            and problem.subject_fit == "hard"
            and one.role == "lead"
            and problem.misses_subject(person, school),
            "stage": not fits and problem.stage_fit == "hard" and problem.misses_stage(person, school),
            "role": one.role == "lead" and person.kind != "researcher",
        }
        yield from ((kind, f"{one.person} {one.school} {one.term}") for kind, is_wrong in wrong.items() if is_wrong)


def _terms(problem: Problem, law: TermPlacing, assignments: Sequence[Assignment]) -> Iterator[Breach]:
    count = Counter((one.person, one.term) for one in assignments)
    for person in problem.researchers:
        for term in problem.open_terms:
            owed = 0 if term in person.absent else count_of(law.schools_a_term)
            if count[person.id, term] != owed:
                yield ("present", f"{person.id} {term}")
    at = {(one.person, one.school, one.term) for one in assignments}
    if holds(law.changes):
        at_all = at | {(one.person, one.school, "") for one in problem.before}
        for earlier, later in pairwise(("", *problem.terms)):
            for person, school, term in at:
                # What is over was decided then, and is not judged again.
                planned = term == later and term in problem.open_terms
                if planned and (person, school, earlier) in at_all:
                    yield ("changes", f"{person} {school} {term}")
    yield from _window(problem, law, at)


def _window(problem: Problem, law: TermPlacing, at: set[tuple[str, str, str]]) -> Iterator[Breach]:
    if holds(law.no_return):
        visits = Counter((person, school) for person, school, _ in at)
        open_at = {(person, school) for person, school, term in at if term in problem.open_terms}
        yield from (("no_return", f"{p} {s}") for (p, s), n in visits.items() if n > 1 and (p, s) in open_at)
    if problem.most_a_term is not None:
        crowd = Counter((school, term) for _, school, term in at if term in problem.open_terms)
        yield from (("capacity", f"{s} {t}") for (s, t), n in crowd.items() if n > problem.most_a_term)
    if holds(law.covers):
        reached = {school for _, school, _ in at}
        yield from (("cover", school.id) for school in problem.roster if school.id not in reached)


def _batch(problem: Problem, law: BatchPlacing, assignments: Sequence[Assignment]) -> Iterator[Breach]:
    schools = {one.school for one in assignments}
    wanted = len(problem.roster) if problem.base_schools is None else problem.base_schools
    if len(schools) != wanted:
        yield ("count", f"{len(schools)} base schools")
    before = {one.school for one in problem.before}
    for school in schools:
        team = [one for one in assignments if one.school == school]
        if sum(one.role == "lead" for one in team) != count_of(law.leads):
            yield ("leads", school)
        if sum(one.role == "collaborator" for one in team) < count_of(law.collaborators):
            yield ("collaborators", school)
        if len({one.person for one in team}) != len(team):
            yield ("one_role", school)
        if law.repeats.binding and not law.repeats.value and school in before:
            yield ("repeat", school)
    yield from _batch_people(problem, law, assignments)
    yield from _batch_links(problem, law, assignments)
    places = {problem.school[school].location for school in schools}
    if holds(law.both_locations) and not {"town", "rural"} <= places:
        yield ("both_locations", "")


def _batch_links(problem: Problem, law: BatchPlacing, assignments: Sequence[Assignment]) -> Iterator[Breach]:
    pairs = {(one.person, one.school) for one in problem.before}
    for one in assignments:
        kinds = law.collaborator_kinds.value
        if one.role == "collaborator" and problem.person[one.person].kind not in (
            kinds if isinstance(kinds, tuple) else ()
        ):
            yield ("role", f"{one.person} {one.school}")
        is_researcher = problem.person[one.person].kind == "researcher"
        if holds(law.pairing_changes) and is_researcher and (one.person, one.school) in pairs:
            yield ("pairing", f"{one.person} {one.school}")


def _batch_people(problem: Problem, law: BatchPlacing, assignments: Sequence[Assignment]) -> Iterator[Breach]:
    for person in problem.people:
        own = [problem.school[one.school] for one in assignments if one.person == person.id]
        if person.most is not None and len(own) > person.most:
            yield ("most", person.id)
        if person.kind != "researcher":
            continue
        if holds(law.one_stage) and own and not frozenset.intersection(*(school.teaches for school in own)):
            yield ("one_stage", person.id)
        many = law.both_locations_from.binding and len(own) >= count_of(law.both_locations_from)
        if many and not {"town", "rural"} <= {school.location for school in own}:
            yield ("balance", person.id)
        away = bool(person.absent & set(problem.terms))
        if problem.everyone and not own and not away:
            yield ("everyone", person.id)


def points_of(problem: Problem, assignments: Sequence[Assignment]) -> int:
    """Count the score of a whole plan in another way than the measures do: straight from the assignments."""
    weights, total = problem.weights, 0
    placed = [(one, problem.person.get(one.person), problem.school[one.school]) for one in assignments]
    for one, person, school in placed:
        total += weights.travel * problem.cost(one.person, one.school)
        if person is not None:
            if problem.subject_fit == "weighted" and one.role == "lead" and problem.misses_subject(person, school):
                total += weights.subject
            if problem.stage_fit == "weighted" and problem.misses_stage(person, school):
                total += weights.stage
    for own in _by(assignments, "person").values():
        total += weights.far * _two(sum(problem.is_far(one.person, one.school) for one in own))
        total += weights.weak * _two(sum(problem.school[one.school].weak for one in own))
        if problem.allowance is not None:
            load = sum(problem.cost(one.person, one.school) for one in own)
            total += weights.overtravel * max(0, load - problem.allowance)
    if isinstance(problem.placing, TermPlacing):
        return total + _term_points(problem, problem.placing, assignments)
    return total + _batch_points(problem, problem.placing, assignments)


def _term_points(problem: Problem, law: TermPlacing, assignments: Sequence[Assignment]) -> int:
    total, weights = 0, problem.weights
    by_school = _by(assignments, "school")
    total += weights.crowd * sum(_two(len(own)) for s, own in by_school.items() if not problem.school[s].weak)
    if not holds(law.no_return):
        again = Counter((one.person, one.school) for one in assignments)
        total += weights.back * sum(count - 1 for count in again.values())
    for school in problem.roster:
        if school.weak:
            terms = [term for term in problem.terms if term not in school.closed]
            visited = [terms.index(one.term) for one in by_school.get(school.id, ()) if one.term in terms]
            total += weights.late * min([*visited, len(terms) - 1])
    return total


def _batch_points(problem: Problem, law: BatchPlacing, assignments: Sequence[Assignment]) -> int:
    total, weights = 0, problem.weights
    total += weights.load * sum(_two(len(own)) for own in _by(assignments, "person").values())
    by_school = _by(assignments, "school")
    for own in by_school.values():
        helpers = sum(one.role == "collaborator" for one in own)
        total += weights.beyond * max(0, helpers - count_of(law.collaborators))
    if problem.base_schools is not None:
        total += weights.unchosen * sum(school.weak and school.id not in by_school for school in problem.roster)
    return total


def _two(count: int) -> int:
    """Count the pairs among so many."""
    return sum(1 for _ in combinations(range(count), 2))


def _by(assignments: Sequence[Assignment], field: str) -> dict[str, list[Assignment]]:
    found: dict[str, list[Assignment]] = {}
    for one in assignments:
        found.setdefault(getattr(one, field), []).append(one)
    return found
