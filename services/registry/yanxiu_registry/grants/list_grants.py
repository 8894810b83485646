"""Answer a page of grants, newest first."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.grants import GrantPage, ListGrants
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.grants.grant_store import grant_page, holding
from yanxiu_registry.grants.reach import visible
from yanxiu_registry.grants.tables import role_grant
from yanxiu_registry.pages import after_of, cursor_of, page_fault


async def list_grants(registry: Registry, district: str, query: ListGrants, deadline: Deadline) -> GrantPage | Refused:
    """The page, of what the caller sees; the cursor of a row is its id. Refused: VALUE_INVALID of the page."""
    if (fault := page_fault(query.page, None)) is not None:
        return fault
    deadline.check()
    first, today, its = query.page.first, registry.today(), role_grant.c
    where = visible(query.caller, district, today)
    asked = ((its.subject, query.subject), (its.role, query.role), (its.school, query.school))
    where += [column == value for column, value in asked if value is not None]
    if query.ids:
        where.append(its.id.in_(query.ids))
    if query.holding is not None:
        where.append(holding(today) if query.holding else sa.not_(holding(today)))
    async with registry.dbs.read(district) as conn:
        found, total = await grant_page(conn, district, where, first=first, after=after_of(query.page))
    items = tuple(found[:first])
    return GrantPage(
        items=items, cursors=tuple(cursor_of(one.id) for one in items), has_next=len(found) > first, total=total
    )
