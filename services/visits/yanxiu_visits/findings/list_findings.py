"""Findings by id, and pages of them by deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.fitting import fitting
from yanxiu_footing.paging import bounded, cursor, day_and_id, few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.findings import (
    FindingPage,
    Findings,
    FindingsBySource,
    GetFindings,
    ListFindings,
    ListFindingsBySource,
)
from yanxiu_wire.refusal import Refused

from yanxiu_visits.findings.finding_store import is_open, may_see, page_findings, read_findings, seen_on
from yanxiu_visits.findings.tables import finding
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.visit_store import NO_DAY


async def get_findings(service: Service, district: str, query: GetFindings, _deadline: Deadline) -> Findings | Refused:
    """Return findings in the order asked for; None where unknown or out of scope."""
    refused = few_enough("ids", query.ids)
    if refused is not None:
        return refused
    today = service.clock.today()
    async with service.databases.read(district) as conn:
        found = await read_findings(conn, may_see(district, scope_of(query.caller)), query.ids)
    return Findings(items=tuple(seen_on(found[one], today) if one in found else None for one in query.ids))


async def list_findings(
    service: Service, district: str, query: ListFindings, _deadline: Deadline
) -> FindingPage | Refused:
    """Return a page of the findings in the caller's scope, the earliest deadline first."""
    refused = bounded(query.page)
    if refused is not None:
        return refused
    after = day_and_id(query.page.after)
    if isinstance(after, Refused):
        return after
    today = service.clock.today()
    where = [may_see(district, scope_of(query.caller)), *_narrowed(query), *_late(query, today)]
    async with service.databases.read(district) as conn:
        return await _page(conn, where, query.page.first, after, today)


async def list_findings_by_source(
    service: Service, district: str, query: ListFindingsBySource, _deadline: Deadline
) -> FindingsBySource | Refused:
    """Return such a page of what was found on each visit or inspection; what has not come yet is in none.

    Of many long texts the first pages come, as many as fit into a message.
    """
    refused = bounded(query.page) or few_enough("sources", query.sources)
    if refused is not None:
        return refused
    after = day_and_id(query.page.after)
    if isinstance(after, Refused):
        return after
    today, its = service.clock.today(), finding.c
    seen = (may_see(district, scope_of(query.caller)), its.state != "incomplete")
    async with service.databases.read(district) as conn:
        pages = {
            one: await _page(conn, (*seen, its.source_id == one), query.page.first, after, today)
            for one in dict.fromkeys(query.sources)
        }
    return FindingsBySource(pages=fitting([pages[one] for one in query.sources]))


async def _page(
    conn: AsyncConnection,
    where: Sequence[sa.ColumnElement[bool]],
    first: int,
    after: tuple[date, str] | None,
    today: date,
) -> FindingPage:
    rows, total = await page_findings(conn, where, first=first + 1, after=after)
    items = tuple(seen_on(one, today) for one in rows[:first])
    return FindingPage(
        items=items,
        cursors=tuple(cursor(one.due_on or NO_DAY, one.id) for one in items),
        has_next=len(rows) > first,
        total=total,
    )


def _narrowed(query: ListFindings) -> list[sa.ColumnElement[bool]]:
    its = finding.c
    equal = {
        its.school: query.school,
        its.finder: query.finder,
        its.owner: query.owner,
        its.source_id: query.source_id,
        its.state: query.state,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    # Steps on what nobody found are kept, and listed only for who asks for them.
    return found if query.state is not None else [*found, its.state != "incomplete"]


def _late(query: ListFindings, today: object) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if query.open is not None:
        found.append(is_open() if query.open else sa.not_(is_open()))
    if query.overdue is not None:
        late = sa.and_(is_open(), finding.c.due_on < today)
        found.append(late if query.overdue else sa.not_(late))
    return found
