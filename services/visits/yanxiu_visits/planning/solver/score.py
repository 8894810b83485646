"""The score of a plan in whole numbers, part by part and item by item: what is counted is what can be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import get_args

from yanxiu_visits.planning.solver.answer import Item, Part, PartName
from yanxiu_visits.planning.solver.measures import Measures
from yanxiu_visits.planning.solver.places import Spot
from yanxiu_visits.planning.solver.problem import Problem


def score_of(problem: Problem, measures: Measures, placed: Collection[Spot]) -> tuple[Part, ...]:
    """Return the parts of the score that have any unit, in a fixed order; their points add up to the score."""
    taken = set(placed)
    items: dict[PartName, list[Item]] = defaultdict(list)
    for each in measures.each:
        for spot, units in each.units.items():
            if spot in taken:
                items[each.part].append(Item(units=units, person=spot.person, school=spot.school, term=spot.term))
    for pairs in measures.pairs:
        count = sum(one in taken for one in pairs.spots)
        items[pairs.part].append(Item(units=count * (count - 1) // 2, person=pairs.person, school=pairs.school))
    for above in measures.above:
        over = sum(units for spot, units in above.units.items() if spot in taken) - above.allowed
        items[above.part].append(Item(units=max(0, over), person=above.person, school=above.school))
    for waits in measures.waits:
        units = 0 if any(one in taken for one in waits.spots) else 1
        items[waits.part].append(Item(units=units, school=waits.school, term=waits.term))
    return tuple(_part(problem, name, items[name]) for name in get_args(PartName) if any(i.units for i in items[name]))


def _part(problem: Problem, name: PartName, items: list[Item]) -> Part:
    weight = getattr(problem.weights, name)
    units = sum(one.units for one in items)
    return Part(
        name=name, weight=weight, units=units, points=units * weight, items=tuple(one for one in items if one.units)
    )
