"""Processes of a scope, newest first."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.paging import bounded, cursor, few_enough, key_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import ListProcesses, ProcessPage

from yanxiu_credits.service import Service
from yanxiu_credits.workflow.acting import everyone_he_acts_for, reaches, seen_by
from yanxiu_credits.workflow.running import Running, gather
from yanxiu_credits.workflow.store import page_processes
from yanxiu_credits.workflow.tables import objection, process, process_project
from yanxiu_credits.workflow.view import full_view, short_view


async def list_processes(
    service: Service, district: str, query: ListProcesses, _deadline: Deadline
) -> ProcessPage | Refused:
    """Return a page of the processes that the caller, or those he acts for, may see.

    Those asked for by objections are told in full, for the objections are what is asked for.
    """
    refused = bounded(query.page) or few_enough("objections", query.objections)
    if refused is not None:
        return refused
    key = key_of(query.page.after, 1) if query.page.after is not None else [None]
    if isinstance(key, Refused):
        return key
    async with service.databases.read(district) as conn:
        actors = await everyone_he_acts_for(conn, district, query.caller, service.clock.today())
        where = [seen_by(district, actors), *_filters(district, query)]
        rows, total = await page_processes(conn, where, first=query.page.first + 1, before=key[0])
        shown = rows[: query.page.first]
        loaded = await gather(conn, service, district, shown, query.caller, actors[0])
    items = tuple(
        full_view(one, [actor for actor in actors if reaches(actor, one.row)]) if query.objections else short_view(one)
        for one in loaded
        if isinstance(one, Running)
    )
    return ProcessPage(
        items=items,
        cursors=tuple(cursor(one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )


def _filters(district: str, query: ListProcesses) -> list[sa.ColumnElement[bool]]:
    its = process.c
    asked = {its.workflow: query.workflow, its.school: query.school, its.state: query.state, its.label: query.period}
    where: list[sa.ColumnElement[bool]] = [column == value for column, value in asked.items() if value is not None]
    if query.ended is not None:
        where.append(its.ended.is_(query.ended))
    if query.project is not None:
        named = process_project.c
        where.append(
            sa.exists().where(named.district == district, named.process == its.id, named.project == query.project)
        )
    if query.objections:
        held = objection.c
        mine = (held.district == district, held.process == its.id, held.id.in_(query.objections))
        where.append(sa.exists().where(*mine))
    return where
