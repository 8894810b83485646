"""Pages of previews: their teachers, and the records whose worth changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.paging import bounded, cursor, few_enough, key_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.policy import (
    GetPreviewedRecords,
    GetPreviewLines,
    ListPreviewedRecords,
    ListPreviewLines,
    PreviewedRecordPage,
    PreviewedRecordPages,
    PreviewLinePage,
    PreviewLinePages,
)
from yanxiu_wire.refusal import Refused

from yanxiu_credits.policy import refuse
from yanxiu_credits.policy.read_previews import known_previews, line_view, record_view
from yanxiu_credits.policy.tables import preview_line, preview_record
from yanxiu_credits.service import Service


async def list_preview_lines(
    service: Service, district: str, query: ListPreviewLines, _deadline: Deadline
) -> PreviewLinePage | Refused:
    """Return a page by school and teacher. Refuses with PREVIEW_UNKNOWN, OUT_OF_BOUNDS or CURSOR_MALFORMED."""
    found = await _lines(service, district, [query.preview], query)
    return found if isinstance(found, Refused) else found[0]


async def get_preview_lines(
    service: Service, district: str, query: GetPreviewLines, _deadline: Deadline
) -> PreviewLinePages | Refused:
    """Return such a page of each preview; PREVIEW_UNKNOWN stands for an unknown one."""
    found = few_enough("previews", query.previews) or await _lines(service, district, query.previews, query)
    return found if isinstance(found, Refused) else PreviewLinePages(pages=tuple(found))


async def list_previewed_records(
    service: Service, district: str, query: ListPreviewedRecords, _deadline: Deadline
) -> PreviewedRecordPage | Refused:
    """Return a page by teacher and record. Refuses with PREVIEW_UNKNOWN, OUT_OF_BOUNDS or CURSOR_MALFORMED."""
    found = await _records(service, district, [query.preview], query)
    return found if isinstance(found, Refused) else found[0]


async def get_previewed_records(
    service: Service, district: str, query: GetPreviewedRecords, _deadline: Deadline
) -> PreviewedRecordPages | Refused:
    """Return such a page of each preview; PREVIEW_UNKNOWN stands for an unknown one."""
    found = few_enough("previews", query.previews) or await _records(service, district, query.previews, query)
    return found if isinstance(found, Refused) else PreviewedRecordPages(pages=tuple(found))


async def _lines(
    service: Service, district: str, previews: Sequence[str], query: ListPreviewLines | GetPreviewLines
) -> list[Any] | Refused:
    where = [preview_line.c.effect.in_(list(query.effects))] if query.effects else []
    where += [preview_line.c.school == query.school] if query.school is not None else []
    listed = _Listed((preview_line.c.school, preview_line.c.teacher), where, line_view, PreviewLinePage)
    return await _pages(service, district, previews, query.page, listed)


async def _records(
    service: Service, district: str, previews: Sequence[str], query: ListPreviewedRecords | GetPreviewedRecords
) -> list[Any] | Refused:
    where = [preview_record.c.teacher == query.teacher] if query.teacher is not None else []
    listed = _Listed((preview_record.c.teacher, preview_record.c.record), where, record_view, PreviewedRecordPage)
    return await _pages(service, district, previews, query.page, listed)


@dataclass(frozen=True, slots=True)
class _Listed:
    """What is listed of a preview: by which key, narrowed how, and how a row and a page of it travel."""

    key: tuple[sa.Column[Any], sa.Column[Any]]
    where: Sequence[sa.ColumnElement[bool]]
    view: Callable[[Any], Any]
    page: Callable[..., Any]


async def _pages(
    service: Service, district: str, previews: Sequence[str], page: Page, listed: _Listed
) -> list[Any] | Refused:
    """Return the page of each preview, why there is none for one that is not known; or what is wrong with the page."""
    wrong = bounded(page)
    after = _after(page.after)
    if wrong is not None or isinstance(after, Refused):
        return wrong or after  # type: ignore[return-value]  # one of both is the refusal
    async with service.databases.read(district) as conn:
        known = await known_previews(conn, district, previews)
        # Each is paged by itself, by an index of its own rows.
        found = {one: await _page(conn, district, one, page.first, after, listed) for one in sorted(known)}
    return [found.get(one) or refuse.preview_unknown(one) for one in previews]


async def _page(
    conn: AsyncConnection, district: str, preview: str, first: int, after: tuple[str, str] | None, listed: _Listed
) -> Any:
    """Return rows in the order of the key, the cursor of each, whether more follow, and how many match in all."""
    key = listed.key
    table = key[0].table
    mine = [table.c.district == district, table.c.preview == preview, *listed.where]
    beyond = [sa.tuple_(*key) > sa.tuple_(*map(sa.literal, after))] if after else []
    total = await conn.scalar(sa.select(sa.func.count()).select_from(table).where(*mine))
    query = sa.select(table).where(*mine, *beyond).order_by(*key).limit(first + 1)
    found = list((await conn.execute(query)).mappings())
    rows = found[:first]
    return listed.page(
        items=tuple(map(listed.view, rows)),
        # A school may be empty (a teacher at none), a part of a cursor may not.
        cursors=tuple(cursor(f"={row[key[0].name]}", row[key[1].name]) for row in rows),
        has_next=len(found) > first,
        total=int(total or 0),
    )


def _after(given: str | None) -> tuple[str, str] | Refused | None:
    if given is None:
        return None
    key = key_of(given, 2)
    return key if isinstance(key, Refused) else (key[0].removeprefix("="), key[1])
