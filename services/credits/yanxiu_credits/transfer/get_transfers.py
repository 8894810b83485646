"""Transfers by id."""

from __future__ import annotations

from yanxiu_footing.fitting import fitting
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.transfer import GetTransfers, Transfers

from yanxiu_credits import refusals as general
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.transfer.transfer_store import may_see, read_transfers

MOST_TRANSFERS = 20


async def get_transfers(
    service: Service, district: str, query: GetTransfers, _deadline: Deadline
) -> Transfers | Refused:
    """Return the transfers in the order asked for, None where unknown or out of the caller's scope.

    With explanations one may be large: those that do not fit the message any more are left to another.
    """
    if len(query.ids) > MOST_TRANSFERS:
        return general.out_of_bounds("ids", len(query.ids), 0, MOST_TRANSFERS)
    seen = may_see(district, scope_of(query.caller), service.clock.today())
    async with service.databases.read(district) as conn:
        found = await read_transfers(conn, service.laws, district, seen, query.ids, explain=query.explain)
    return Transfers(items=fitting([found.get(one) for one in query.ids]))
