"""What a plan is judged by: each part of the score as units of its spots, for the model and the count alike.

Four shapes: units of one spot; pairs among the placings of one group (n placings are n(n-1)/2 pairs: each further one
weighs more, which spreads a burden); units above an allowance; and terms waited for a first visit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from yanxiu_rulekit.visits import BatchPlacing, TermPlacing

from yanxiu_visits.planning.solver.answer import PartName
from yanxiu_visits.planning.solver.places import Spot
from yanxiu_visits.planning.solver.problem import Problem, School, count_of, holds, is_by_terms


class Each(NamedTuple):
    """Units that each of some spots brings by itself."""

    part: PartName
    units: Mapping[Spot, int]


class Pairs(NamedTuple):
    """A group of spots whose every pair is one unit."""

    part: PartName
    person: str | None
    school: str | None
    spots: tuple[Spot, ...]


class Above(NamedTuple):
    """Units above an allowance: of travel, or of visits of one person at one school, or of collaborators at one."""

    part: PartName
    person: str | None
    school: str | None
    allowed: int
    units: Mapping[Spot, int]


class Waits(NamedTuple):
    """A unit where none of the spots is taken: a weak school not visited up to a term, or left out of a batch."""

    part: PartName
    school: str
    term: str | None
    spots: tuple[Spot, ...]


class Measures(NamedTuple):
    """Everything that a plan is judged by; parts of weight 0 are left out."""

    each: tuple[Each, ...]
    pairs: tuple[Pairs, ...]
    above: tuple[Above, ...]
    waits: tuple[Waits, ...]


def measures_of(problem: Problem, spots: Iterable[Spot]) -> Measures:
    """Return the measures of a problem over its spots, those already held included."""
    kept = sorted(set(spots))
    people, schools = _grouped(kept, lambda one: one.person), _grouped(kept, lambda one: one.school)
    parts = _by_terms if is_by_terms(problem) else _by_batch
    each, pairs, above, waits = parts(problem, kept, people, schools)
    each.append(Each("travel", {one: problem.cost(one.person, one.school) for one in kept}))
    each.append(Each("subject", {one: 1 for one in kept if _misses_subject(problem, one)}))
    each.append(Each("stage", {one: 1 for one in kept if _misses_stage(problem, one)}))
    for person, own in people.items():
        pairs.append(Pairs("far", person, None, tuple(s for s in own if problem.is_far(person, s.school))))
        pairs.append(Pairs("weak", person, None, tuple(s for s in own if problem.school[s.school].weak)))
        if problem.allowance is not None:
            travel = {one: problem.cost(person, one.school) for one in own}
            above.append(Above("overtravel", person, None, problem.allowance, travel))
    return _weighed(problem, Measures(tuple(each), tuple(pairs), tuple(above), tuple(waits)))


Lists = tuple[list[Each], list[Pairs], list[Above], list[Waits]]
Groups = Mapping[str, list[Spot]]


def _by_terms(problem: Problem, kept: list[Spot], _people: Groups, schools: Groups) -> Lists:
    pairs = [
        Pairs("crowd", None, school, tuple(own)) for school, own in schools.items() if not problem.school[school].weak
    ]
    above: list[Above] = []
    if isinstance(problem.placing, TermPlacing) and not holds(problem.placing.no_return):
        for (person, school), own in _paired(kept).items():
            above.append(Above("back", person, school, 1, dict.fromkeys(own, 1)))
    waits = [one for school in problem.roster if school.weak for one in _waits(problem, school, schools)]
    return [], pairs, above, waits


def _waits(problem: Problem, school: School, schools: Groups) -> Iterable[Waits]:
    """Yield a unit for each term but the last in which the school is there and has not been visited by its end."""
    terms = [term for term in problem.terms if term not in school.closed]
    for at, term in enumerate(terms[:-1]):
        reached = set(terms[: at + 1])
        yield Waits("late", school.id, term, tuple(s for s in schools.get(school.id, ()) if s.term in reached))


def _by_batch(problem: Problem, _kept: list[Spot], people: Groups, schools: Groups) -> Lists:
    pairs = [Pairs("load", person, None, tuple(own)) for person, own in people.items()]
    above: list[Above] = []
    if isinstance(problem.placing, BatchPlacing):
        least = count_of(problem.placing.collaborators)
        for school, own in schools.items():
            helpers = {one: 1 for one in own if one.role == "collaborator"}
            above.append(Above("beyond", None, school, least, helpers))
    waits = []
    if problem.base_schools is not None:
        for school in problem.roster:
            leads = tuple(one for one in schools.get(school.id, ()) if one.role == "lead")
            waits += [Waits("unchosen", school.id, None, leads)] if school.weak else []
    return [], pairs, above, waits


def _weighed(problem: Problem, found: Measures) -> Measures:
    """Leave out parts that weigh nothing, and groups that cannot bring a unit."""
    weights = problem.weights

    def counts(part: PartName) -> bool:
        return getattr(weights, part) > 0

    return Measures(
        tuple(Each(one.part, {s: u for s, u in one.units.items() if u}) for one in found.each if counts(one.part)),
        tuple(one for one in found.pairs if counts(one.part) and len(one.spots) > 1),
        tuple(one for one in found.above if counts(one.part) and sum(one.units.values()) > one.allowed),
        tuple(one for one in found.waits if counts(one.part)),
    )


def _misses_subject(problem: Problem, spot: Spot) -> bool:
    weighted = problem.subject_fit == "weighted" and spot.role == "lead" and spot.person in problem.person
    return weighted and problem.misses_subject(problem.person[spot.person], problem.school[spot.school])


def _misses_stage(problem: Problem, spot: Spot) -> bool:
    weighted = problem.stage_fit == "weighted" and spot.person in problem.person
    return weighted and problem.misses_stage(problem.person[spot.person], problem.school[spot.school])


def _grouped(spots: Iterable[Spot], key: Callable[[Spot], str]) -> Groups:
    found: dict[str, list[Spot]] = defaultdict(list)
    for one in spots:
        found[key(one)].append(one)
    return found


def _paired(spots: Iterable[Spot]) -> Mapping[tuple[str, str], list[Spot]]:
    found: dict[tuple[str, str], list[Spot]] = defaultdict(list)
    for one in spots:
        found[one.person, one.school].append(one)
    return found
