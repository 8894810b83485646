"""The same problem with changes made: a pairing lifted, people added, a term more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from yanxiu_visits.planning.solver.answer import Change
from yanxiu_visits.planning.solver.elastic import ADDED, every_subject, helper_kind, most_of
from yanxiu_visits.planning.solver.problem import Pairing, Person, Problem

MORE_TERMS = "terms"


def with_changes(problem: Problem, changes: Iterable[Change]) -> Problem:
    """Return the problem after the changes; people added are named by what they bring."""
    for change in changes:
        problem = _MADE[change.kind](problem, change)
    return problem


def _person(problem: Problem, change: Change, **fields: object) -> Problem:
    people = (replace(one, **fields) if one.id == change.person else one for one in problem.people)
    return replace(problem, people=tuple(people))


def _fixed(problem: Problem, change: Change) -> Problem:
    for one in problem.fixed:
        if (one.person, one.school, one.term) == (change.person, change.school, change.term):
            return replace(problem, fixed=tuple(other for other in problem.fixed if other is not one))
    return problem


def _forbidden(problem: Problem, change: Change) -> Problem:
    pair = (change.person, change.school)
    return replace(problem, forbidden=tuple(o for o in problem.forbidden if (o.person, o.school) != pair))


def _excepted(problem: Problem, change: Change) -> Problem:
    return replace(
        problem, excepted=(*problem.excepted, Pairing(person=change.person or "", school=change.school or ""))
    )


def _conflict(problem: Problem, change: Change) -> Problem:
    return _person(problem, change, conflicts=problem.person[change.person or ""].conflicts - {change.school})


def _absent(problem: Problem, change: Change) -> Problem:
    return _person(problem, change, absent=problem.person[change.person or ""].absent - {change.term})


def _present(problem: Problem, change: Change) -> Problem:
    return _person(problem, change, absent=problem.person[change.person or ""].absent | {change.term})


def _most(problem: Problem, change: Change) -> Problem:
    return _person(problem, change, most=(problem.person[change.person or ""].most or 0) + change.count)


def _capacity(problem: Problem, change: Change) -> Problem:
    return replace(problem, most_a_term=(problem.most_a_term or 0) + change.count)


def _count(problem: Problem, change: Change) -> Problem:
    return replace(problem, base_schools=(problem.base_schools or 0) - change.count)


def _base(problem: Problem, change: Change) -> Problem:
    return replace(
        problem,
        schools=tuple(one for one in problem.schools if one.id != change.school),
        forbidden=tuple(one for one in problem.forbidden if one.school != change.school),
        fixed=tuple(one for one in problem.fixed if one.school != change.school),
        excepted=tuple(one for one in problem.excepted if one.school != change.school),
    )


def _everyone(problem: Problem, _change: Change) -> Problem:
    return replace(problem, everyone=False)


def _law(name: str, **fields: object) -> Callable[[Problem, Change], Problem]:
    def made(problem: Problem, _change: Change) -> Problem:
        limit = replace(getattr(problem.placing, name), **fields)
        return replace(problem, placing=replace(problem.placing, **{name: limit}))

    return made


def _added(problem: Problem, change: Change) -> Problem:
    kind = "researcher" if change.kind == "researcher" else helper_kind(problem) or "researcher"
    bring = f"{change.stage or ''}.{change.subject or ''}"
    # A subject that nobody asks for: it fits the schools that ask for none, and misses the others.
    any_subject = frozenset() if problem.subject_fit == "hard" else every_subject(problem)
    people = [
        Person(
            id=f"{ADDED}{change.kind}.{bring}.{at}",
            kind=kind,
            stages=frozenset({change.stage} if change.stage else ()),
            subjects=frozenset({change.subject}) if change.subject else any_subject,
            most=most_of(problem, kind),
        )
        for at in range(change.count)
    ]
    return replace(problem, people=(*problem.people, *people))


def _terms(problem: Problem, change: Change) -> Problem:
    return replace(problem, terms=(*problem.terms, *(f"{ADDED}{at}" for at in range(1, change.count + 1))))


_MADE: Mapping[str, Callable[[Problem, Change], Problem]] = {
    "fixed": _fixed,
    "forbidden": _forbidden,
    "fit": _excepted,
    "pairing": _law("pairing_changes", value=False),
    "conflict": _conflict,
    "absent": _absent,
    "present": _present,
    "most": _most,
    "capacity": _capacity,
    "count": _count,
    "base": _base,
    "everyone": _everyone,
    "repeat": _law("repeats", value=True),
    "both_locations": _law("both_locations", binding=False),
    "researcher": _added,
    "collaborator": _added,
    MORE_TERMS: _terms,
}
