"""A first plan by terms, one placing after the other: the solver begins with it when it keeps to everything."""

from __future__ import annotations

from collections import Counter

from yanxiu_visits.planning.solver.places import Places, Spot, matches, spot_of
from yanxiu_visits.planning.solver.problem import Problem


class Greedy:
    """Weak schools first, then those with the fewest who may go; each takes the nearest free researcher who fits."""

    def __init__(self, problem: Problem, places: Places) -> None:
        self._problem = problem
        self._places = places
        self._taken: dict[tuple[str, str], str] = {}
        self._visits: Counter[str] = Counter()
        self._crowd: Counter[tuple[str, str]] = Counter()
        for one in (*problem.before, *problem.held):
            term = one.term if one.term in problem.terms else ""
            self._taken[one.person, term] = one.school
            self._visits[one.school] += term != ""
        self._order = ("", *problem.terms)

    def plan(self) -> list[Spot]:
        """Return one spot for each researcher and term as far as it goes; it may leave schools without a visit."""
        for pairing in self._problem.fixed:
            found = [s for s in self._places.by_person.get(pairing.person, ()) if matches(pairing, s) and self._free(s)]
            if found and not any(self._placed(s) for s in found):
                self._take(found[0])
        waiting = [school for school in self._problem.roster if not self._visits[school.id]]
        waiting.sort(key=lambda one: (not one.weak, len(self._places.by_school.get(one.id, ())), one.id))
        for school in waiting:
            spots = [one for one in self._places.by_school.get(school.id, ()) if self._free(one)]
            if spots and not self._visits[school.id]:
                first = min(self._order.index(one.term) for one in spots) if school.weak else None
                self._take(min((s for s in spots if first in (None, self._order.index(s.term))), key=self._price))
        for spots in self._places.by_person_term.values():
            free = [one for one in spots if self._free(one)]
            if free:
                self._take(min(free, key=self._price))
        return sorted(set(self._spots()))

    def _spots(self) -> list[Spot]:
        held = {spot_of(one) for one in self._problem.held}
        return [one for one in self._places.open if self._placed(one) and one not in held]

    def _placed(self, spot: Spot) -> bool:
        return self._taken.get((spot.person, spot.term)) == spot.school

    def _free(self, spot: Spot) -> bool:
        if (spot.person, spot.term) in self._taken:
            return False
        at = self._order.index(spot.term)
        next_to = self._order[max(0, at - 1) : at + 2]
        if any(self._taken.get((spot.person, term)) == spot.school for term in next_to):
            return False
        most = self._problem.most_a_term
        return most is None or self._crowd[spot.school, spot.term] < most

    def _take(self, spot: Spot) -> None:
        self._taken[spot.person, spot.term] = spot.school
        self._visits[spot.school] += 1
        self._crowd[spot.school, spot.term] += 1

    def _price(self, spot: Spot) -> tuple[int, Spot]:
        problem, weights = self._problem, self._problem.weights
        person, school = problem.person[spot.person], problem.school[spot.school]
        points = weights.travel * problem.cost(spot.person, spot.school)
        points += weights.subject * (problem.subject_fit == "weighted" and problem.misses_subject(person, school))
        points += weights.stage * (problem.stage_fit == "weighted" and problem.misses_stage(person, school))
        points += 0 if school.weak else weights.crowd * self._visits[spot.school]
        again = any(self._taken.get((spot.person, term)) == spot.school for term in problem.terms)
        return points + weights.back * again, spot
