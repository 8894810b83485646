"""Where records stand between registration and recognition: told from their school's process, never stored twice."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import GetRecordStates, RecordStates

from yanxiu_credits.paging import few_enough
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.store.records import visible
from yanxiu_credits.tables import ledger, record
from yanxiu_credits.workflow.tables import process

# The newest process about records of the record's school (or of the whole district) whose period holds its day.
_PHASE = (
    sa.select(process.c.phase)
    .where(
        process.c.district == record.c.district,
        process.c.carries == "records",
        process.c.school.in_([sa.func.coalesce(record.c.school, ""), ""]),
        process.c.starts_on <= record.c.on,
        process.c.ends_on >= record.c.on,
    )
    .order_by(process.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
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
            sa.select(record.c.id, _PHASE.label("phase"), _REVOKED.label("revoked")).where(
                seen, record.c.id.in_(list(dict.fromkeys(query.ids)))
            )
        )
        found: dict[str, Any] = {row.id: "revoked" if row.revoked else row.phase or "registered" for row in rows}
    return RecordStates(items=tuple(found.get(one) for one in query.ids))
