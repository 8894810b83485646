"""Delegations given by somebody, or to him."""

from __future__ import annotations

import sqlalchemy as sa
from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import Delegations, ListDelegations

from yanxiu_credits import refusals
from yanxiu_credits.scope import EVERYWHERE
from yanxiu_credits.service import Service
from yanxiu_credits.workflow.delegate_steps import delegation_view
from yanxiu_credits.workflow.store import read_delegations
from yanxiu_credits.workflow.tables import delegation


async def list_delegations(
    service: Service, district: str, query: ListDelegations, _deadline: Deadline
) -> Delegations | Refused:
    """Return the caller's own delegations, newest first; with `all` the district's, for those who see all of it."""
    refused = few_enough("ids", query.ids)
    if refused is not None:
        return refused
    its, caller = delegation.c, query.caller
    where = [its.district == district]
    if query.all and caller.role not in EVERYWHERE:
        return refusals.forbidden(caller.role, EVERYWHERE)
    if query.ids:
        where.append(its.id.in_(query.ids))
    if not query.all and not (query.ids and caller.role in EVERYWHERE):
        where.append(sa.or_(its.from_subject == caller.subject, its.to_subject == caller.subject))
    async with service.databases.read(district) as conn:
        found = await read_delegations(conn, *where)
    return Delegations(items=tuple(delegation_view(one) for one in found))
