"""A page of the district's jobs, newest first."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.clock import to_us
from yanxiu_footing.paging import bounded, cursor, instant_and_id
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.jobs import JobPage, ListJobs
from yanxiu_wire.refusal import Refused

from yanxiu_credits.jobs.read_jobs import page_jobs, views
from yanxiu_credits.jobs.tables import job
from yanxiu_credits.service import Service


async def list_jobs(service: Service, district: str, query: ListJobs, _deadline: Deadline) -> JobPage | Refused:
    """Return a page; `kind` and `state` narrow it. Refuses with OUT_OF_BOUNDS or CURSOR_MALFORMED."""
    wrong = bounded(query.page)
    after = instant_and_id(query.page.after)
    if wrong is not None or isinstance(after, Refused):
        return wrong or after  # type: ignore[return-value]  # one of both is the refusal
    where: list[sa.ColumnElement[bool]] = [job.c.district == district]
    where += [job.c.kind == query.kind] if query.kind else []
    where += [job.c.state == query.state] if query.state else []
    async with service.databases.read(district) as conn:
        rows, total = await page_jobs(conn, where, first=query.page.first + 1, after=after)
        items = tuple(await views(conn, district, rows[: query.page.first], service.clock.now()))
    return JobPage(
        items=items,
        cursors=tuple(cursor(to_us(one.created_at), one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )
