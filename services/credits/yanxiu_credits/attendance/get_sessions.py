"""Sessions by id."""

from __future__ import annotations

from yanxiu_footing.paging import few_enough
from yanxiu_wire.attendance import GetSessions, Sessions
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.attendance.session_store import may_see, read_sessions
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service


async def get_sessions(service: Service, district: str, query: GetSessions, _deadline: Deadline) -> Sessions | Refused:
    """Return the sessions in the order asked for, None where unknown or out of the caller's scope."""
    too_many = few_enough("ids", query.ids)
    if too_many is not None:
        return too_many
    async with service.databases.read(district) as conn:
        found = await read_sessions(conn, may_see(district, scope_of(query.caller)), query.ids)
    return Sessions(items=tuple(found.get(one) for one in query.ids))
