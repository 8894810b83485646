"""From a problem to its answer: a plan checked exactly, the proof that there is none, or neither in the time given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from yanxiu_visits.planning.solver import highs
from yanxiu_visits.planning.solver.answer import Answer, Moved, Plan, Progress, Undecided
from yanxiu_visits.planning.solver.check_plan import breaches, check_plan
from yanxiu_visits.planning.solver.explain_none import explain_none
from yanxiu_visits.planning.solver.greedy import Greedy
from yanxiu_visits.planning.solver.highs import Clock, Solved
from yanxiu_visits.planning.solver.measures import Measures, measures_of
from yanxiu_visits.planning.solver.model import Model, Row, Rules
from yanxiu_visits.planning.solver.objective import add_objective
from yanxiu_visits.planning.solver.places import Places, Spot, assignment_of, spot_of
from yanxiu_visits.planning.solver.problem import Assignment, Problem, in_order, is_by_terms, refuse_contradictions
from yanxiu_visits.planning.solver.rules import rules_of
from yanxiu_visits.planning.solver.score import score_of
from yanxiu_visits.planning.solver.unreachable import unreachable

SECONDS = 30.0
# Of the time for a plan that departs from one in force, so much may go into finding the fewest changes.
FIRST_SHARE = 0.5

Tell = Callable[[Progress], None]


class Search(NamedTuple):
    """What one answer is worked out from."""

    problem: Problem
    places: Places
    rules: Rules
    measures: Measures
    held: frozenset[Spot]
    clock: Clock
    tell: Tell


def plan(
    problem: Problem,
    *,
    seconds: float = SECONDS,
    tell: Tell = lambda _progress: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Answer:
    """Plan; `tell` hears of progress and of every better plan, `cancelled` is asked often and ends the search early.

    A search that ends early returns its best so far with the gap to what no plan can be below. Raises `ProblemRefused`
    when the problem contradicts itself. The same problem gives the same answer, unless the time runs out.
    """
    refuse_contradictions(problem)
    problem = in_order(problem)
    clock = Clock(seconds, cancelled)
    counted = unreachable(problem) if is_by_terms(problem) else None
    if counted is not None:
        return explain_none(problem, counted, clock, tell)
    search = _search(problem, clock, tell)
    if problem.in_force is not None:
        return _nearest(search, problem.in_force)
    found = _solved(search, _model(search), "best_score", clock)
    return _answer(search, found)


def _search(problem: Problem, clock: Clock, tell: Tell) -> Search:
    places = Places(problem)
    held = frozenset(spot_of(one) for one in problem.held)
    return Search(
        problem, places, rules_of(problem, places), measures_of(problem, [*places.open, *held]), held, clock, tell
    )


def _constrained(search: Search) -> Model:
    model = Model()
    for spot in search.places.open:
        model.column(spot)
    for tag in search.rules.tags():
        model.rows(search.rules.rows(tag))
    return model


def _model(search: Search) -> Model:
    model = _constrained(search)
    add_objective(model, search.problem, search.measures, search.held)
    return model


def _solved(search: Search, model: Model, step: str, clock: Clock, start: Iterable[Spot] | None = None) -> Solved:
    """Solve with a first plan to begin with, telling of progress; plans found on the way are checked first."""

    def watch(best: int | None, bound: int | None, chosen: frozenset | None) -> None:
        found = None if chosen is None else _assignments(search, chosen)
        if found is not None and any(True for _ in breaches(search.problem, found)):
            return
        gap = None if best is None or bound is None else max(0, best - bound)
        spent = search.clock.spent_ms
        search.tell(Progress(step=step, seconds_ms=spent, best=best, bound=bound, gap=gap, found=found))  # pyright: ignore[reportArgumentType]

    return highs.solve(model, clock, start=_start(search, start), watch=watch)


def _start(search: Search, given: Iterable[Spot] | None) -> frozenset | None:
    """Return a first plan as columns, when one keeps to everything; the solver starts without one otherwise."""
    if given is None and is_by_terms(search.problem):
        given = Greedy(search.problem, search.places).plan()
    if given is None:
        return None
    first = frozenset(given)
    wrong = any(True for _ in breaches(search.problem, _assignments(search, first)))
    return None if wrong or not is_by_terms(search.problem) else first


def _assignments(search: Search, chosen: Collection) -> tuple[Assignment, ...]:
    spots = {one for one in chosen if isinstance(one, Spot)} | search.held
    return tuple(sorted(assignment_of(one) for one in spots))


def _answer(search: Search, found: Solved) -> Answer:
    if found.state == "infeasible":
        return explain_none(search.problem, None, search.clock, search.tell)
    if found.chosen is None:
        return Undecided(bound=found.bound, seconds_ms=search.clock.spent_ms)
    return _plan(search, found)


def _plan(search: Search, found: Solved) -> Plan:
    placed = _assignments(search, found.chosen or ())
    parts = score_of(search.problem, search.measures, [spot_of(one) for one in placed])
    score = sum(one.points for one in parts)
    check_plan(search.problem, placed, score)
    bound = score if found.bound is None else min(score, found.bound)
    if found.state != "solved" and found.bound is None:
        bound = min(score, 0)  # no part is ever below 0
    return Plan(
        assignments=placed,
        score=score,
        parts=parts,
        bound=bound,
        gap=score - bound,
        proven=score == bound,
        seconds_ms=search.clock.spent_ms,
    )


def _nearest(search: Search, in_force: tuple[Assignment, ...]) -> Answer:
    """Plan with the fewest assignments taken away and added; among those plans, with the best score."""
    old = frozenset(spot_of(one) for one in in_force if one.term in search.problem.open_terms)
    model = _constrained(search)
    gone = len(old - set(search.places.open))
    for spot in search.places.open:
        model.column(spot, cost=-1 if spot in old else 1)
    model.offset = len(old)
    first = _solved(search, model, "fewest_changes", search.clock.share(FIRST_SHARE), start=old - search.held)
    if first.chosen is None:
        return _answer(search, first)
    distance = _distance(old, first.chosen)
    second = _model(search)
    apart = {spot: -1 if spot in old else 1 for spot in search.places.open}
    second.row(Row(None, distance - len(old), apart))
    kept = frozenset(one for one in first.chosen if isinstance(one, Spot))
    found = _solved(search, second, "best_score", search.clock, start=kept)
    if found.chosen is None:
        found = Solved("stopped", first.chosen, {}, found.bound)
    made = _plan(search, found)
    bound = distance if first.state == "solved" else min(distance, max(gone, first.bound or 0))
    return _with_moves(search, made, old, bound)


def _distance(old: frozenset[Spot], chosen: Collection) -> int:
    return len(old ^ {one for one in chosen if isinstance(one, Spot)})


def _with_moves(search: Search, made: Plan, old: frozenset[Spot], bound: int) -> Plan:
    new = {spot_of(one) for one in made.assignments} - search.held
    changed = sorted({(one.term, one.person) for one in old ^ new})
    moved = tuple(
        Moved(person=person, term=term, before=_of(old, person, term), after=_of(new, person, term))
        for term, person in changed
    )
    fields = {name: getattr(made, name) for name in made.__struct_fields__}
    return Plan(**{**fields, "distance": len(old ^ new), "distance_bound": bound, "moved": moved})


def _of(spots: Collection[Spot], person: str, term: str) -> tuple[Assignment, ...]:
    return tuple(sorted(assignment_of(one) for one in spots if (one.person, one.term) == (person, term)))
