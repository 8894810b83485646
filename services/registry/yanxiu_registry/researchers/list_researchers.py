"""Answer a page of those who are researchers on a day."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.researcher import ListResearchers, ResearcherPage

from yanxiu_registry.context import Registry
from yanxiu_registry.pages import after_of, cursor_of, page_fault
from yanxiu_registry.researchers.researcher import RESEARCHERS, as_told_to


async def list_researchers(
    registry: Registry, district: str, query: ListResearchers, deadline: Deadline
) -> ResearcherPage | Refused:
    """The page; the cursor of a row is its id. Refused: VALUE_INVALID of the page."""
    if (fault := page_fault(query.page, None)) is not None:
        return fault
    deadline.check()
    day, first, shelf = query.as_of or registry.today(), query.page.first, RESEARCHERS.shelf
    async with registry.dbs.read(district) as conn:
        wanted = _wanted(query)
        ids, total = await shelf.page(conn, district, day, *wanted, first=first, after=after_of(query.page))
        found = await shelf.by_id(conn, district, ids[:first])
    cards = [card for card in RESEARCHERS.cards(registry, found, ids[:first], day) if card is not None]
    return ResearcherPage(
        items=tuple(as_told_to(query.caller, card) for card in cards),
        cursors=tuple(cursor_of(card.id) for card in cards),
        has_next=len(ids) > first,
        total=total,
    )


def _wanted(query: ListResearchers) -> list[sa.ColumnElement[bool]]:
    shelf = RESEARCHERS.shelf
    where: list[sa.ColumnElement[bool]] = []
    if query.subject is not None:
        where.append(shelf.holds("subjects", query.subject))
    if query.stage is not None:
        where.append(shelf.holds("stages", query.stage))
    if query.area is not None:
        where.append(sa.or_(shelf.holds("areas", query.area), shelf.empty("areas")))
    return where
