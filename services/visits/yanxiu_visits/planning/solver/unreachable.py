"""Proof by counting, for placing by terms: a set of schools that too few researchers can reach in too few terms.

A visit needs a researcher, a term and a school. When not every school finds a place of its own, then by the theorem of
Hall some set of schools has fewer places than schools; it is found from the schools left over by a largest matching.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from yanxiu_rulekit.visits import TermPlacing

from yanxiu_visits.planning.solver.answer import Counted
from yanxiu_visits.planning.solver.places import Places
from yanxiu_visits.planning.solver.problem import Problem, count_of, holds

Slot = tuple[str, str, int]


def unreachable(problem: Problem) -> Counted | None:
    """Return the schools that cannot all be visited and who can reach them; None where counting finds no such set."""
    if not isinstance(problem.placing, TermPlacing) or not holds(problem.placing.covers):
        return None
    reach = slots_by_school(problem)
    taken = _match(reach)
    left = [school for school in reach if school not in taken.values()]
    if not left:
        return None
    schools, slots = _closure(reach, taken, left)
    people = sorted({person for person, _, _ in slots})
    return Counted(
        schools=tuple(sorted(schools)), people=tuple(people), slots=len(slots), short=len(schools) - len(slots)
    )


def slots_by_school(problem: Problem) -> Mapping[str, Sequence[Slot]]:
    """Return for each school not yet visited the places in which it could be: researcher, term, number.

    A pairing fixed to a term takes one of the researcher's places for its own school.
    """
    law = problem.placing
    number = count_of(law.schools_a_term) if isinstance(law, TermPlacing) else 1
    pinned: dict[tuple[str, str], set[str]] = {}
    spots = Places(problem).open
    there = {(spot.person, spot.term, spot.school) for spot in spots}
    for one in problem.fixed:
        # A pairing that cannot be is a contradiction of its own, and takes nobody's place here.
        if one.term is not None and (one.person, one.term, one.school) in there:
            pinned.setdefault((one.person, one.term), set()).add(one.school)
    held = {one.school for one in problem.held}
    reach: dict[str, list[Slot]] = {school.id: [] for school in problem.roster if school.id not in held}
    for spot in spots:
        if spot.school not in reach:
            continue
        own = sorted(pinned.get((spot.person, spot.term), ()))[:number]
        numbers = [own.index(spot.school)] if spot.school in own else range(len(own), number)
        reach[spot.school] += [(spot.person, spot.term, at) for at in numbers]
    return reach


def _match(reach: Mapping[str, Sequence[Slot]]) -> dict[Slot, str]:
    """Return a largest matching of schools to places, by augmenting paths."""
    taken: dict[Slot, str] = {}
    for school in reach:
        came: dict[Slot, str] = {}
        queue = deque([school])
        end: Slot | None = None
        while queue and end is None:
            at = queue.popleft()
            for slot in reach[at]:
                if slot in came:
                    continue
                came[slot] = at
                if slot not in taken:
                    end = slot
                    break
                queue.append(taken[slot])
        while end is not None:
            owner = came[end]
            before = next((slot for slot, school_there in taken.items() if school_there == owner), None)
            taken[end] = owner
            end = before if owner != school else None
    return taken


def _closure(
    reach: Mapping[str, Sequence[Slot]], taken: Mapping[Slot, str], left: Sequence[str]
) -> tuple[set[str], set[Slot]]:
    """Return the schools that compete with those left over, and all the places that any of them could have."""
    schools, slots = set(left), set()
    queue = deque(left)
    while queue:
        for slot in reach[queue.popleft()]:
            slots.add(slot)
            owner = taken[slot]
            if owner not in schools:
                schools.add(owner)
                queue.append(owner)
    return schools, slots


def holds_as_counted(problem: Problem, counted: Counted) -> bool:
    """Count again, from the problem alone: the places of those who reach the schools are too few."""
    reach = slots_by_school(problem)
    if not set(counted.schools) <= set(reach):
        return False
    slots = {slot for school in counted.schools for slot in reach[school]}
    people = {person for person, _, _ in slots}
    same = (len(slots), people) == (counted.slots, set(counted.people))
    return same and len(counted.schools) - len(slots) == counted.short > 0
