"""Pages of records in part: only the columns that are read, for as many teachers as a message holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
from yanxiu_durable.looking import Look
from yanxiu_footing.paging import cursor
from yanxiu_wire.codec import encode
from yanxiu_wire.credits import ListRecords
from yanxiu_wire.record_parts import BYTES_OF, CURSORS, TOTALS, RecordColumns, RecordTable, columns_told

from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.store.kept_parts import Told
from yanxiu_credits.store.record_parts import Row, Shape, as_told, look_for_parts, look_for_totals

# So many rows are read in some two milliseconds; more are read beside the event loop.
FEW = 500
# Of so many teachers at most, for rows that are not shown are passed over one by one: 20 times 300 in 8 ms.
FEW_TEACHERS = 20


class _Found(NamedTuple):
    """The rows of all pages one after the other, and totals by teacher; or what is `told` of them without rows."""

    rows: Sequence[Row]
    told: Told
    totals: Mapping[str, int]


def in_part(query: ListRecords) -> bool:
    """Whether a table can answer: named teachers, as of now, and nothing but plain fields of the records."""
    plain = all(name in BYTES_OF or name in (CURSORS, TOTALS) for name in query.fields)
    return bool(query.fields and query.teachers and plain and not query.explain and query.as_known_at is None)


def few_parts(query: ListRecords) -> bool:
    """Whether so few rows can come of it that they are read at once."""
    return len(query.teachers) * query.page.first <= FEW


def few_looked_at(query: ListRecords) -> bool:
    """Whether so few rows are looked at that no other district waits for it; counting them all looks at each."""
    return few_parts(query) and len(query.teachers) <= FEW_TEACHERS and TOTALS not in query.fields


async def list_parts(
    service: Service, district: str, query: ListRecords, after: tuple[date, str] | None
) -> RecordTable | RecordColumns:
    """Return the fields asked for of a page of each teacher, oldest record first."""
    fields = tuple(name for name in query.fields if name in BYTES_OF)
    with_cursors = CURSORS in query.fields
    read = (*fields, "on", "id") if with_cursors else fields
    shape = Shape(
        read, scope_of(query.caller).kind, query.since is not None, query.until is not None, after is not None
    )
    given = _given(service, district, query, after)
    few = few_parts(query)

    def found(look: Look) -> _Found:
        totals = look_for_totals(look, shape, given) if TOTALS in query.fields else {}
        # The event loop itself waits for no other thread.
        if query.columns and not with_cursors and not few:
            told = service.kept_parts.told(look, shape, given, query.teachers)
            if told is not None:
                return _Found((), told, totals)
        return _read(look, shape, given, query)._replace(totals=totals)

    its = await service.databases.look(district, found, few_rows=few)
    beside: dict[str, Any] = {
        "fields": fields,
        "counts": its.told.counts,
        "has_next": its.told.has_next,
        "totals": tuple(its.totals.get(teacher, 0) for teacher in query.teachers) if TOTALS in query.fields else (),
        "cursors": tuple(cursor(row[-2], row[-1]) for row in its.rows) if with_cursors else (),
    }
    if query.columns:
        return RecordColumns(columns=its.told.columns[: len(fields)], **beside)
    rows = [row[: len(fields)] for row in its.rows] if with_cursors else its.rows
    return RecordTable(rows=msgspec.Raw(encode(rows)), **beside)


def _given(service: Service, district: str, query: ListRecords, after: tuple[date, str] | None) -> dict[str, Any]:
    """The values of a statement of pages."""
    return {
        "of": district,
        "teachers": list(dict.fromkeys(query.teachers)),
        "scope_id": scope_of(query.caller).id,
        "today": service.clock.today(),
        "since": query.since,
        "until": query.until,
        "last_on": after[0] if after else None,
        "last_id": after[1] if after else None,
        "most": query.page.first + 1,
    }


def _read(look: Look, shape: Shape, given: dict[str, Any], query: ListRecords) -> _Found:
    """The pages as they are read; columns of them where the asker knows those."""
    pages = look_for_parts(look, shape, given)
    mine = [pages.get(teacher, ()) for teacher in query.teachers]
    shown = [page[: query.page.first] for page in mine]
    rows = as_told(shape, [row for page in shown for row in page])
    columns = columns_told(shape.fields, rows) if query.columns else ()
    more = tuple(len(page) > query.page.first for page in mine)
    return _Found(rows, Told(columns, tuple(map(len, shown)), more), {})
