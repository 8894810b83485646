"""Call a session off before it has begun."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.attendance import CancelSession, Session
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.attendance import refusals
from yanxiu_credits.attendance.correct_session import not_begun, own_session
from yanxiu_credits.attendance.session_store import change_session
from yanxiu_credits.service import Service

MOST_REASON = 1000


async def cancel_session(
    service: Service, district: str, command: CancelSession, deadline: Deadline
) -> Session | Refused:
    """Call it off, with a reason; it is kept as cancelled.

    Refuses with REASON_MISSING, SESSION_UNKNOWN, SESSION_CANCELLED, SESSION_CLOSED or SESSION_BEGUN.
    """

    async def work(conn: AsyncConnection) -> Session | Refused:
        reason = command.reason.strip()
        if not reason or len(reason) > MOST_REASON:
            return refusals.reason_malformed()
        session = await own_session(conn, district, command.caller, command.session)
        if isinstance(session, Refused):
            return session
        begun = not_begun(service, session)
        if begun is not None:
            return begun
        off = msgspec.structs.replace(session, state="cancelled", cancel_reason=reason, version=session.version + 1)
        await change_session(conn, district, off)
        return off

    return await once(service.databases, district, command, Session, deadline, work)
