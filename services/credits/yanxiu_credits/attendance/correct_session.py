"""Change a session before it has begun."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.attendance import CorrectSession, Session, SessionScheduled
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.attendance import refusals
from yanxiu_credits.attendance.assess_session import Window, window_of
from yanxiu_credits.attendance.schedule_session import check_session, warnings
from yanxiu_credits.attendance.session_store import change_session, may_see, read_session
from yanxiu_credits.scope import SCHOOL_ROLES, scope_of
from yanxiu_credits.service import Service

_FIELDS = ("on", "starts_at", "ends_at", "hours", "facts")


async def correct_session(
    service: Service, district: str, command: CorrectSession, deadline: Deadline
) -> SessionScheduled | Refused:
    """Put what is given in the place of what stood there; the check-in window moves with the start.

    Refuses with SESSION_UNKNOWN, SESSION_CANCELLED, SESSION_CLOSED, SESSION_BEGUN, or as scheduling does.
    """

    async def work(conn: AsyncConnection) -> SessionScheduled | Refused:
        session = await own_session(conn, district, command.caller, command.session)
        if isinstance(session, Refused):
            return session
        begun = not_begun(service, session)
        if begun is not None:
            return begun
        checked = await check_session(service, conn, district, _changed(session, command), _window(session, command))
        if isinstance(checked, Refused):
            return checked
        await change_session(conn, district, checked)
        return SessionScheduled(session=checked, warnings=await warnings(conn, district, checked))

    return await once(service.databases, district, command, SessionScheduled, deadline, work)


def _changed(session: Session, command: CorrectSession) -> Session:
    given = {name: getattr(command, name) for name in _FIELDS if getattr(command, name) is not None}
    if command.title is not None:
        given["title"] = command.title.strip()
    return msgspec.structs.replace(session, version=session.version + 1, **given)


def _window(session: Session, command: CorrectSession) -> Window:
    stood = window_of(session)
    return Window(
        before=stood.before if command.opens_before is None else command.opens_before,
        after=stood.after if command.closes_after is None else command.closes_after,
    )


async def own_session(conn: AsyncConnection, district: str, caller: Caller, session_id: str) -> Session | Refused:
    """Return a session that the caller runs and that was not called off; a school runs its own alone."""
    session = await read_session(conn, may_see(district, scope_of(caller)), session_id)
    if session is None or (caller.role in SCHOOL_ROLES and session.school != caller.school):
        return refusals.session_unknown(session_id)
    return refusals.session_cancelled(session_id) if session.state == "cancelled" else session


def not_begun(service: Service, session: Session) -> Refused | None:
    """Return the refusal of a session that has begun or is closed, else None."""
    if session.state == "closed":
        return refusals.session_closed(session.id)
    return refusals.session_begun(session.starts_at) if service.clock.now() >= session.starts_at else None
