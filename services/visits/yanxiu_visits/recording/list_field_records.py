"""Pages of records of work, by day."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.paging import bounded, cursor, day_and_id
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import FieldRecordPage, ListFieldRecords
from yanxiu_wire.refusal import Refused

from yanxiu_visits.recording.record_store import may_see, page_records
from yanxiu_visits.recording.tables import field_record
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.visit_store import NO_DAY


async def list_field_records(
    service: Service, district: str, query: ListFieldRecords, _deadline: Deadline
) -> FieldRecordPage | Refused:
    """Return a page of the records in the caller's scope, narrowed as the query asks."""
    refused = bounded(query.page)
    if refused is not None:
        return refused
    after = day_and_id(query.page.after)
    if isinstance(after, Refused):
        return after
    where = [may_see(district, scope_of(query.caller)), *_narrowed(query)]
    async with service.databases.read(district) as conn:
        rows, total = await page_records(
            conn, district, where, first=query.page.first + 1, after=after, newest=query.newest
        )
    items = tuple(rows[: query.page.first])
    return FieldRecordPage(
        items=items,
        cursors=tuple(cursor(one.on or NO_DAY, one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )


def _narrowed(query: ListFieldRecords) -> list[sa.ColumnElement[bool]]:
    its = field_record.c
    equal = {
        its.researcher: query.researcher,
        its.school: query.school,
        its.term: query.term,
        its.visit: query.visit,
        its.kind: query.kind,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if not query.withdrawn:
        found.append(its.state != "withdrawn")
    if query.since is not None:
        found.append(its.on >= query.since)
    if query.until is not None:
        found.append(its.on <= query.until)
    return found
