"""Teams, draws and inspections by id and in pages."""

from __future__ import annotations

from typing import Any

from yanxiu_footing.clock import to_us
from yanxiu_footing.paging import bounded, cursor, day_and_id, few_enough, instant_and_id
from yanxiu_wire import supervision as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.draw_store import page_draws, read_draws
from yanxiu_visits.supervising.inspection_store import may_see, page_inspections, page_teams, read_inspections
from yanxiu_visits.supervising.tables import inspection


async def list_teams(
    service: Service, district: str, query: wire.ListTeams, _deadline: Deadline
) -> wire.SupervisionTeamPage | Refused:
    """Return a page of the teams, newest first."""
    refused = bounded(query.page) or few_enough("ids", query.ids)
    after = instant_and_id(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    async with service.databases.read(district) as conn:
        rows, total = await page_teams(conn, district, first=query.page.first + 1, after=after, ids=query.ids)
    keys = [cursor(to_us(one.appointed_at), one.id) for one in rows]
    return _page(wire.SupervisionTeamPage, rows, keys, query.page.first, total)


async def get_draws(
    service: Service, district: str, query: wire.GetDraws, _deadline: Deadline
) -> wire.SupervisionDraws | Refused:
    """Return draws in the order asked for; they are public to every role of the district."""
    refused = few_enough("ids", query.ids)
    if refused is not None:
        return refused
    async with service.databases.read(district) as conn:
        found = await read_draws(conn, district, query.ids)
    return wire.SupervisionDraws(items=tuple(found.get(one) for one in query.ids))


async def list_draws(
    service: Service, district: str, query: wire.ListDraws, _deadline: Deadline
) -> wire.SupervisionDrawPage | Refused:
    """Return a page of the draws, newest first."""
    refused = bounded(query.page)
    after = instant_and_id(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    async with service.databases.read(district) as conn:
        rows, total = await page_draws(conn, district, query.school_year, first=query.page.first + 1, after=after)
    keys = [cursor(to_us(one.committed_at), one.id) for one in rows]
    return _page(wire.SupervisionDrawPage, rows, keys, query.page.first, total)


async def get_inspections(
    service: Service, district: str, query: wire.GetInspections, _deadline: Deadline
) -> wire.Inspections | Refused:
    """Return inspections in the order asked for; None where unknown or out of scope."""
    refused = few_enough("ids", query.ids)
    if refused is not None:
        return refused
    async with service.databases.read(district) as conn:
        found = await read_inspections(conn, may_see(district, scope_of(query.caller)), query.ids)
    return wire.Inspections(items=tuple(found.get(one) for one in query.ids))


async def list_inspections(
    service: Service, district: str, query: wire.ListInspections, _deadline: Deadline
) -> wire.InspectionPage | Refused:
    """Return a page of the inspections in the caller's scope, by day."""
    refused = bounded(query.page)
    after = day_and_id(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    its = inspection.c
    wanted = {
        its.school: query.school,
        its.school_year: query.school_year,
        its.kind: query.kind,
        its.state: query.state,
    }
    where = [
        may_see(district, scope_of(query.caller)),
        *(column == value for column, value in wanted.items() if value is not None),
    ]
    async with service.databases.read(district) as conn:
        rows, total = await page_inspections(conn, where, first=query.page.first + 1, after=after)
    return _page(wire.InspectionPage, rows, [cursor(one.due_on, one.id) for one in rows], query.page.first, total)


def _page(kind: Any, rows: list[Any], keys: list[str], first: int, total: int) -> Any:
    return kind(items=tuple(rows[:first]), cursors=tuple(keys[:first]), has_next=len(rows) > first, total=total)
