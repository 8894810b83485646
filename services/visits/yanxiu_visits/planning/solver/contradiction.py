"""A smallest set of constraints that cannot be met together: what can be taken away is, until nothing more can.

Each step is one solve without an objective. The set that is left is impossible, and possible without any one of its
members; first the rows, then the bars that keep people from the schools and terms which those rows are about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from yanxiu_visits.planning.solver import highs
from yanxiu_visits.planning.solver.highs import Clock
from yanxiu_visits.planning.solver.model import Model
from yanxiu_visits.planning.solver.places import Places, Spot, Tag, every_spot
from yanxiu_visits.planning.solver.problem import Problem
from yanxiu_visits.planning.solver.rules import rules_of

T = TypeVar("T")


class Contradiction(NamedTuple):
    """Rows and bars that cannot be met together, and whether nothing of them can be spared."""

    rows: tuple[Tag, ...]
    bars: tuple[Tag, ...]
    irreducible: bool


def contradiction(problem: Problem, clock: Clock) -> Contradiction:
    """Return what contradicts itself in an impossible problem; not reduced to the end when the time runs out."""
    spots = list(every_spot(problem))
    rows, done = _spared(
        rules_of(problem, Places(problem, spots=spots)).tags(),
        lambda kept: impossible(problem, spots, kept, (), clock),
    )
    relevant = [one for one in spots if _concerns(rows, one[0])]
    groups = list(dict.fromkeys(group_of(bar) for _, bars in relevant for bar in bars))
    bars, also = _spared(groups, lambda kept: impossible(problem, relevant, rows, set(groups) - set(kept), clock))
    return Contradiction(tuple(rows), tuple(bars), done and also)


def group_of(bar: Tag) -> Tag:
    """Return the group in which a bar is told: of one person and kind, or of a school that is closed."""
    return Tag(bar.kind, school=bar.school, term=bar.term) if bar.kind == "closed" else Tag(bar.kind, bar.person)


def impossible(
    problem: Problem,
    spots: Sequence[tuple[Spot, Sequence[Tag]]],
    rows: Sequence[Tag],
    lifted: set[Tag] | tuple[()],
    clock: Clock,
) -> bool | None:
    """Return whether the rows cannot be met when some groups of bars keep nobody away; None: the time ran out."""
    single = {bar for _, bars in spots for bar in bars if group_of(bar) in lifted} if lifted else ()
    rules = rules_of(problem, Places(problem, single, spots))
    model = Model()
    for tag in rows:
        model.rows(rules.rows(tag))
    state = highs.solve(model, clock).state
    return None if state == "stopped" else state == "infeasible"


def _spared(items: Sequence[T], still: Callable[[list[T]], bool | None]) -> tuple[list[T], bool]:
    """Return the items without those that can be spared while the rest stays impossible; halves first, then fewer."""
    kept = list(items)
    size = max(1, len(kept) // 2)
    while kept:
        at = 0
        while at < len(kept):
            rest = kept[:at] + kept[at + size :]
            answer = still(rest)
            if answer is None:
                return kept, False
            if answer:
                kept = rest
            else:
                at += size
        if size == 1:
            break
        size = max(1, min(size // 2, len(kept)))
    return kept, True


def _concerns(rows: Sequence[Tag], spot: Spot) -> bool:
    """Return whether a spot could stand in one of the rows, were it not barred."""
    return any(
        (not row.person or row.person == spot.person) and (not row.school or row.school == spot.school) for row in rows
    )
