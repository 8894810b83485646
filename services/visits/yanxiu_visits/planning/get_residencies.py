"""Residencies by id."""

from __future__ import annotations

from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.residency import GetResidencies, Residencies

from yanxiu_visits.planning.residency_store import may_see, read_residencies
from yanxiu_visits.planning.tables import residency
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service


async def get_residencies(
    service: Service, district: str, query: GetResidencies, _deadline: Deadline
) -> Residencies | Refused:
    """Return residencies in the order asked for; None where unknown or out of scope."""
    refused = few_enough("ids", query.ids)
    if refused is not None:
        return refused
    async with service.databases.read(district) as conn:
        rows = await read_residencies(
            conn, [may_see(district, scope_of(query.caller)), residency.c.id.in_(list(query.ids))]
        )
    found = {one.id: one for one in rows}
    return Residencies(items=tuple(found.get(one) for one in query.ids))
