"""The measures of a plan as columns, rows and costs of the model; what is held already is a constant."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from yanxiu_visits.planning.solver.measures import Above, Measures, Pairs, Waits
from yanxiu_visits.planning.solver.model import Model, Row
from yanxiu_visits.planning.solver.places import Spot
from yanxiu_visits.planning.solver.problem import Problem


def add_objective(model: Model, problem: Problem, measures: Measures, held: Collection[Spot]) -> None:
    """Add what makes the model minimise the score; `held` spots are taken, and all others are columns."""
    taken = set(held)
    weights: Mapping[str, int] = {name: getattr(problem.weights, name) for name in problem.weights.__struct_fields__}
    for one in measures.each:
        for spot, units in one.units.items():
            _charge(model, spot, units * weights[one.part], taken)
    for pairs in measures.pairs:
        _add_pairs(model, pairs, weights[pairs.part], taken)
    for above in measures.above:
        _add_above(model, above, weights[above.part], taken)
    for waits in measures.waits:
        _add_waits(model, waits, weights[waits.part], taken)


def _charge(model: Model, spot: Spot, points: int, taken: set[Spot]) -> None:
    if spot in taken:
        model.offset += points
    else:
        model.column(spot, cost=points)


def _add_pairs(model: Model, pairs: Pairs, weight: int, taken: set[Spot]) -> None:
    """The k-th placing pairs with k-1 earlier ones: steps of growing cost, which a minimum takes in their order."""
    free = [one for one in pairs.spots if one not in taken]
    already = len(pairs.spots) - len(free)
    model.offset += weight * already * (already - 1) // 2
    if not free:
        return
    steps = [("pairs", pairs.part, pairs.person, pairs.school, k) for k in range(already, len(pairs.spots))]
    for k, step in enumerate(steps, start=already):
        model.column(step, cost=weight * k, whole=False)
    model.row(Row(None, 0, dict.fromkeys(free, 1) | dict.fromkeys(steps, -1)))


def _add_above(model: Model, above: Above, weight: int, taken: set[Spot]) -> None:
    already = sum(units for spot, units in above.units.items() if spot in taken)
    free = {spot: units for spot, units in above.units.items() if spot not in taken and units}
    excess = ("above", above.part, above.person, above.school)
    model.column(excess, cost=weight, upper=None, whole=False)
    model.row(Row(None, above.allowed - already, {**free, excess: -1}))


def _add_waits(model: Model, waits: Waits, weight: int, taken: set[Spot]) -> None:
    if any(one in taken for one in waits.spots):
        return
    waiting = ("waits", waits.part, waits.school, waits.term)
    model.column(waiting, cost=weight, whole=False)
    model.row(Row(1, None, {**dict.fromkeys(waits.spots, 1), waiting: 1}))
