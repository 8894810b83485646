"""The least change after which a plan exists: from the elastic models to words, and solved again with the changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import TypeGuard

import msgspec

from yanxiu_visits.planning.solver import highs
from yanxiu_visits.planning.solver.answer import Change, Remedy
from yanxiu_visits.planning.solver.check_plan import breaches
from yanxiu_visits.planning.solver.elastic import EVERYTHING, UNLAWFUL, Elastic, Profile, elastic
from yanxiu_visits.planning.solver.fewest_by_count import fewest_by_count
from yanxiu_visits.planning.solver.greedy import Greedy
from yanxiu_visits.planning.solver.highs import Clock, Solved
from yanxiu_visits.planning.solver.model import Model
from yanxiu_visits.planning.solver.places import Places, Spot, Tag, assignment_of
from yanxiu_visits.planning.solver.problem import Problem, is_by_terms
from yanxiu_visits.planning.solver.rules import rules_of
from yanxiu_visits.planning.solver.say_change import say_change
from yanxiu_visits.planning.solver.unreachable import unreachable
from yanxiu_visits.planning.solver.with_changes import MORE_TERMS, with_changes

# Ways of one kind each, told beside the least change of all kinds together.
PEOPLE = frozenset({"researcher", "collaborator"})
OWN_ADDITIONS = frozenset({"fixed", "forbidden", "fit", "capacity", "most", "everyone", "count", "base", "absent"})
CONFLICTS = frozenset({"conflict"})
LAWFUL = EVERYTHING - UNLAWFUL
# How many people more, and terms more, are looked at: no district doubles its researchers for one plan.
MOST_PEOPLE = 64
MOST_TERMS = 8


def remedies(problem: Problem, clock: Clock, *, counted: bool) -> tuple[Remedy | None, tuple[Remedy, ...]]:
    """Return the least change of all lawful kinds (else of any), and the least of each kind alone that will do.

    `counted`: counting shows that there is no plan, and is tried first for what would help.
    """

    def least_of(kinds: Collection[str], share: float) -> Remedy | None:
        try:
            by_count = _by_count(problem, kinds, clock.share(share)) if counted else None
        except _NoneWillDo:
            return None
        return by_count or _least(problem, kinds, clock.share(share))

    least = least_of(LAWFUL, 0.5) or _least(problem, EVERYTHING, clock.share(0.5))
    ways = [least_of(kinds, 0.4) for kinds in (PEOPLE, OWN_ADDITIONS, CONFLICTS)]
    ways.append(_more_terms(problem, clock) if counted else None)
    told = [] if least is None else [least.changes]
    found: list[Remedy] = []
    for way in ways:
        if way is not None and way.changes not in told:
            told.append(way.changes)
            found.append(way)
    return least, tuple(found)


class _NoneWillDo(Exception):
    """However often these kinds of constraint give way, the schools cannot be counted in."""


def possible(problem: Problem, clock: Clock) -> bool | None:
    """Return whether any plan exists; None: the time ran out."""
    if is_by_terms(problem) and unreachable(problem) is not None:
        return False
    places = Places(problem)
    if is_by_terms(problem):
        first = sorted({assignment_of(one) for one in Greedy(problem, places).plan()} | set(problem.held))
        if not any(True for _ in breaches(problem, first)):
            return True
    rules = rules_of(problem, places)
    model = Model()
    for tag in rules.tags():
        model.rows(rules.rows(tag))
    state = highs.solve(model, clock).state
    return None if state == "stopped" else state == "solved"


def _by_count(problem: Problem, kinds: Collection[str], clock: Clock) -> Remedy | None:
    """Return the least change that the count asks for, if a plan exists after it; raises when none will do."""
    solved = highs.solve(fewest_by_count(problem, kinds), clock)
    if solved.state == "infeasible":
        raise _NoneWillDo
    if solved.state != "solved":
        return None
    people = {key[1]: count for key, count in solved.counts.items() if _is(key, "researchers")}
    return _verified(
        problem, _changes(problem, solved, Counter({("researcher", p): n for p, n in people.items()})), clock
    )


def _least(problem: Problem, kinds: Collection[str], clock: Clock) -> Remedy | None:
    """Search with few people more, and with twice as many while that could still do better."""
    more = 2 if PEOPLE & set(kinds) else 0
    while True:
        model = elastic(problem, kinds, more)
        solved = highs.solve(model.model, clock)
        exhausted = not more or more >= MOST_PEOPLE
        if solved.chosen is not None and (exhausted or _spare(solved, more)):
            changes = _changes(problem, solved, Counter(_people(model, solved)))
            return _verified(problem, changes, clock, least=solved.state == "solved")
        if solved.state == "stopped" or exhausted:
            return None
        more *= 2


def _spare(solved: Solved, more: int) -> bool:
    """Return whether there were people left to add: then more of them would not have helped."""
    used = Counter(key[1][:2] for key in solved.chosen or () if _is(key, "used"))
    return all(count < more for count in used.values())


def _verified(problem: Problem, changes: tuple[Change, ...], clock: Clock, *, least: bool = True) -> Remedy | None:
    """Solve again with the changes made: what does not do is never told."""
    if not changes or not possible(with_changes(problem, changes), clock):
        return None
    return Remedy(changes=changes, least=least)


def _changes(problem: Problem, solved: Solved, people: Counter[tuple[str, Profile]]) -> tuple[Change, ...]:
    lifted = [(key[1], count) for key, count in solved.counts.items() if _is(key, "lift")]
    changes = [_lifted(problem, tag, count) for tag, count in sorted(lifted)]
    for (kind, profile), count in sorted(people.items(), key=str):
        change = Change(kind=kind, count=count, stage=profile.stage, subject=profile.subject, said=_UNSAID)
        changes.append(_told(problem, change))
    return tuple(changes)


def _people(model: Elastic, solved: Solved) -> Iterator[tuple[str, Profile]]:
    """Yield the people added; a subject that none of the schools they go to asks for is not asked of them."""
    picked = solved.chosen or frozenset()
    for key in picked:
        if _is(key, "added"):
            _, person, profile = key
            leads = model.problem.person[person].kind == "researcher"
            asked = any(model.problem.school[one.school].needs for one in picked if _is_spot_of(one, person))
            kind = "researcher" if leads else "collaborator"
            yield kind, profile if asked else Profile(profile.stage, None)


def _is(key: object, name: str) -> TypeGuard[tuple]:
    return isinstance(key, tuple) and key[0] == name


def _is_spot_of(key: object, person: str) -> TypeGuard[Spot]:
    return isinstance(key, Spot) and key.person == person


def _lifted(problem: Problem, tag: Tag, count: int) -> Change:
    term = problem.fixed[int(tag.term)].term if tag.kind == "fixed" else tag.term or None
    change = Change(
        kind=tag.kind,
        count=count,
        person=tag.person or None,
        school=tag.school or None,
        term=term,
        lawful=tag.kind not in UNLAWFUL,
        said=_UNSAID,
    )
    return _told(problem, change)


def _more_terms(problem: Problem, clock: Clock) -> Remedy | None:
    """Return how many terms more would do: a longer window than the law's, told beside what is lawful."""
    for count in range(1, MOST_TERMS + 1):
        change = _told(problem, Change(kind=MORE_TERMS, count=count, lawful=False, said=_UNSAID))
        answer = possible(with_changes(problem, (change,)), clock)
        if answer is None:
            return None
        if answer:
            return Remedy(changes=(change,), least=True)
    return None


def _told(problem: Problem, change: Change) -> Change:
    return msgspec.structs.replace(change, said=say_change(problem, change))


_UNSAID = say_change(None, None)
