"""Answer a page of the research groups that there are on a day."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.research_group import ListResearchGroups, ResearchGroupPage

from yanxiu_registry.context import Registry
from yanxiu_registry.groups.research_group import RESEARCH_GROUPS
from yanxiu_registry.own_school import reach
from yanxiu_registry.pages import after_of, cursor_of, page_fault
from yanxiu_registry.scope import Scope


async def list_research_groups(
    registry: Registry, district: str, query: ListResearchGroups, deadline: Deadline
) -> ResearchGroupPage | Refused:
    """The page, of what the caller sees; the cursor of a row is its id. Refused: VALUE_INVALID of the page."""
    if (fault := page_fault(query.page, None)) is not None:
        return fault
    deadline.check()
    day, first, shelf = query.as_of or registry.today(), query.page.first, RESEARCH_GROUPS.shelf
    async with registry.dbs.read(district) as conn:
        scope = await reach(registry, conn, district, query.caller)
        wanted = _wanted(query, scope, day)
        ids, total = await shelf.page(conn, district, day, *wanted, first=first, after=after_of(query.page))
        found = await shelf.by_id(conn, district, ids[:first])
    cards = [card for card in RESEARCH_GROUPS.cards(registry, found, ids[:first], day) if card is not None]
    return ResearchGroupPage(
        items=tuple(cards), cursors=tuple(cursor_of(card.id) for card in cards), has_next=len(ids) > first, total=total
    )


def _wanted(query: ListResearchGroups, scope: Scope, day: date) -> list[sa.ColumnElement[bool]]:
    shelf = RESEARCH_GROUPS.shelf
    its = shelf.fact.c
    where: list[sa.ColumnElement[bool]] = [
        its[name] == value
        for name in ("school", "area", "kind", "subject")
        if (value := getattr(query, name)) is not None
    ]
    if not scope.whole:
        where.append(sa.or_(its.school.is_(None), its.school == (scope.school or "")))
    if query.member is not None:
        where.append(sa.or_(its.leader == query.member, shelf.holds("members", query.member)))
    if query.filed is not None:
        filed = sa.and_(its.filed_on.is_not(None), its.filed_on <= day)
        where.append(filed if query.filed else sa.or_(its.filed_on.is_(None), its.filed_on > day))
    return where
