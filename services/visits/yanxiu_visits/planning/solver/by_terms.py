"""Placing by terms as constraints: so many schools a term, another the next, every school in the window."""

from __future__ import annotations

from itertools import pairwise

from yanxiu_rulekit.visits import TermPlacing

from yanxiu_visits.planning.solver.model import Row, Rules
from yanxiu_visits.planning.solver.places import Places, Spot, Tag, matches, spot_of
from yanxiu_visits.planning.solver.problem import Problem, count_of, holds


class ByTerms(Rules):
    """The constraints of the law and the district, over the open spots of some places."""

    def __init__(self, problem: Problem, places: Places) -> None:
        if not isinstance(problem.placing, TermPlacing):
            raise TypeError("this law does not place people by terms")
        self._problem = problem
        self._law = problem.placing
        self._places = places
        self._held = {spot_of(one) for one in problem.held}
        self._before = self._schools_before()

    def tags(self) -> list[Tag]:
        """Return every constraint: fixed pairings first, then people, schools, coverage."""
        problem = self._problem
        found = [Tag("fixed", one.person, one.school, str(at)) for at, one in enumerate(problem.fixed)]
        for person in problem.researchers:
            found += [
                Tag("present", person.id, term=term) for term in problem.open_terms if self._there(person.id, term)
            ]
            found += [Tag("changes", person.id)] if holds(self._law.changes) else []
            found += [Tag("no_return", person.id)] if holds(self._law.no_return) else []
        if problem.most_a_term is not None:
            found += [Tag("capacity", school=s.id, term=term) for s in problem.roster for term in problem.open_terms]
        if holds(self._law.covers):
            reached = {one.school for one in self._held}
            found += [Tag("cover", school=school.id) for school in problem.roster if school.id not in reached]
        return found

    def rows(self, tag: Tag) -> list[Row]:
        """Return the rows of one constraint."""
        return getattr(self, f"_{tag.kind}")(tag)

    def _there(self, person: str, term: str) -> bool:
        """An absent person owes no school in that term, unless the absence was lifted."""
        absent = term in self._problem.person[person].absent
        return not absent or bool(self._places.by_person_term.get((person, term)))

    def _fixed(self, tag: Tag) -> list[Row]:
        pairing = self._problem.fixed[int(tag.term)]
        if any(matches(pairing, one) for one in self._held):
            return []
        return [Row(1, None, {s: 1 for s in self._places.by_person.get(tag.person, ()) if matches(pairing, s)})]

    def _present(self, tag: Tag) -> list[Row]:
        exactly = count_of(self._law.schools_a_term)
        return [Row(exactly, exactly, dict.fromkeys(self._places.by_person_term.get((tag.person, tag.term), ()), 1))]

    def _changes(self, tag: Tag) -> list[Row]:
        terms = self._problem.terms
        spots = {(s.school, s.term): s for s in self._places.by_person.get(tag.person, ())}
        rows = [
            Row(None, 0, {s: 1}) for (school, term), s in spots.items() if (school, term) in self._next_to(tag.person)
        ]
        for school in dict.fromkeys(school for school, _ in spots):
            for earlier, later in pairwise(terms):
                both = [spots[school, term] for term in (earlier, later) if (school, term) in spots]
                rows += [Row(None, 1, dict.fromkeys(both, 1))] if len(both) > 1 else []
        return rows

    def _next_to(self, person: str) -> set[tuple[str, str]]:
        """School and term such that the person is there in the term before, as held or as the last window ended."""
        return {(school, self._problem.open_terms[0]) for school in self._before.get(person, ())}

    def _schools_before(self) -> dict[str, set[str]]:
        problem = self._problem
        last = problem.terms[problem.open_from - 1] if problem.open_from else None
        before = [one for one in problem.held if one.term == last] if last else problem.before
        found: dict[str, set[str]] = {}
        for one in before:
            found.setdefault(one.person, set()).add(one.school)
        return found

    def _no_return(self, tag: Tag) -> list[Row]:
        been = {one.school for one in self._held if one.person == tag.person}
        by_school: dict[str, list[Spot]] = {}
        for spot in self._places.by_person.get(tag.person, ()):
            by_school.setdefault(spot.school, []).append(spot)
        return [Row(None, 0 if school in been else 1, dict.fromkeys(own, 1)) for school, own in by_school.items()]

    def _capacity(self, tag: Tag) -> list[Row]:
        spots = [one for one in self._places.by_school.get(tag.school, ()) if one.term == tag.term]
        most = self._problem.most_a_term
        return [Row(None, most, dict.fromkeys(spots, 1))] if most is not None and len(spots) > most else []

    def _cover(self, tag: Tag) -> list[Row]:
        return [Row(1, None, dict.fromkeys(self._places.by_school.get(tag.school, ()), 1))]
