"""Take a grant back, from this moment on."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import announce, once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.grants import GRANT_CHANGED, Grant, GrantChanged, GrantRevoked, RevokeGrant
from yanxiu_wire.refusal import Refused

from yanxiu_registry.assess_text import text_faults
from yanxiu_registry.context import Registry
from yanxiu_registry.grants.assess_grant import MAY_GIVE
from yanxiu_registry.grants.grant_store import grants_of, save_revocation
from yanxiu_registry.grants.reach import visible
from yanxiu_registry.grants.refusals import grant_unknown, not_to_give, revoked_before
from yanxiu_registry.grants.tables import role_grant
from yanxiu_registry.refusals import refused


async def revoke_grant(registry: Registry, district: str, command: RevokeGrant, deadline: Deadline) -> Grant | Refused:
    """The grant, revoked. Refused: GRANT_UNKNOWN, GRANT_NOT_YOURS, GRANT_REVOKED, VALUE_INVALID."""
    caller, stamp = command.caller, registry.stamp(command.caller)
    if faults := text_faults(why=command.why):
        return refused(*faults)

    async def work(conn: AsyncConnection) -> Grant | Refused:
        its = (role_grant.c.id == command.grant, *visible(caller, district, registry.today()))
        found = await grants_of(conn, district, *its)
        if not found:
            return refused(grant_unknown(command.grant))
        (grant,) = found
        may = MAY_GIVE.get(caller.role, frozenset())
        if grant.role not in may:
            return refused(not_to_give(caller.role, grant.role, may))
        if grant.revoked is not None:
            return refused(revoked_before(grant.id))
        await save_revocation(conn, district, grant.id, command.why, stamp)
        await announce(conn, GRANT_CHANGED, district, GrantChanged(grant=grant.id, subject=grant.subject))
        gone = GrantRevoked(at=stamp.at, by=stamp.by, why=command.why)
        return msgspec.structs.replace(grant, revoked=gone, ends_at=stamp.at)

    return await once(registry.dbs, district, command, Grant, deadline, work, few_rows=True)
