"""The objections to a year's awards: all of them for officers and auditors, everybody else his own."""

from __future__ import annotations

from yanxiu_footing.paging import bounded, cursor, few_enough, id_in
from yanxiu_wire.award_endings import AwardObjectionPage, ListAwardObjections
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.awards.objection_store import page_objections
from yanxiu_visits.awards.tables import award_nomination, award_objection
from yanxiu_visits.scope import OFFICERS
from yanxiu_visits.service import Service


async def list_award_objections(
    service: Service, district: str, query: ListAwardObjections, _deadline: Deadline
) -> AwardObjectionPage | Refused:
    """Return a page, as they came; who objected is not told to the school that it is about."""
    refused = bounded(query.page) or few_enough("ids", query.ids)
    after = id_in(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    its, one = award_objection.c, award_nomination.c
    where = [its.district == district]
    if query.year is not None:
        where.append(one.year == query.year)
    if query.ids:
        where.append(its.id.in_(query.ids))
    if query.category is not None:
        where.append(one.category == query.category)
    if query.open is not None:
        where.append(its.settled != query.open)
    if query.caller.role not in OFFICERS | {"auditor"}:
        where.append(its.raised_by == query.caller.subject)
    async with service.databases.read(district) as conn:
        rows, total = await page_objections(conn, where, first=query.page.first + 1, after=after)
    items = tuple(rows[: query.page.first])
    return AwardObjectionPage(
        items=items,
        cursors=tuple(cursor(one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )
