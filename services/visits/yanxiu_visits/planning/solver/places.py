"""Who may be placed where and when, and what keeps the others away: bars, each with its reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from yanxiu_rulekit.visits import BatchPlacing

from yanxiu_visits.planning.solver.problem import Assignment, Pairing, Person, Problem, Role, School, holds


class Spot(NamedTuple):
    """A possible assignment: a yes or no of the plan."""

    person: str
    school: str
    term: str
    role: Role


class Tag(NamedTuple):
    """A constraint by its kind and whom it is about; a bar is one too."""

    kind: str
    person: str = ""
    school: str = ""
    term: str = ""


class Places:
    """The spots of a problem: those open, and those barred with every bar of each; `lifted` bars keep nobody away."""

    def __init__(
        self, problem: Problem, lifted: Collection[Tag] = (), spots: Iterable[tuple[Spot, Sequence[Tag]]] | None = None
    ) -> None:
        self.problem = problem
        self.open: list[Spot] = []
        self.barred: dict[Spot, tuple[Tag, ...]] = {}
        self.by_person_term: Mapping[tuple[str, str], list[Spot]] = defaultdict(list)
        self.by_person: Mapping[str, list[Spot]] = defaultdict(list)
        self.by_school: Mapping[str, list[Spot]] = defaultdict(list)
        lifted = set(lifted)
        for spot, bars in every_spot(problem) if spots is None else spots:
            kept = tuple(bar for bar in bars if bar not in lifted)
            if kept:
                self.barred[spot] = kept
            else:
                self.add(spot)

    def add(self, spot: Spot) -> None:
        """Open a spot."""
        self.open.append(spot)
        self.by_person_term[spot.person, spot.term].append(spot)
        self.by_person[spot.person].append(spot)
        self.by_school[spot.school].append(spot)


def every_spot(problem: Problem) -> Iterator[tuple[Spot, list[Tag]]]:
    """Yield every spot of the periods to plan, with the bars that keep the person away from it."""
    forbidden: Mapping[tuple[str, str], list[Pairing]] = defaultdict(list)
    for one in problem.forbidden:
        forbidden[one.person, one.school].append(one)
    excepted = {(one.person, one.school) for one in problem.excepted}
    paired = {(one.person, one.school) for one in problem.before} if _pairing_changes(problem) else set()
    roster = problem.roster
    for person in problem.people:
        roles = roles_of(problem, person)
        for school in roster:
            may_misfit = (person.id, school.id) in excepted
            pair = [Tag("conflict", person.id, school.id)] if school.id in person.conflicts else []
            if (person.id, school.id) in paired and person.kind == "researcher":
                pair.append(Tag("pairing", person.id, school.id))
            for term in problem.open_terms:
                for role in roles:
                    spot = Spot(person.id, school.id, term, role)
                    timed = _timed_bars(spot, person, school, forbidden[person.id, school.id])
                    unfit = [] if may_misfit else _fit_bars(problem, spot, person, school)
                    yield spot, [*pair, *timed, *unfit]


def roles_of(problem: Problem, person: Person) -> tuple[Role, ...]:
    """Return what a person may be at a school: only researchers lead, and a batch says who collaborates."""
    roles: list[Role] = ["lead"] if person.kind == "researcher" else []
    if isinstance(problem.placing, BatchPlacing):
        kinds = problem.placing.collaborator_kinds.value
        if isinstance(kinds, tuple) and person.kind in kinds:
            roles.append("collaborator")
    return tuple(roles)


def _pairing_changes(problem: Problem) -> bool:
    return isinstance(problem.placing, BatchPlacing) and holds(problem.placing.pairing_changes)


def _fit_bars(problem: Problem, spot: Spot, person: Person, school: School) -> Iterator[Tag]:
    """Who collaborates does so for his post: the subject is the lead's."""
    if problem.stage_fit == "hard" and problem.misses_stage(person, school):
        yield Tag("stage", person.id, school.id)
    if spot.role == "lead" and problem.subject_fit == "hard" and problem.misses_subject(person, school):
        yield Tag("subject", person.id, school.id)


def _timed_bars(spot: Spot, person: Person, school: School, forbidden: list[Pairing]) -> Iterator[Tag]:
    if spot.term in person.absent:
        yield Tag("absent", person.id, term=spot.term)
    if spot.term in school.closed:
        yield Tag("closed", school=school.id, term=spot.term)
    if any(matches(one, spot) for one in forbidden):
        yield Tag("forbidden", person.id, school.id)


def matches(pairing: Pairing, spot: Spot) -> bool:
    """Return whether a spot is one that a pairing speaks of."""
    return (
        (pairing.person, pairing.school) == (spot.person, spot.school)
        and pairing.term in (None, spot.term)
        and pairing.role in (None, spot.role)
    )


def spot_of(one: Assignment) -> Spot:
    """Return an assignment as a spot."""
    return Spot(one.person, one.school, one.term, one.role)


def assignment_of(spot: Spot) -> Assignment:
    """Return a spot as an assignment."""
    return Assignment(term=spot.term, person=spot.person, school=spot.school, role=spot.role)
