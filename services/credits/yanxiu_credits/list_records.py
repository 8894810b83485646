"""Pages of records, one for each teacher asked for."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.paging import bounded, cursor, day_and_id, few_enough
from yanxiu_wire.credits import ListRecords, Record, RecordPage, RecordPages
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.record_parts import RecordColumns, RecordTable
from yanxiu_wire.refusal import Refused

from yanxiu_credits.explain_records import explained
from yanxiu_credits.list_record_parts import few_looked_at, in_part, list_parts
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.standings.instants import known_until, past
from yanxiu_credits.store.records import page_per_teacher, page_records, stands, visible
from yanxiu_credits.tables import record


async def list_records(
    service: Service, district: str, query: ListRecords, _deadline: Deadline
) -> RecordPages | RecordTable | RecordColumns | Refused:
    """Return a page for each teacher in the order asked for, or one over the caller's scope when none is named.

    A record that was superseded is history and not listed; the one in its place names it. With `as_known_at` the page
    is as it was then.

    The number of SQL statements does not depend on how many teachers are asked for; of a table's the trips do not.
    """
    after = day_and_id(query.page.after)
    refused = bounded(query.page) or few_enough("teachers", query.teachers) or past(service.clock, query.as_known_at)
    if refused is not None:
        return refused
    if isinstance(after, Refused):
        return after
    if plain_records(query):
        return await list_parts(service, district, query, after)
    seen = visible(district, scope_of(query.caller), service.clock.today())
    known_us = known_until(query.as_known_at)
    where = [seen, stands(known_us), *_between(query.since, query.until), *_chosen(query)]
    async with service.databases.read(district) as conn:
        if not query.teachers:
            rows, total = await page_records(
                conn, where, first=query.page.first + 1, after=after, known_us=known_us, newest=query.newest
            )
            found, totals, order = {"": rows}, {"": total}, [""]
        else:
            where.append(record.c.teacher.in_(list(dict.fromkeys(query.teachers))))
            found, totals = await page_per_teacher(
                conn, where, first=query.page.first + 1, after=after, known_us=known_us, newest=query.newest
            )
            order = list(query.teachers)
        pages = {key: _page(found.get(key, []), totals.get(key, 0), query.page.first) for key in order}
        if query.explain:
            pages = await _explained(service, conn, district, pages)
    return RecordPages(pages=tuple(pages[key] for key in order))


def _between(since: date | None, until: date | None) -> list[sa.ColumnElement[bool]]:
    first = [] if since is None else [record.c.on >= since]
    last = [] if until is None else [record.c.on <= until]
    return first + last


def chosen(query: ListRecords) -> bool:
    """Whether more is asked than a teacher's records between two days, oldest first."""
    return query.newest or bool(_chosen(query))


def few_records(query: ListRecords) -> bool:
    """Whether a table of a few rows answers, which asks no law and keeps nobody waiting."""
    return plain_records(query) and few_looked_at(query)


def plain_records(query: ListRecords) -> bool:
    """Whether a table answers, of however many rows: as of now, and without asking a law."""
    return in_part(query) and not chosen(query)


def _chosen(query: ListRecords) -> list[sa.ColumnElement[bool]]:
    asked = {record.c.school: query.school, record.c.project: query.project, record.c.status: query.status}
    return [column == wanted for column, wanted in asked.items() if wanted is not None]


def _page(rows: list[Record], total: int, first: int) -> RecordPage:
    items = tuple(rows[:first])
    return RecordPage(
        items=items,
        cursors=tuple(cursor(one.on.isoformat(), one.id) for one in items),
        has_next=len(rows) > first,
        total=total,
    )


async def _explained(
    service: Service, conn: AsyncConnection, district: str, pages: dict[str, RecordPage]
) -> dict[str, RecordPage]:
    plain = [one for page in pages.values() for one in page.items]
    full = {one.id: one for one in await explained(conn, service.laws, district, plain)}
    return {
        key: RecordPage(
            items=tuple(full[one.id] for one in page.items),
            cursors=page.cursors,
            has_next=page.has_next,
            total=page.total,
        )
        for key, page in pages.items()
    }
