"""Who falls short in a period: a page of a school's teachers, or of the district's."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.paging import cursor, key_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.standings import ListShortfalls, ShortfallPage

from yanxiu_credits import refusals
from yanxiu_credits.service import Service
from yanxiu_credits.standings.batch import up_to_date
from yanxiu_credits.standings.batch_state import Batch
from yanxiu_credits.standings.rows import Duties, row_view
from yanxiu_credits.standings.schools_asked import schools_asked
from yanxiu_credits.standings.tables import standing_row

_ROW = standing_row.c
# A row names every requirement that is missed: more of them do not fit into one message.
MOST_ROWS = 200


async def list_shortfalls(
    service: Service, district: str, query: ListShortfalls, deadline: Deadline
) -> ShortfallPage | Refused:
    """Return a page of those in employ on the period's last day (or today) who fall short, in the order asked for.

    The page is never older than the question: `as_of_seq` names the ledger's entry it agrees with. Refuses with
    PERIOD_UNKNOWN, LAW_NOT_IN_FORCE, LAW_UNUSABLE, TOO_MANY or CURSOR_MALFORMED.
    """
    if not 1 <= query.page.first <= MOST_ROWS:
        return refusals.out_of_bounds("page.first", query.page.first, 1, MOST_ROWS)
    after = _after(query)
    if isinstance(after, Refused):
        return after
    named = (query.school,) if query.school is not None else ()
    schools = schools_asked(query.caller, *named)

    async def read(conn: AsyncConnection, batch: Batch) -> ShortfallPage:
        where = [*batch.rows(), *_narrowed(query, batch, schools)]
        total = await conn.scalar(sa.select(sa.func.count()).select_from(standing_row).where(*where))
        rows = await conn.execute(
            sa.select(standing_row).where(*where, *after).order_by(*_order(query)).limit(query.page.first + 1)
        )
        return _page(query, batch, list(rows), int(total or 0))

    return await up_to_date(service, district, query.kind, query.on, deadline, read)


def _narrowed(query: ListShortfalls, batch: Batch, schools: frozenset[str] | None) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if schools is not None:
        where.append(_ROW.school.in_(sorted(schools)))
    if query.verdict is not None:
        where.append(_ROW.verdict == query.verdict)
    else:
        # Who is exempt falls short of nothing that is asked of him.
        where += [_ROW.verdict != "EXEMPT", _ROW.short_mask != 0]
    if query.clause is not None:
        where.append(_ROW.short_mask.bitwise_and(Duties(batch.duties).mask(query.clause)) != 0)
    return where


def _order(query: ListShortfalls) -> list[sa.ColumnElement[Any]]:
    return {
        "teacher": [_ROW.teacher],
        "school": [_ROW.school, _ROW.teacher],
        "gap": [_ROW.gap_ppm.desc(), _ROW.teacher],
    }[query.sort]


def _after(query: ListShortfalls) -> list[sa.ColumnElement[bool]] | Refused:
    """Return the condition of the rows after the cursor, which holds what the rows are sorted by."""
    given = query.page.after
    if given is None:
        return []
    key = key_of(given, 1 if query.sort == "teacher" else 2)
    if isinstance(key, Refused):
        return key
    beyond = _ROW.teacher > key[-1]
    if query.sort == "teacher":
        return [beyond]
    if query.sort == "school":
        return [sa.or_(_ROW.school > key[0], sa.and_(_ROW.school == key[0], beyond))]
    if not (key[0].isascii() and key[0].isdigit()):
        return refusals.cursor_malformed(given)
    return [sa.or_(_ROW.gap_ppm < int(key[0]), sa.and_(_ROW.gap_ppm == int(key[0]), beyond))]


def _key(query: ListShortfalls, row: Any) -> str:
    first = {"teacher": (), "school": (row.school,), "gap": (row.gap_ppm,)}[query.sort]
    return cursor(*first, row.teacher)


def _page(query: ListShortfalls, batch: Batch, rows: list[Any], total: int) -> ShortfallPage:
    shown = rows[: query.page.first]
    period, credit = batch.period, batch.law.credit
    return ShortfallPage(
        items=tuple(row_view(row, batch.duties) for row in shown),
        cursors=tuple(_key(query, row) for row in shown),
        has_next=len(rows) > query.page.first,
        total=total,
        as_of_seq=batch.up_to_seq,
        label=period.label,
        starts_on=period.start,
        ends_on=period.end,
        hours_unit=credit.hours_unit,
        credits_unit=credit.credits_unit,
    )
