"""The district's map of coverage: schools by terms, who is placed there, who came, and who never."""

from __future__ import annotations

from collections.abc import Iterable

from yanxiu_footing.paging import bounded, cursor, id_in
from yanxiu_rulekit.visitfacts import Placed, TermPlan
from yanxiu_rulekit.visits import TermPlacing
from yanxiu_wire.coverage import CoveragePage, ListCoverage, SchoolCoverage
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling

from yanxiu_visits.ask_law import rulings
from yanxiu_visits.minima.assess_coverage import Came, Placing, Window, assess_coverage
from yanxiu_visits.minima.map_ground import MapGround, read_map
from yanxiu_visits.reporting.collect import school_term, visited_school_of
from yanxiu_visits.service import Service


async def list_coverage(
    service: Service, district: str, query: ListCoverage, _deadline: Deadline
) -> CoveragePage | Refused:
    """Return a page of the map, by school."""
    refused = bounded(query.page)
    after = id_in(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    async with service.databases.read(district) as conn:
        ground = await read_map(service, conn, district, query.terms, query.as_of)
    if isinstance(ground, Refused):
        return ground
    window = Window(
        terms=tuple(one.id for one in ground.terms),
        over=frozenset(one.id for one in ground.terms if one.ends_on < ground.as_of),
    )
    rows = assess_coverage(ground.roster, window, ground.placed, ground.came)
    due = [one for one in rows if one.due]
    matching = [one for one in rows if _matches(one, query)]
    behind = [one for one in matching if one.school > after]
    items = tuple(behind[: query.page.first])
    return CoveragePage(
        items=items,
        cursors=tuple(cursor(one.school) for one in items),
        has_next=len(behind) > len(items),
        total=len(matching),
        terms=window.terms,
        as_of=ground.as_of,
        schools=len(due),
        placed=sum(1 for one in due if any(cell.assigned for cell in one.cells)),
        visited=sum(1 for one in due if one.visits),
        alerts=sum(1 for one in due if one.alerts),
        rulings_placed=_asked(ground, ground.placed),
        rulings_visited=_asked(ground, ground.came),
    )


def _matches(one: SchoolCoverage, query: ListCoverage) -> bool:
    return (
        (one.due or not query.due)
        and query.state in (None, one.state)
        and (query.alert is None or query.alert in one.alerts)
    )


def _asked(ground: MapGround, there: Iterable[Placing | Came]) -> tuple[Ruling, ...]:
    """What the law answers about the whole roster, if it plans by terms: each term's placings, or visits, once."""
    if not isinstance(ground.law.visits.placing(ground.law.law()), TermPlacing):
        return ()
    terms = {one.id: school_term(one) for one in ground.terms}
    pairs = sorted({(one.person, one.school, one.term) for one in there})
    plan = TermPlan(
        roster=tuple(visited_school_of(card) for card in ground.cards.values()),
        terms=tuple(terms.values()),
        placed=tuple(Placed(researcher=who, school=school, term=terms[term]) for who, school, term in pairs),
    )
    return tuple(one for one in rulings(ground.law.answers("plan", plan)) if not one.of)
