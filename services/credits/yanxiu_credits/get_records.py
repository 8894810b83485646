"""Records by id."""

from __future__ import annotations

from yanxiu_footing.paging import few_enough
from yanxiu_wire.credits import GetRecords, Records
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.explain_records import explained
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.standings.instants import known_until, past
from yanxiu_credits.store.records import read_records, visible


async def get_records(service: Service, district: str, query: GetRecords, _deadline: Deadline) -> Records | Refused:
    """Return the records in the order asked for, None where unknown (then) or out of the caller's scope."""
    refused = few_enough("ids", query.ids) or past(service.clock, query.as_known_at)
    if refused is not None:
        return refused
    seen = visible(district, scope_of(query.caller), service.clock.today())
    async with service.databases.read(district) as conn:
        found = await read_records(conn, seen, query.ids, known_us=known_until(query.as_known_at))
        if query.explain:
            full = await explained(conn, service.laws, district, found.values())
            found = {one.id: one for one in full}
    return Records(items=tuple(found.get(one) for one in query.ids))
