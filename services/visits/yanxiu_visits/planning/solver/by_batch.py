"""Placing by batches as constraints: base schools, a lead and collaborators each, one stage, town and rural."""

from __future__ import annotations

from collections.abc import Hashable

from yanxiu_rulekit.visits import BatchPlacing

from yanxiu_visits.planning.solver.model import Row, Rules
from yanxiu_visits.planning.solver.places import Places, Spot, Tag, matches
from yanxiu_visits.planning.solver.problem import Problem, count_of, holds


def base(school: str) -> Hashable:
    """The column that says whether a school is a base school."""
    return ("base", school)


class ByBatch(Rules):
    """The constraints of the law and the district, over the open spots of some places."""

    def __init__(self, problem: Problem, places: Places) -> None:
        if not isinstance(problem.placing, BatchPlacing):
            raise TypeError("this law does not place people by batches")
        self._problem = problem
        self._law = problem.placing
        self._places = places

    def tags(self) -> list[Tag]:
        """Return every constraint: fixed pairings first, then people, then the schools of the batch."""
        problem, law = self._problem, self._law
        found = [Tag("fixed", one.person, one.school, str(at)) for at, one in enumerate(problem.fixed)]
        for person in problem.people:
            found += [Tag("most", person.id)] if person.most is not None else []
            found.append(Tag("one_role", person.id))
            if person.kind == "researcher":
                found += [Tag("one_stage", person.id)] if holds(law.one_stage) else []
                found += [Tag("balance", person.id)] if law.both_locations_from.binding else []
                found += [Tag("everyone", person.id)] if problem.everyone and not self._away(person.id) else []
        found += [Tag("repeat", school=school) for school in self._previous()]
        for school in problem.roster:
            found += [Tag("leads", school=school.id), Tag("collaborators", school=school.id)]
        found += [Tag("both_locations")] if holds(law.both_locations) else []
        if problem.base_schools is None:
            return [*found, *(Tag("base", school=school.id) for school in problem.roster)]
        return [*found, Tag("count")]

    def rows(self, tag: Tag) -> list[Row]:
        """Return the rows of one constraint."""
        return getattr(self, f"_{tag.kind}")(tag)

    def _away(self, person: str) -> bool:
        return bool(self._problem.person[person].absent & set(self._problem.terms)) and not self._links(person)

    def _previous(self) -> list[str]:
        """Schools of the batch before, where the law lets no school stay."""
        if self._law.repeats.value or not self._law.repeats.binding:
            return []
        there = {one.school for one in self._problem.before}
        return [school.id for school in self._problem.roster if school.id in there]

    def _links(self, person: str) -> list[Spot]:
        return self._places.by_person.get(person, [])

    def _at(self, school: str, role: str) -> dict[Hashable, int]:
        return {one: 1 for one in self._places.by_school.get(school, ()) if one.role == role}

    def _fixed(self, tag: Tag) -> list[Row]:
        pairing = self._problem.fixed[int(tag.term)]
        return [Row(1, None, {one: 1 for one in self._links(tag.person) if matches(pairing, one)})]

    def _most(self, tag: Tag) -> list[Row]:
        return [Row(None, self._problem.person[tag.person].most, dict.fromkeys(self._links(tag.person), 1))]

    def _one_role(self, tag: Tag) -> list[Row]:
        """Nobody leads and helps at the same school."""
        by_school: dict[str, list[Spot]] = {}
        for one in self._links(tag.person):
            by_school.setdefault(one.school, []).append(one)
        return [Row(None, 1, dict.fromkeys(own, 1)) for own in by_school.values() if len(own) > 1]

    def _one_stage(self, tag: Tag) -> list[Row]:
        """A stage is chosen for the person; a nine-year school belongs to both of its stages."""
        rows: list[Row] = []
        stages: dict[Hashable, int] = {}
        for one in self._links(tag.person):
            taught = {("of", tag.person, stage): 1 for stage in sorted(self._problem.school[one.school].teaches)}
            stages |= taught
            rows.append(Row(None, 0, {one: 1, **dict.fromkeys(taught, -1)}))
        return [Row(None, 1, stages), *rows] if rows else []

    def _balance(self, tag: Tag) -> list[Row]:
        links = self._links(tag.person)
        many, count = ("many", tag.person), count_of(self._law.both_locations_from)
        rows = [Row(None, count - 1, {**dict.fromkeys(links, 1), many: -len(links)})]
        for location in ("town", "rural"):
            there = {one: 1 for one in links if self._problem.school[one.school].location == location}
            rows.append(Row(0, None, {**there, many: -1}))
        return rows

    def _everyone(self, tag: Tag) -> list[Row]:
        return [Row(1, None, dict.fromkeys(self._links(tag.person), 1))]

    def _repeat(self, tag: Tag) -> list[Row]:
        return [Row(None, 0, {base(tag.school): 1})]

    def _leads(self, tag: Tag) -> list[Row]:
        leads, exactly = self._at(tag.school, "lead"), count_of(self._law.leads)
        return [Row(0, 0, {**leads, base(tag.school): -exactly})]

    def _collaborators(self, tag: Tag) -> list[Row]:
        helpers, least = self._at(tag.school, "collaborator"), count_of(self._law.collaborators)
        only = [Row(None, 0, {base(tag.school): -len(helpers), **helpers})] if helpers else []
        return [Row(0, None, {**helpers, base(tag.school): -least}), *only]

    def _both_locations(self, _tag: Tag) -> list[Row]:
        rows = []
        for location in ("town", "rural"):
            there = [one for one in self._problem.roster if one.location == location]
            rows.append(Row(1, None, {base(one.id): 1 for one in there}))
        return rows

    def _base(self, tag: Tag) -> list[Row]:
        return [Row(1, None, {base(tag.school): 1})]

    def _count(self, _tag: Tag) -> list[Row]:
        exactly = self._problem.base_schools
        return [Row(exactly, exactly, {base(one.id): 1 for one in self._problem.roster})]
