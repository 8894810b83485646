"""Check in to a session with a token."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_wire.attendance import AttendanceTaken, CheckIn, Session
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.attendance import refusals
from yanxiu_credits.attendance.attendance_store import add, also_there, attendance_of, on_device, raise_flag, read_token
from yanxiu_credits.attendance.check_in_tokens import Claims
from yanxiu_credits.attendance.session_store import read_session
from yanxiu_credits.attendance.tables import check_in as check_in_table
from yanxiu_credits.attendance.tables import training_session
from yanxiu_credits.service import Service

MOST_DEVICE = 200


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """One person who arrives at one session with a token that may be used, and the hash of the device it came from."""

    district: str
    session: Session
    teacher: str
    nonce: str
    device: str
    at: datetime


async def check_in(service: Service, district: str, command: CheckIn, deadline: Deadline) -> AttendanceTaken | Refused:
    """Note that the teacher is there; a device that another teacher used, or another session at that time, is flagged.

    Refuses with TOKEN_UNKNOWN (forged, of another district or person), TOKEN_USED, SESSION_CANCELLED, SESSION_CLOSED,
    SESSION_NOT_OPEN, CHECK_IN_OVER, TOKEN_EXPIRED, ALREADY_CHECKED_IN or TEXT_MALFORMED.
    """
    claims = service.tokens.read(district, command.token)

    async def work(conn: AsyncConnection) -> AttendanceTaken | Refused:
        arrival = await _arrival(service, conn, district, command, claims)
        if isinstance(arrival, Refused):
            return arrival
        await _note(conn, arrival)
        return AttendanceTaken(attendance=await attendance_of(conn, district, arrival.session, arrival.teacher))

    return await once(service.databases, district, command, AttendanceTaken, deadline, work)


async def _arrival(
    service: Service, conn: AsyncConnection, district: str, command: CheckIn, claims: Claims | None
) -> Arrival | Refused:
    # The same device however it is written.
    device = command.device.strip().casefold()
    if not device or len(device) > MOST_DEVICE:
        return refusals.device_malformed(MOST_DEVICE)
    if claims is None or claims.sub != command.caller.teacher:
        return refusals.token_unknown()
    issued = await read_token(conn, district, claims.jti)
    # The signature says it is ours; that it was issued for this very person and session stands in the register too.
    if issued is None or (issued.session, issued.teacher) != (claims.sid, claims.sub):
        return refusals.token_unknown()
    if issued.used_by is not None:
        return refusals.token_used()
    session = await read_session(conn, training_session.c.district == district, claims.sid)
    now = service.clock.now()
    refused = _untimely(session, now)
    if refused is not None or session is None:
        return refused or refusals.token_unknown()
    if not service.tokens.holds(claims, now):
        return refusals.token_expired(int(service.tokens.life.total_seconds()))
    came = (await attendance_of(conn, district, session, claims.sub)).checked_in_at
    if came is not None:
        return refusals.already_checked_in(came)
    hashed = service.tokens.device(district, session.id, device)
    return Arrival(district=district, session=session, teacher=claims.sub, nonce=claims.jti, device=hashed, at=now)


def _untimely(session: Session | None, now: datetime) -> Refused | None:
    """Refuse a check-in outside the session's window, whatever the token says."""
    if session is None:
        return refusals.token_unknown()
    if session.state == "cancelled":
        return refusals.session_cancelled(session.id)
    if now < session.check_in_from:
        return refusals.not_open_yet(session.check_in_from)
    if now > session.check_in_until:
        return refusals.check_in_over(session.check_in_until)
    return refusals.session_closed(session.id) if session.state == "closed" else None


async def _note(conn: AsyncConnection, one: Arrival) -> None:
    session = one.session.id
    await add(
        conn,
        check_in_table,
        district=one.district,
        session=session,
        teacher=one.teacher,
        nonce=one.nonce,
        device=one.device,
        recorded_us=to_us(one.at),
    )
    for other in await on_device(conn, one.district, session, one.device, one.teacher):
        for teacher, with_whom in ((one.teacher, other), (other, one.teacher)):
            await raise_flag(
                conn, one.district, (session, teacher), "shared-device", at=one.at, other_teacher=with_whom
            )
    await flag_overlaps(conn, one.district, one.session, one.teacher, one.at)


async def flag_overlaps(conn: AsyncConnection, district: str, session: Session, teacher: str, at: datetime) -> None:
    """Flag this attendance and those of the same teacher at the same time; a closed session's stays as it is."""
    for other, state in await also_there(conn, district, session, teacher):
        await raise_flag(conn, district, (session.id, teacher), "overlap", at=at, other_session=other)
        if state != "closed":
            await raise_flag(conn, district, (other, teacher), "overlap", at=at, other_session=session.id)
