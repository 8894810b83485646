"""Projects of a district, newest first."""

from __future__ import annotations

from yanxiu_footing.national_id import sought
from yanxiu_footing.paging import bounded, cursor, key_of
from yanxiu_wire.credits import ListProjects, ProjectPage
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.service import Service
from yanxiu_credits.store.projects import page_projects


async def list_projects(
    service: Service, district: str, query: ListProjects, _deadline: Deadline
) -> ProjectPage | Refused:
    """Return a page of projects; `search` looks in title and organiser."""
    refused = bounded(query.page)
    if refused is not None:
        return refused
    key = key_of(query.page.after, 1) if query.page.after is not None else [None]
    if isinstance(key, Refused):
        return key
    async with service.databases.read(district) as conn:
        rows, total = await page_projects(
            conn,
            district,
            first=query.page.first + 1,
            beyond=key[0],
            state=query.state,
            search=sought(query.search),
            oldest_first=query.oldest_first,
        )
    items = tuple(rows[: query.page.first])
    return ProjectPage(
        items=items,
        cursors=tuple(cursor(one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )
