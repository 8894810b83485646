"""Visits by id."""

from __future__ import annotations

from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.visiting import GetVisits, Visits

from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.visit_store import may_see, read_visits


async def get_visits(service: Service, district: str, query: GetVisits, _deadline: Deadline) -> Visits | Refused:
    """Return visits in the order asked for; None where unknown or out of scope."""
    refused = few_enough("ids", query.ids)
    if refused is not None:
        return refused
    async with service.databases.read(district) as conn:
        found = await read_visits(conn, may_see(district, scope_of(query.caller)), query.ids)
    return Visits(items=tuple(found.get(one) for one in query.ids))
