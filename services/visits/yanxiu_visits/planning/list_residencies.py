"""Pages of residencies, by first day: the calendar of a researcher, a school or a term."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.paging import bounded, cursor, day_and_id
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.residency import ListResidencies, ResidencyPage

from yanxiu_visits.planning.residency_store import may_see, page_residencies
from yanxiu_visits.planning.tables import residency
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service


async def list_residencies(
    service: Service, district: str, query: ListResidencies, _deadline: Deadline
) -> ResidencyPage | Refused:
    """Return a page of the residencies in the caller's scope, narrowed as the query asks."""
    refused = bounded(query.page)
    after = day_and_id(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    where = [may_see(district, scope_of(query.caller)), *_narrowed(query)]
    async with service.databases.read(district) as conn:
        rows, total = await page_residencies(conn, where, first=query.page.first + 1, after=after)
    items = tuple(rows[: query.page.first])
    return ResidencyPage(
        items=items,
        cursors=tuple(cursor(one.starts_on, one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )


def _narrowed(query: ListResidencies) -> list[sa.ColumnElement[bool]]:
    its = residency.c
    equal = {its.person: query.person, its.school: query.school, its.term: query.term, its.plan: query.plan}
    found: list[sa.ColumnElement[bool]] = [column == value for column, value in equal.items() if value is not None]
    if query.since is not None:
        found.append(its.ends_on >= query.since)
    if query.until is not None:
        found.append(its.starts_on <= query.until)
    if not query.withdrawn:
        found.append(its.state == "live")
    return found
