"""The record that a caller wants changed: read with what became of it, and only where it is in the caller's reach."""

from __future__ import annotations

from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.lineage import fate_of
from yanxiu_credits.scope import scope_of
from yanxiu_credits.store.registering import Standing
from yanxiu_credits.tables import ledger, record


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A record that stands: whose, where and when, its entry's id if it counts, and what it was found to be worth."""

    id: str
    teacher: str
    school: str | None
    project: str | None
    activity: str
    kind: str
    on: date
    registered_by: str
    entry_id: str | None
    found: Standing


_READ = (
    sa.select(
        record.c.teacher,
        record.c.school,
        record.c.project,
        record.c.activity,
        record.c.kind,
        record.c.on,
        record.c.registered_by,
        ledger.c.entry_id,
    )
    .select_from(
        record.outerjoin(ledger, sa.and_(ledger.c.district == record.c.district, ledger.c.seq == record.c.entry))
    )
    .where(record.c.district == sa.bindparam("of"), record.c.id == sa.bindparam("its"))
)


async def read_changed(conn: AsyncConnection, district: str, record_id: str, by: Caller) -> Changed | Refused:
    """Return a record that may be changed: a school's own by its roles, any by officers.

    Refuses with RECORD_UNKNOWN, ALREADY_REVERSED or ALREADY_CORRECTED. A school that a teacher has left keeps its
    records of the time, and the school that the teacher came to changes none of them.
    """
    row = (await conn.execute(_READ, {"of": district, "its": record_id})).first()
    found = await fate_of(conn, district, record_id)
    if row is None or found is None or not scope_of(by).covers(row.teacher, row.school):
        return no.record_unknown(record_id)
    if found.replaced_by is not None:
        return no.already_corrected(record_id, found.replaced_by)
    if found.reversed_why is not None:
        return no.already_reversed(record_id, found.reversed_why)
    return Changed(
        id=record_id,
        teacher=row.teacher,
        school=row.school,
        project=row.project,
        activity=row.activity,
        kind=row.kind,
        on=row.on,
        registered_by=row.registered_by,
        entry_id=row.entry_id,
        found=found,
    )
