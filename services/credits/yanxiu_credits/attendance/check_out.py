"""Check out of a session: not needed for the hours to count, but leaving early is flagged."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_wire.attendance import AttendanceTaken, CheckOut
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.attendance import refusals
from yanxiu_credits.attendance.attendance_store import add, attendance_of, raise_flag
from yanxiu_credits.attendance.session_store import may_see, read_session
from yanxiu_credits.attendance.tables import check_out as check_out_table
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service


async def check_out(
    service: Service, district: str, command: CheckOut, deadline: Deadline
) -> AttendanceTaken | Refused:
    """Note that the teacher has left; before the end of the session it is flagged for the school to settle.

    Refuses with SESSION_UNKNOWN, SESSION_CLOSED or NOT_CHECKED_IN.
    """
    scope = scope_of(command.caller)

    async def work(conn: AsyncConnection) -> AttendanceTaken | Refused:
        session = await read_session(conn, may_see(district, scope), command.session)
        if session is None:
            return refusals.session_unknown(command.session)
        if session.state == "closed":
            return refusals.session_closed(session.id)
        stands = await attendance_of(conn, district, session, scope.id)
        if stands.checked_in_at is None or stands.checked_out_at is not None:
            return refusals.not_checked_in(session.id)
        now = service.clock.now()
        row = {"district": district, "session": session.id, "teacher": scope.id, "recorded_us": to_us(now)}
        await add(conn, check_out_table, **row)
        if now < session.ends_at:
            await raise_flag(conn, district, (session.id, scope.id), "left-early", at=now)
        return AttendanceTaken(attendance=await attendance_of(conn, district, session, scope.id))

    return await once(service.databases, district, command, AttendanceTaken, deadline, work)
