"""Pages of visits, by first day."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.paging import bounded, cursor, day_and_id
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.visiting import ListVisits, VisitPage

from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_visit import first_day
from yanxiu_visits.visiting.tables import visit
from yanxiu_visits.visiting.visit_store import NO_DAY, may_see, page_visits


async def list_visits(service: Service, district: str, query: ListVisits, _deadline: Deadline) -> VisitPage | Refused:
    """Return a page of the visits in the caller's scope, narrowed as the query asks."""
    refused = bounded(query.page)
    after = day_and_id(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    where = [may_see(district, scope_of(query.caller)), *_narrowed(query)]
    async with service.databases.read(district) as conn:
        rows, total = await page_visits(conn, where, first=query.page.first + 1, after=after, newest=query.newest)
    items = tuple(rows[: query.page.first])
    return VisitPage(
        items=items,
        cursors=tuple(cursor(first_day(one) or NO_DAY, one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )


def _narrowed(query: ListVisits) -> list[sa.ColumnElement[bool]]:
    its = visit.c
    equal = {
        its.researcher: query.researcher,
        its.school: query.school,
        its.term: query.term,
        its.state: query.state,
        its.phase: query.phase,
        its.unprepared: query.unprepared,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if query.since is not None:
        found.append(its.last_on >= query.since)
    if query.until is not None:
        found.append(its.first_on <= query.until)
    return found
