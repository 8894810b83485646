"""Answer a page of the leading groups that there are on a day."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.leading_group import LeadingGroupPage, ListLeadingGroups
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.groups.leading_group import LEADING_GROUPS
from yanxiu_registry.own_school import reach
from yanxiu_registry.pages import after_of, cursor_of, page_fault
from yanxiu_registry.scope import Scope


async def list_leading_groups(
    registry: Registry, district: str, query: ListLeadingGroups, deadline: Deadline
) -> LeadingGroupPage | Refused:
    """The page, of what the caller sees; the cursor of a row is its id. Refused: VALUE_INVALID of the page."""
    if (fault := page_fault(query.page, None)) is not None:
        return fault
    deadline.check()
    day, first, shelf = query.as_of or registry.today(), query.page.first, LEADING_GROUPS.shelf
    async with registry.dbs.read(district) as conn:
        scope = await reach(registry, conn, district, query.caller)
        wanted = _wanted(query, scope)
        ids, total = await shelf.page(conn, district, day, *wanted, first=first, after=after_of(query.page))
        found = await shelf.by_id(conn, district, ids[:first])
    cards = [card for card in LEADING_GROUPS.cards(registry, found, ids[:first], day) if card is not None]
    return LeadingGroupPage(
        items=tuple(cards), cursors=tuple(cursor_of(card.id) for card in cards), has_next=len(ids) > first, total=total
    )


def _wanted(query: ListLeadingGroups, scope: Scope) -> list[sa.ColumnElement[bool]]:
    its = LEADING_GROUPS.shelf.fact.c
    where: list[sa.ColumnElement[bool]] = []
    if not scope.whole:
        where.append(sa.or_(its.school.is_(None), its.school == (scope.school or "")))
    if query.school is not None:
        where.append(its.school == query.school)
    if query.of_district is not None:
        where.append(its.school.is_(None) if query.of_district else its.school.is_not(None))
    if query.kind is not None:
        where.append(its.kind == query.kind)
    return where
