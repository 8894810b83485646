"""Which schools of a roster were reached in a window of terms, and which again and again while others wait. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import msgspec
from yanxiu_wire.coverage import Coverage, CoverageAlert, CoverageCell, SchoolCoverage, Visitor

# A school with more than this many times the visits of the average visited school is visited often: an alert for people
# to look at, which no law sets.
OFTEN = 2


class RosterSchool(msgspec.Struct, frozen=True, kw_only=True):
    """A school of the map; `due`: the law counts it. `travel`: the least that anybody's way there costs, if known."""

    id: str
    stage: str
    due: bool
    travel: int | None = None


class Placing(NamedTuple):
    """Somebody placed at a school in a term."""

    school: str
    term: str
    person: str


class Came(NamedTuple):
    """A visit made: to which school, in which term, by whom, its id, and how many half days it had."""

    school: str
    term: str
    person: str
    visit: str
    half_days: int


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of the window in order, and those of them that are over."""

    terms: tuple[str, ...]
    over: frozenset[str]


def assess_coverage(
    roster: Sequence[RosterSchool], window: Window, placed: Iterable[Placing], came: Iterable[Came]
) -> tuple[SchoolCoverage, ...]:
    """Return a row for each school of the roster, in its order.

    Alerts need a due school that nobody came to, or is placed at: visiting one school often is no fault by itself.
    """
    placings, visits = _by_school(placed), _by_school(came)
    rows = [_row(one, window, placings.get(one.id, ()), visits.get(one.id, ())) for one in roster]
    counted = [one for one in rows if one.due]
    waiting = any(not one.visits for one in counted)
    unplaced = any(not any(cell.assigned for cell in one.cells) for one in counted)
    near = _near(counted)
    reached = [one.visits for one in counted if one.visits]
    return tuple(
        msgspec.structs.replace(
            one,
            near=near.get(one.school),
            alerts=_alerts(one, reached if waiting else (), near.get(one.school), unplaced=unplaced),
        )
        for one in rows
    )


P = TypeVar("P", Placing, Came)


def _by_school(found: Iterable[P]) -> Mapping[str, list[P]]:
    sorted_out: dict[str, list[P]] = defaultdict(list)
    for one in found:
        sorted_out[one.school].append(one)
    return sorted_out


def _row(school: RosterSchool, window: Window, placed: Sequence[Placing], came: Sequence[Came]) -> SchoolCoverage:
    cells = tuple(_cell(term, placed, came) for term in window.terms)
    return SchoolCoverage(
        school=school.id,
        stage=school.stage,
        due=school.due,
        state=_state(cells, window),
        cells=cells,
        visits=sum(len(cell.visits) for cell in cells),
        half_days=sum(one.half_days for cell in cells for one in cell.visitors),
        travel=school.travel,
    )


def _cell(term: str, placed: Iterable[Placing], came: Iterable[Came]) -> CoverageCell:
    there = [one for one in came if one.term == term]
    people = sorted({one.person for one in there})
    return CoverageCell(
        term=term,
        assigned=tuple(sorted({one.person for one in placed if one.term == term})),
        visitors=tuple(
            Visitor(
                person=person,
                visits=sum(1 for one in there if one.person == person),
                half_days=sum(one.half_days for one in there if one.person == person),
            )
            for person in people
        ),
        visits=tuple(sorted(one.visit for one in there)),
    )


def _state(cells: Sequence[CoverageCell], window: Window) -> Coverage:
    if any(cell.visits for cell in cells):
        return "visited"
    placed = [cell.term for cell in cells if cell.assigned]
    if not placed:
        return "uncovered"
    return "unvisited" if all(term in window.over for term in placed) else "assigned"


def _near(rows: Iterable[SchoolCoverage]) -> dict[str, bool]:
    """Say of each school whose way has a cost whether it is among the nearer half: fewer than half cost less."""
    costs = {one.school: one.travel for one in rows if one.travel is not None}
    ordered = sorted(costs.values())
    half = len(ordered) // 2
    return {school: bool(half) and cost < ordered[half] for school, cost in costs.items()}


def _alerts(
    one: SchoolCoverage, reached: Sequence[int], near: bool | None, *, unplaced: bool
) -> tuple[CoverageAlert, ...]:
    """Say what is out of proportion; going often to a school that is hard to reach is no convenience."""
    found: list[CoverageAlert] = []
    if one.visits * len(reached) > OFTEN * sum(reached) and near is not False:
        found.append("repeated")
    if unplaced and sum(1 for cell in one.cells if cell.assigned) > 1:
        found.append("assigned-again")
    return tuple(found)
