"""What is to be planned: people, schools and terms, the law's placing, and what the district adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

import msgspec
from yanxiu_rulekit.visitfacts import CollaboratorKind, Location
from yanxiu_rulekit.visits import BatchPlacing, Limit, Placing, TermPlacing

from yanxiu_visits.planning.solver.refused import ProblemRefused

Role = Literal["lead", "collaborator"]
Fit = Literal["off", "weighted", "hard"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may be placed, by id alone.

    Empty `stages` means every stage; `absent` names periods; `conflicts` names schools; `most` is the count of schools
    at once in a batch (None: no limit).
    """

    id: str
    subjects: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()
    kind: CollaboratorKind = "researcher"
    most: int | None = None


class School(msgspec.Struct, frozen=True, kw_only=True):
    """A school to be visited: its stage as registered and the stages it teaches; `needs` are the subjects it asks for.

    Empty `needs` means any subject; `closed` names the periods in which there is no such school.
    """

    id: str
    stage: str
    teaches: frozenset[str]
    name: str = ""
    location: Location | None = None
    weak: bool = False
    needs: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()


class Pairing(msgspec.Struct, frozen=True, kw_only=True):
    """A person and a school fixed, forbidden or excepted by the district; of one term or role, or of any (None)."""

    person: str
    school: str
    term: str | None = None
    role: Role | None = None


class Assignment(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One person at one school in one period."""

    term: str
    person: str
    school: str
    role: Role = "lead"


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """Points for one unit of each part of the score; whole numbers, none negative. Fewer points are better.

    `travel`: one unit of travel; `overtravel`: a unit above a person's `allowance`; `subject`, `stage`: a placing that
    does not fit; `late`: a term that a weak school waits for its first visit; `unchosen`: a weak school left out of a
    batch; `far`, `weak`: a pair of far, or weak, placings of one person; `crowd`: a pair of placings at one school that
    is not weak; `back`: a return of the same person; `load`: a pair of schools of one person in a batch; `beyond`: a
    collaborator above the law's minimum.
    """

    travel: int = 1
    overtravel: int = 0
    subject: int = 20
    stage: int = 20
    late: int = 30
    unchosen: int = 30
    far: int = 10
    weak: int = 10
    crowd: int = 5
    back: int = 40
    load: int = 20
    beyond: int = 5


class Problem(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A problem, whole. `terms` are the periods in order: the window's terms, or the one batch.

    `travel[person][school]` counts whole units (minutes, say; none: 0). `held` was placed in periods that are over and
    stays; `open_from` is the index of the first period that may still be planned. `before` was placed in the term, or
    batch, before the first period. `in_force` is the plan to depart from as little as possible (None: a new plan).
    `far_from` and `allowance` count units of travel. `most_a_term` researchers at one school at a time.
    `base_schools` is how many of `schools` a batch takes (None: all of them); `everyone` then links every researcher.
    `excepted` pairs need not fit by subject or stage.
    """

    placing: Placing
    terms: tuple[str, ...]
    people: tuple[Person, ...]
    schools: tuple[School, ...]
    travel: Mapping[str, Mapping[str, int]] = {}
    weights: Weights = Weights()
    subject_fit: Fit = "weighted"
    stage_fit: Fit = "weighted"
    far_from: int | None = None
    allowance: int | None = None
    most_a_term: int | None = None
    base_schools: int | None = None
    everyone: bool = False
    fixed: tuple[Pairing, ...] = ()
    forbidden: tuple[Pairing, ...] = ()
    excepted: tuple[Pairing, ...] = ()
    before: tuple[Assignment, ...] = ()
    held: tuple[Assignment, ...] = ()
    open_from: int = 0
    in_force: tuple[Assignment, ...] | None = None

    @cached_property
    def person(self) -> Mapping[str, Person]:
        """People by id."""
        return {one.id: one for one in self.people}

    @cached_property
    def school(self) -> Mapping[str, School]:
        """Schools by id."""
        return {one.id: one for one in self.schools}

    @property
    def open_terms(self) -> tuple[str, ...]:
        """The periods that are planned."""
        return self.terms[self.open_from :]

    @cached_property
    def roster(self) -> tuple[School, ...]:
        """The schools that the law speaks of, by its stages, and that are there in a period that may be planned."""
        stages = self.placing.stages.value
        wanted = stages if isinstance(stages, tuple) else ()
        return tuple(
            one
            for one in self.schools
            if (one.stage in wanted or one.teaches & set(wanted)) and not set(self.open_terms) <= one.closed
        )

    @property
    def researchers(self) -> tuple[Person, ...]:
        """Those who may lead."""
        return tuple(one for one in self.people if one.kind == "researcher")

    def cost(self, person: str, school: str) -> int:
        """Return the travel between a person and a school, in units."""
        return self.travel.get(person, {}).get(school, 0)

    def misses_subject(self, person: Person, school: School) -> bool:
        """Return whether the school asks for subjects and the person has none of them."""
        return bool(school.needs) and not school.needs & person.subjects

    def misses_stage(self, person: Person, school: School) -> bool:
        """Return whether the person works in stages of which the school teaches none."""
        return bool(person.stages) and not person.stages & school.teaches

    def is_far(self, person: str, school: str) -> bool:
        """Return whether the travel counts as far."""
        return self.far_from is not None and self.cost(person, school) >= self.far_from


def count_of(limit: Limit) -> int:
    """Return what a limit counts."""
    return int(limit.value) if not isinstance(limit.value, tuple) else len(limit.value)


def holds(limit: Limit) -> bool:
    """Return whether a yes-or-no limit binds: what is only told does not."""
    return limit.binding and bool(limit.value)


def in_order(problem: Problem) -> Problem:
    """Return the same problem with people, schools and pairings sorted: the answer does not depend on their order."""
    return msgspec.structs.replace(
        problem,
        people=tuple(sorted(problem.people, key=lambda one: one.id)),
        schools=tuple(sorted(problem.schools, key=lambda one: one.id)),
        fixed=tuple(sorted(problem.fixed, key=_by_text)),
        forbidden=tuple(sorted(problem.forbidden, key=_by_text)),
        excepted=tuple(sorted(problem.excepted, key=_by_text)),
        before=tuple(sorted(problem.before)),
        held=tuple(sorted(problem.held)),
        in_force=None if problem.in_force is None else tuple(sorted(problem.in_force)),
    )


def refuse_contradictions(problem: Problem) -> None:
    """Raise `ProblemRefused` for names used twice, somebody or something unknown, or a negative number."""
    for field, names in (
        ("people", [one.id for one in problem.people]),
        ("schools", [one.id for one in problem.schools]),
        ("terms", list(problem.terms)),
    ):
        if len(set(names)) != len(names):
            raise ProblemRefused(field, ", ".join(sorted(names)), "twice")
    if not problem.open_terms or (isinstance(problem.placing, BatchPlacing) and len(problem.terms) != 1):
        raise ProblemRefused("terms", ", ".join(problem.terms), "no_period")
    _refuse_unknown(problem)
    _refuse_numbers(problem)


def _refuse_unknown(problem: Problem) -> None:
    for field in ("fixed", "forbidden", "excepted"):
        pairings: tuple[Pairing, ...] = getattr(problem, field)
        for one in pairings:
            if one.person not in problem.person or one.school not in problem.school:
                raise ProblemRefused(field, f"{one.person} {one.school}", "not_there")
            if one.term is not None and one.term not in problem.terms:
                raise ProblemRefused(field, one.term, "no_term")
    past = set(problem.terms[: problem.open_from])
    for one in problem.held:
        if one.term not in past or one.school not in problem.school:
            raise ProblemRefused("held", f"{one.term} {one.school}", "not_over")


def _refuse_numbers(problem: Problem) -> None:
    numbers: dict[str, int | None] = {f"weights.{k}": v for k, v in msgspec.structs.asdict(problem.weights).items()}
    numbers |= {name: getattr(problem, name) for name in ("far_from", "allowance", "most_a_term", "base_schools")}
    numbers |= {f"people.{one.id}.most": one.most for one in problem.people}
    numbers |= {f"travel.{p}.{s}": cost for p, row in problem.travel.items() for s, cost in row.items()}
    for field, number in numbers.items():
        if number is not None and number < 0:
            raise ProblemRefused(field, str(number), "negative")


def _by_text(one: Pairing) -> tuple[str, str, str, str]:
    return (one.person, one.school, one.term or "", one.role or "")


def is_by_terms(problem: Problem) -> bool:
    """Return whether the law places people by terms, rather than by batches of base schools."""
    return isinstance(problem.placing, TermPlacing)
