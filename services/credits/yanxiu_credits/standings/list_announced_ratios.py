"""What was announced of the schools' ratios: what stands, or every version of it."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.paging import bounded, cursor, key_of
from yanxiu_footing.refusals import cursor_malformed
from yanxiu_wire.announced_ratios import AnnouncedRatio, AnnouncedRatioPage, ListAnnouncedRatios
from yanxiu_wire.codec import decode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.standings.ratio_store import SUPERSEDED
from yanxiu_credits.standings.tables import ratio_announcement

_ITS = ratio_announcement.c
_KEY = (_ITS.school, _ITS.label, _ITS.version)


async def list_announced_ratios(
    service: Service, district: str, query: ListAnnouncedRatios, _deadline: Deadline
) -> AnnouncedRatioPage | Refused:
    """Return a page of announcements; a school role sees its own school's."""
    refused = bounded(query.page)
    after = _after(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    scope = scope_of(query.caller)
    where = [_ITS.district == district]
    if scope.kind != "district":
        where.append(_ITS.school == scope.id)
    if query.school is not None:
        where.append(_ITS.school == query.school)
    if query.barred is not None:
        where.append(_ITS.barred == query.barred)
    if query.on is not None:
        where += [_ITS.starts_on <= query.on, _ITS.ends_on >= query.on]
    if not query.every_version:
        where.append(~SUPERSEDED)
    async with service.databases.read(district) as conn:
        return await _page(conn, query, where, after)


def _after(given: str | None) -> tuple[Any, ...] | Refused:
    """Return the (school, label, version) in a cursor, nothing for none."""
    key = [] if given is None else key_of(given, len(_KEY))
    if isinstance(key, Refused) or not key:
        return key if isinstance(key, Refused) else ()
    *named, version = key
    return (*named, int(version)) if version.isascii() and version.isdigit() else cursor_malformed(given or "")


async def _page(
    conn: AsyncConnection, query: ListAnnouncedRatios, where: list[sa.ColumnElement[bool]], after: tuple[Any, ...]
) -> AnnouncedRatioPage:
    total = await conn.scalar(sa.select(sa.func.count()).select_from(ratio_announcement).where(*where))
    beyond = [sa.tuple_(*_KEY) > sa.tuple_(*map(sa.literal, after))] if after else []
    asked = sa.select(_ITS.body, SUPERSEDED.label("superseded")).where(*where, *beyond).order_by(*_KEY)
    rows = [_row(one) for one in await conn.execute(asked.limit(query.page.first + 1))]
    shown = rows[: query.page.first]
    return AnnouncedRatioPage(
        items=tuple(shown),
        cursors=tuple(cursor(one.school, one.label, one.version) for one in shown),
        has_next=len(rows) > len(shown),
        total=int(total or 0),
    )


def _row(row: sa.Row) -> AnnouncedRatio:
    return msgspec.structs.replace(decode(AnnouncedRatio, row.body.encode()), superseded=bool(row.superseded))
