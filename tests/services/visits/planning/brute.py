"""Every plan of a small problem, one after the other: written from the rules in words, with nothing of the planner."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, product

from yanxiu_rulekit.visits import TermPlacing
from yanxiu_visits.planning.solver.problem import Assignment, Person, Problem, School

Plan = frozenset[Assignment]


def every_plan(problem: Problem) -> Iterator[Plan]:
    if isinstance(problem.placing, TermPlacing):
        yield from _term_plans(problem)
    else:
        yield from _batch_plans(problem)


def may(problem: Problem, person: Person, school: School, term: str, role: str = "lead") -> bool:
    banned = any(
        one.person == person.id and one.school == school.id and one.term in (None, term) and one.role in (None, role)
        for one in problem.forbidden
    )
    if banned or school.id in person.conflicts or term in person.absent or term in school.closed:
        return False
    if any((one.person, one.school) == (person.id, school.id) for one in problem.excepted):
        return True
    if problem.stage_fit == "hard" and person.stages and not person.stages & school.teaches:
        return False
    asks = problem.subject_fit == "hard" and role == "lead" and school.needs
    return not (asks and not school.needs & person.subjects)


def _term_plans(problem: Problem) -> Iterator[Plan]:
    open_terms = problem.terms[problem.open_from :]
    slots = [(p, t) for p in problem.people for t in open_terms if t not in p.absent]
    ways = [[s for s in problem.schools if may(problem, p, s, t)] for p, t in slots]
    for picks in product(*ways):
        made = {Assignment(term=t, person=p.id, school=s.id) for (p, t), s in zip(slots, picks, strict=True)}
        if _term_plan_is_legal(problem, made):
            yield frozenset(made | set(problem.held))


def _term_plan_is_legal(problem: Problem, made: set[Assignment]) -> bool:
    whole = made | set(problem.held)
    where = {(one.person, one.term): one.school for one in whole}
    where |= {(one.person, "before"): one.school for one in problem.before}
    order = ["before", *problem.terms]
    for one in made:
        earlier = order[order.index(one.term) - 1]
        if where.get((one.person, earlier)) == one.school:
            return False
        returned = any(o.person == one.person and o.school == one.school and o.term != one.term for o in whole)
        if problem.placing.no_return.value and returned:  # pyright: ignore[reportAttributeAccessIssue]
            return False
    if problem.most_a_term is not None:
        for one in made:
            if sum(o.school == one.school and o.term == one.term for o in made) > problem.most_a_term:
                return False
    there = {s.id for s in problem.schools if not set(problem.terms[problem.open_from :]) <= s.closed}
    return there <= {one.school for one in whole} and _fixed_are_kept(problem, whole)


def _fixed_are_kept(problem: Problem, plan: set[Assignment]) -> bool:
    return all(
        any(
            (one.person, one.school) == (fixed.person, fixed.school)
            and fixed.term in (None, one.term)
            and fixed.role in (None, one.role)
            for one in plan
        )
        for fixed in problem.fixed
    )


def _batch_plans(problem: Problem) -> Iterator[Plan]:
    term = problem.terms[0]
    count = len(problem.schools) if problem.base_schools is None else problem.base_schools
    for chosen in combinations(problem.schools, count):
        teams = [list(_teams(problem, school, term)) for school in chosen]
        for picks in product(*teams):
            plan = set(chain.from_iterable(picks))
            if _batch_is_legal(problem, chosen, plan):
                yield frozenset(plan)


def _teams(problem: Problem, school: School, term: str) -> Iterator[set[Assignment]]:
    before = {(one.person, one.school) for one in problem.before}

    def new(person: Person) -> bool:
        return person.kind != "researcher" or (person.id, school.id) not in before

    leads = [p for p in problem.people if p.kind == "researcher" and may(problem, p, school, term) and new(p)]
    helpers = [
        p for p in problem.people if p.kind != "researcher" and may(problem, p, school, term, "collaborator") and new(p)
    ]
    least = int(problem.placing.collaborators.value)  # pyright: ignore[reportAttributeAccessIssue, reportArgumentType]
    for lead in leads:
        for size in range(least, len(helpers) + 1):
            for team in combinations(helpers, size):
                yield {
                    Assignment(term=term, person=lead.id, school=school.id, role="lead"),
                    *(Assignment(term=term, person=p.id, school=school.id, role="collaborator") for p in team),
                }


def _batch_is_legal(problem: Problem, chosen: tuple[School, ...], plan: set[Assignment]) -> bool:
    law = problem.placing
    stays = {one.school for one in problem.before} & {school.id for school in chosen}
    if stays and not law.repeats.value:  # pyright: ignore[reportAttributeAccessIssue]
        return False
    if not {"town", "rural"} <= {school.location for school in chosen}:
        return False
    for person in problem.people:
        own = [problem.school[one.school] for one in plan if one.person == person.id]
        if person.most is not None and len(own) > person.most:
            return False
        if person.kind == "researcher":
            if own and not frozenset.intersection(*(school.teaches for school in own)):
                return False
            if len(own) > 1 and not {"town", "rural"} <= {school.location for school in own}:
                return False
            if problem.everyone and not own and not person.absent:
                return False
    return _fixed_are_kept(problem, plan)


def points(problem: Problem, plan: Plan) -> int:
    """The score in the plainest way: every pair is looked at, every term is waited for."""
    w, total = problem.weights, 0
    people, schools = problem.person, problem.school
    for one in plan:
        person, school = people[one.person], schools[one.school]
        total += w.travel * problem.travel.get(one.person, {}).get(one.school, 0)
        if problem.subject_fit == "weighted" and one.role == "lead" and school.needs:
            total += w.subject * (not school.needs & person.subjects)
        if problem.stage_fit == "weighted" and person.stages:
            total += w.stage * (not person.stages & school.teaches)
    for a, b in combinations(sorted(plan), 2):
        if a.person == b.person:
            total += w.far * (_far(problem, a) and _far(problem, b))
            total += w.weak * (schools[a.school].weak and schools[b.school].weak)
            total += w.load * (not isinstance(problem.placing, TermPlacing))
        if a.school == b.school and isinstance(problem.placing, TermPlacing):
            total += w.crowd * (not schools[a.school].weak)
    for person in people:
        load = sum(problem.travel.get(person, {}).get(one.school, 0) for one in plan if one.person == person)
        total += 0 if problem.allowance is None else w.overtravel * max(0, load - problem.allowance)
        for school in schools:
            times = sum((one.person, one.school) == (person, school) for one in plan)
            back = isinstance(problem.placing, TermPlacing) and not problem.placing.no_return.value
            total += w.back * max(0, times - 1) * back
    return total + _waits(problem, plan)


def _far(problem: Problem, one: Assignment) -> bool:
    return problem.far_from is not None and problem.travel.get(one.person, {}).get(one.school, 0) >= problem.far_from


def _waits(problem: Problem, plan: Plan) -> int:
    total, w = 0, problem.weights
    for school in problem.schools:
        visits = [one for one in plan if one.school == school.id]
        if isinstance(problem.placing, TermPlacing):
            there = [term for term in problem.terms if term not in school.closed]
            gone = set(problem.terms[problem.open_from :]) <= school.closed
            for at in range(len(there) - 1):
                waited = not any(one.term in there[: at + 1] for one in visits)
                total += w.late * (school.weak and not gone and waited)
        else:
            least = int(problem.placing.collaborators.value)  # pyright: ignore[reportArgumentType]
            total += w.beyond * max(0, sum(one.role == "collaborator" for one in visits) - least)
            total += w.unchosen * (problem.base_schools is not None and school.weak and not visits)
    return total
