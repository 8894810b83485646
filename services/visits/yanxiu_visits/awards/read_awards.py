"""Award years, and nominations by id and in pages."""

from __future__ import annotations

from yanxiu_footing.paging import bounded, cursor, few_enough, id_in
from yanxiu_wire import awards as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals as general
from yanxiu_visits.awards.award_store import may_see, page_nominations, read_nominations, read_years, shown_to
from yanxiu_visits.awards.tables import award_nomination
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service

MOST_YEARS = 100


async def get_award_years(
    service: Service, district: str, query: wire.GetAwardYears, _deadline: Deadline
) -> wire.AwardYears | Refused:
    """Return award years in the order asked for."""
    if len(query.years) > MOST_YEARS:
        return general.out_of_bounds("years", len(query.years), 0, MOST_YEARS)
    async with service.databases.read(district) as conn:
        found = await read_years(conn, district, query.years)
    return wire.AwardYears(items=tuple(found.get(one) for one in query.years))


async def get_nominations(
    service: Service, district: str, query: wire.GetNominations, _deadline: Deadline
) -> wire.Nominations | Refused:
    """Return nominations in the order asked for; None where unknown or out of scope."""
    refused = few_enough("ids", query.ids)
    if refused is not None:
        return refused
    seen = may_see(district, scope_of(query.caller), query.caller.role)
    async with service.databases.read(district) as conn:
        found = await read_nominations(conn, seen, query.ids)
    seen_by = query.caller.role
    return wire.Nominations(items=tuple(shown_to(found[one], seen_by) if one in found else None for one in query.ids))


async def list_nominations(
    service: Service, district: str, query: wire.ListNominations, _deadline: Deadline
) -> wire.NominationPage | Refused:
    """Return a page of the nominations in the caller's scope, as they came."""
    refused = bounded(query.page)
    after = id_in(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    its = award_nomination.c
    wanted = {its.category: query.category, its.state: query.state}
    where = [
        may_see(district, scope_of(query.caller), query.caller.role),
        its.year == query.year,
        *(column == value for column, value in wanted.items() if value is not None),
    ]
    async with service.databases.read(district) as conn:
        rows, total = await page_nominations(conn, where, first=query.page.first + 1, after=after)
    items = tuple(shown_to(row, query.caller.role) for row in rows[: query.page.first])
    return wire.NominationPage(
        items=items,
        cursors=tuple(cursor(one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )
