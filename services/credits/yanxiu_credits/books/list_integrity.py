"""Integrity entries: officers see all, a school those of its records, a teacher the own."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.paging import bounded, cursor, few_enough, id_in
from yanxiu_wire.books import IntegrityPage, ListIntegrity
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.integrity import page_integrity
from yanxiu_credits.books.tables import integrity_entry
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service


async def list_integrity(
    service: Service, district: str, query: ListIntegrity, _deadline: Deadline
) -> IntegrityPage | Refused:
    """Return a page of the integrity entries in the caller's scope; `teacher` and `ids` narrow it."""
    after = id_in(query.page.after)
    if isinstance(after, Refused):
        return after
    refused = bounded(query.page) or few_enough("ids", query.ids)
    if refused is not None:
        return refused
    scope, its = scope_of(query.caller), integrity_entry.c
    where: list[sa.ColumnElement[bool]] = [its.district == district]
    if scope.kind == "school":
        where.append(its.school == scope.id)
    elif scope.kind == "self":
        where.append(its.teacher == scope.id)
    elif scope.kind == "none":
        where.append(sa.false())
    if query.teacher is not None:
        where.append(its.teacher == query.teacher)
    if query.ids:
        where.append(its.id.in_(query.ids))
    async with service.databases.read(district) as conn:
        items, total = await page_integrity(
            conn, where, first=query.page.first + 1, after=after, newest=query.newest_first
        )
    shown = tuple(items[: query.page.first])
    return IntegrityPage(
        items=shown,
        cursors=tuple(cursor(one.id) for one in shown),
        has_next=len(items) > query.page.first,
        total=total,
    )
