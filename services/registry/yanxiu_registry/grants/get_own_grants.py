"""Answer the grants that the caller's subject holds now."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.grants import GetOwnGrants, OwnGrants

from yanxiu_registry.context import Registry
from yanxiu_registry.grants.grant_store import grants_of, holding
from yanxiu_registry.grants.tables import role_grant


async def get_own_grants(registry: Registry, district: str, query: GetOwnGrants, deadline: Deadline) -> OwnGrants:
    """The grants, oldest first; the gateway asks so for whoever signs in, before it knows a role of his."""
    deadline.check()
    mine = role_grant.c.subject == query.caller.subject
    async with registry.dbs.read(district) as conn:
        return OwnGrants(items=tuple(await grants_of(conn, district, mine, holding(registry.today()))))
