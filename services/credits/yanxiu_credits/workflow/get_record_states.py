"""Where records stand between registration and recognition: told from their school's process, never stored twice."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.process import RecordState
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import GetRecordStates, RecordStates

from yanxiu_credits.books.standing_recognitions import STANDS
from yanxiu_credits.books.tables import recognition
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.store.records import visible
from yanxiu_credits.tables import ledger, record
from yanxiu_credits.workflow.tables import process


def _newest(column: sa.Column[Any]) -> sa.ScalarSelect[Any]:
    """Say it of the newest process about the records of the record's school (or the district) in its period."""
    return (
        sa.select(column)
        .where(
            process.c.district == record.c.district,
            process.c.carries == "records",
            process.c.school.in_([sa.func.coalesce(record.c.school, ""), ""]),
            process.c.starts_on <= record.c.on,
            process.c.ends_on >= record.c.on,
        )
        .order_by(process.c.id.desc())
        .limit(1)
        .correlate(record)
        .scalar_subquery()
    )


# The recognitions of the record's teacher for the period that holds its day, whichever school's process made them.
_ITS = (
    recognition.c.district == record.c.district,
    recognition.c.teacher == record.c.teacher,
    recognition.c.starts_on <= record.c.on,
    recognition.c.ends_on >= record.c.on,
    recognition.c.period_kind == _newest(process.c.kind),
)
_RECOGNISED = sa.exists().where(*_ITS, STANDS).correlate(record)
_WAS_RECOGNISED = sa.exists().where(*_ITS).correlate(record)
_entry = ledger.alias("entry")
_back = ledger.alias("back")
_REVOKED = sa.exists().where(
    _entry.c.district == record.c.district,
    _entry.c.seq == record.c.entry,
    _back.c.district == record.c.district,
    _back.c.reverses == _entry.c.entry_id,
)


async def get_record_states(
    service: Service, district: str, query: GetRecordStates, _deadline: Deadline
) -> RecordStates | Refused:
    """Return the states in the order asked for, None where unknown or out of the caller's scope; one statement."""
    too_many = few_enough("ids", query.ids)
    if too_many is not None:
        return too_many
    seen = visible(district, scope_of(query.caller), service.clock.today())
    async with service.databases.read(district) as conn:
        rows = await conn.execute(
            sa.select(
                record.c.id,
                _newest(process.c.phase).label("phase"),
                _REVOKED.label("revoked"),
                _RECOGNISED.label("recognised"),
                _WAS_RECOGNISED.label("was_recognised"),
            ).where(seen, record.c.id.in_(list(dict.fromkeys(query.ids))))
        )
        found: dict[str, RecordState] = {row.id: state_of(row) for row in rows}
    return RecordStates(items=tuple(found.get(one) for one in query.ids))


def state_of(row: Any) -> RecordState:
    """Return a record's state: its own reversal first, then the teacher's recognition, then its process's phase.

    A process whose recognition was taken back of one teacher has left `recognised` for that teacher alone.
    """
    if row.revoked:
        return "revoked"
    if row.recognised:
        return "recognised"
    if row.phase == "recognised" and row.was_recognised:
        return "registered"
    return row.phase or "registered"
