"""Pages of a preview: its teachers, and the records whose worth changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from yanxiu_footing.paging import bounded, cursor, key_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.policy import ListPreviewedRecords, ListPreviewLines, PreviewedRecordPage, PreviewLinePage
from yanxiu_wire.refusal import Refused

from yanxiu_credits.policy import refuse
from yanxiu_credits.policy.read_previews import line_view, read_row, record_view
from yanxiu_credits.policy.tables import preview_line, preview_record
from yanxiu_credits.service import Service


async def list_preview_lines(
    service: Service, district: str, query: ListPreviewLines, _deadline: Deadline
) -> PreviewLinePage | Refused:
    """Return a page by school and teacher. Refuses with PREVIEW_UNKNOWN, OUT_OF_BOUNDS or CURSOR_MALFORMED."""
    where = [preview_line.c.effect.in_(list(query.effects))] if query.effects else []
    where += [preview_line.c.school == query.school] if query.school is not None else []
    key = (preview_line.c.school, preview_line.c.teacher)
    found = await _page(service, district, query.preview, query.page, where, key)
    if isinstance(found, Refused):
        return found
    rows, cursors, has_next, total = found
    items = tuple(line_view(row) for row in rows)
    return PreviewLinePage(items=items, cursors=cursors, has_next=has_next, total=total)


async def list_previewed_records(
    service: Service, district: str, query: ListPreviewedRecords, _deadline: Deadline
) -> PreviewedRecordPage | Refused:
    """Return a page by teacher and record. Refuses with PREVIEW_UNKNOWN, OUT_OF_BOUNDS or CURSOR_MALFORMED."""
    where = [preview_record.c.teacher == query.teacher] if query.teacher is not None else []
    key = (preview_record.c.teacher, preview_record.c.record)
    found = await _page(service, district, query.preview, query.page, where, key)
    if isinstance(found, Refused):
        return found
    rows, cursors, has_next, total = found
    items = tuple(record_view(row) for row in rows)
    return PreviewedRecordPage(items=items, cursors=cursors, has_next=has_next, total=total)


async def _page(
    service: Service,
    district: str,
    preview_id: str,
    page: Page,
    where: Sequence[sa.ColumnElement[bool]],
    key: tuple[sa.Column[Any], sa.Column[Any]],
) -> tuple[list[Any], tuple[str, ...], bool, int] | Refused:
    """Return rows in the order of `key`, the cursor of each, whether more follow, and how many match in all."""
    wrong = bounded(page)
    after = _after(page.after)
    if wrong is not None or isinstance(after, Refused):
        return wrong or after  # type: ignore[return-value]  # one of both is the refusal
    table = key[0].table
    mine = [table.c.district == district, table.c.preview == preview_id, *where]
    beyond = [sa.tuple_(*key) > sa.tuple_(*map(sa.literal, after))] if after else []
    async with service.databases.read(district) as conn:
        if await read_row(conn, district, preview_id) is None:
            return refuse.preview_unknown(preview_id)
        total = await conn.scalar(sa.select(sa.func.count()).select_from(table).where(*mine))
        query = sa.select(table).where(*mine, *beyond).order_by(*key).limit(page.first + 1)
        found = list((await conn.execute(query)).mappings())
    rows = found[: page.first]
    # A school may be empty (a teacher at none), a part of a cursor may not.
    cursors = tuple(cursor(f"={row[key[0].name]}", row[key[1].name]) for row in rows)
    return rows, cursors, len(found) > page.first, int(total or 0)


def _after(given: str | None) -> tuple[str, str] | Refused | None:
    if given is None:
        return None
    key = key_of(given, 2)
    return key if isinstance(key, Refused) else (key[0].removeprefix("="), key[1])
