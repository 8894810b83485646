"""Previews by id, a page of them, and one summed up by school."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.clock import to_us
from yanxiu_footing.paging import bounded, cursor, few_enough, instant_and_id
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.policy import (
    GetPreviews,
    ListPreviews,
    PreviewPage,
    Previews,
    PreviewSchools,
    PreviewSummaries,
    SummarisePreview,
    SummarisePreviews,
)
from yanxiu_wire.refusal import Refused

from yanxiu_credits.policy import refuse
from yanxiu_credits.policy.read_previews import (
    WITH_JOB,
    known_previews,
    read_previews,
    read_row,
    schools_of,
    view,
)
from yanxiu_credits.policy.tables import preview
from yanxiu_credits.service import Service


async def get_previews(service: Service, district: str, query: GetPreviews, _deadline: Deadline) -> Previews | Refused:
    """Return previews in the order asked for, None where unknown."""
    too_many = few_enough("ids", query.ids)
    if too_many is not None:
        return too_many
    async with service.databases.read(district) as conn:
        found = await read_previews(conn, district, query.ids)
    return Previews(items=tuple(found.get(one) for one in query.ids))


async def list_previews(
    service: Service, district: str, query: ListPreviews, _deadline: Deadline
) -> PreviewPage | Refused:
    """Return a page, newest first. Refuses with OUT_OF_BOUNDS or CURSOR_MALFORMED."""
    wrong, after = bounded(query.page), instant_and_id(query.page.after)
    if wrong is not None or isinstance(after, Refused):
        return wrong or after  # type: ignore[return-value]  # one of both is the refusal
    mine = preview.c.district == district
    place = sa.tuple_(preview.c.created_us, preview.c.id)
    listed = WITH_JOB.where(mine, *([place < sa.tuple_(*map(sa.literal, after))] if after else []))
    listed = listed.order_by(preview.c.created_us.desc(), preview.c.id.desc()).limit(query.page.first + 1)
    async with service.databases.read(district) as conn:
        total = await conn.scalar(sa.select(sa.func.count()).select_from(preview).where(mine))
        rows = list(await conn.execute(listed))
    items = tuple(view(row) for row in rows[: query.page.first])
    return PreviewPage(
        items=items,
        cursors=tuple(cursor(to_us(one.created_at), one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=int(total or 0),
    )


async def summarise_preview(
    service: Service, district: str, query: SummarisePreview, _deadline: Deadline
) -> PreviewSchools | Refused:
    """Return the sums by school. Refuses with PREVIEW_UNKNOWN."""
    async with service.databases.read(district) as conn:
        if await read_row(conn, district, query.preview) is None:
            return refuse.preview_unknown(query.preview)
        return PreviewSchools(items=tuple((await schools_of(conn, district, [query.preview]))[query.preview]))


async def summarise_previews(
    service: Service, district: str, query: SummarisePreviews, _deadline: Deadline
) -> PreviewSummaries | Refused:
    """Return the sums of each preview by school, in two statements; PREVIEW_UNKNOWN stands for an unknown one."""
    too_many = few_enough("previews", query.previews)
    if too_many is not None:
        return too_many
    async with service.databases.read(district) as conn:
        known = await known_previews(conn, district, query.previews)
        sums = await schools_of(conn, district, sorted(known))
    found = {one: PreviewSchools(items=tuple(sums[one])) for one in known}
    return PreviewSummaries(items=tuple(found.get(one) or refuse.preview_unknown(one) for one in query.previews))
