"""The ledger's entries in chain order."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.paging import bounded, cursor, few_enough, number
from yanxiu_wire.credits import EntryPage, ListEntries
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.entries import entry_view
from yanxiu_credits.books.tables import recognition
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.standings.instants import known_until, past
from yanxiu_credits.store.ledger import page_entries
from yanxiu_credits.store.records import recognised_in, visible
from yanxiu_credits.tables import ledger, record


async def list_entries(service: Service, district: str, query: ListEntries, _deadline: Deadline) -> EntryPage | Refused:
    """Return a page of the entries whose records or recognitions the caller may see; `teacher`, `ids` narrow it."""
    after = number(query.page.after)
    refused = bounded(query.page) or few_enough("ids", query.ids) or past(service.clock, query.as_known_at)
    if refused is not None:
        return refused
    if isinstance(after, Refused):
        return after
    scope = scope_of(query.caller)
    where: list[sa.ColumnElement[bool]] = [ledger.c.district == district]
    if scope.kind != "district":
        seen = visible(district, scope, service.clock.today())
        recognised = recognised_in(district, scope, service.clock.today())
        where.append(
            sa.or_(
                ledger.c.record.in_(sa.select(record.c.id).where(seen)),
                ledger.c.record.in_(sa.select(recognition.c.id).where(recognised)),
            )
        )
    known_us = known_until(query.as_known_at)
    if known_us is not None:
        where.append(ledger.c.recorded_us <= known_us)
    if query.teacher is not None:
        where.append(ledger.c.teacher == query.teacher)
    if query.ids:
        where.append(ledger.c.entry_id.in_(query.ids))
    async with service.databases.read(district) as conn:
        rows, total = await page_entries(
            conn, where, first=query.page.first + 1, after=after, newest=query.newest_first
        )
    items = tuple(entry_view(row, row.hash) for row in rows[: query.page.first])
    return EntryPage(
        items=items,
        cursors=tuple(cursor(one.seq) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )
