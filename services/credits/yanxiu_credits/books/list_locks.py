"""The locks of a district or school, each with every opening, newest first."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.paging import bounded, cursor, few_enough, id_in
from yanxiu_wire.books import ListLocks, PeriodLockPage
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.lock_view import page_locks
from yanxiu_credits.books.locks import WHOLE_DISTRICT, in_force
from yanxiu_credits.books.tables import lock_event
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service


async def list_locks(
    service: Service, district: str, query: ListLocks, _deadline: Deadline
) -> PeriodLockPage | Refused:
    """Return a page of locks: a school sees its own and those of the whole district; `school` asks for the same."""
    before = id_in(query.page.after)
    if isinstance(before, Refused):
        return before
    refused = bounded(query.page) or few_enough("ids", query.ids)
    if refused is not None:
        return refused
    scope, today = scope_of(query.caller), service.clock.today()
    where: list[sa.ColumnElement[bool]] = []
    if scope.kind != "district":
        where.append(lock_event.c.school.in_([scope.id, WHOLE_DISTRICT]))
    if query.school is not None:
        where.append(lock_event.c.school.in_([query.school, WHOLE_DISTRICT]))
    if query.ids:
        where.append(lock_event.c.id.in_(query.ids))
    if query.in_force is not None:
        closed = in_force(district, today)
        where.append(closed if query.in_force else ~closed)
    async with service.databases.read(district) as conn:
        items, total = await page_locks(conn, district, where, today=today, first=query.page.first + 1, before=before)
    shown = tuple(items[: query.page.first])
    return PeriodLockPage(
        items=shown,
        cursors=tuple(cursor(one.id) for one in shown),
        has_next=len(items) > query.page.first,
        total=total,
    )
