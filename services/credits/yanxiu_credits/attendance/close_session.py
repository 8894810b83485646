"""Close a session that is over: its attendance is fixed."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.attendance import CloseSession, Session
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.attendance import refusals
from yanxiu_credits.attendance.assess_attendance import in_doubt
from yanxiu_credits.attendance.attendance_store import attendances_of
from yanxiu_credits.attendance.correct_session import own_session
from yanxiu_credits.attendance.session_store import change_session
from yanxiu_credits.service import Service


async def close_session(
    service: Service, district: str, command: CloseSession, deadline: Deadline
) -> Session | Refused:
    """Close it when nothing about it is in doubt; later corrections are settlements marked as made after closing.

    Refuses with SESSION_UNKNOWN, SESSION_CANCELLED, SESSION_CLOSED, SESSION_NOT_OVER or FLAGS_UNSETTLED.
    """

    async def work(conn: AsyncConnection) -> Session | Refused:
        session = await own_session(conn, district, command.caller, command.session)
        if isinstance(session, Refused):
            return session
        if session.state == "closed":
            return refusals.session_closed(session.id)
        if service.clock.now() < session.ends_at:
            return refusals.not_over(session.ends_at)
        doubted = in_doubt((await attendances_of(conn, district, [session]))[session.id])
        if doubted:
            return refusals.flags_open(doubted)
        closed = msgspec.structs.replace(session, state="closed", version=session.version + 1)
        await change_session(conn, district, closed)
        return closed

    return await once(service.databases, district, command, Session, deadline, work)
