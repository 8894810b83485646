"""Records of work by id."""

from __future__ import annotations

from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import FieldRecords, GetFieldRecords
from yanxiu_wire.refusal import Refused

from yanxiu_visits.recording.record_store import may_see, read_records
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service


async def get_field_records(
    service: Service, district: str, query: GetFieldRecords, _deadline: Deadline
) -> FieldRecords | Refused:
    """Return records in the order asked for; None where unknown or out of scope."""
    refused = few_enough("ids", query.ids)
    if refused is not None:
        return refused
    async with service.databases.read(district) as conn:
        found = await read_records(conn, district, may_see(district, scope_of(query.caller)), query.ids)
    return FieldRecords(items=tuple(found.get(one) for one in query.ids))
