"""Decide one attendance: the school's word, with its reason, beside what the check-in says."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_footing.registry_facts import read_people
from yanxiu_rulekit.numbers import to_micro
from yanxiu_wire.attendance import Attendance, AttendanceTaken, Session, SettleAttendance
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals as general
from yanxiu_credits.attendance import refusals
from yanxiu_credits.attendance.assess_session import is_exact
from yanxiu_credits.attendance.attendance_store import add, attendance_of, standing_record
from yanxiu_credits.attendance.check_in import flag_overlaps
from yanxiu_credits.attendance.correct_session import own_session
from yanxiu_credits.attendance.tables import attendance_settlement
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service

MOST_REASON = 1000


async def settle_attendance(
    service: Service, district: str, command: SettleAttendance, deadline: Deadline
) -> AttendanceTaken | Refused:
    """Add a settlement; it settles every flag raised so far, and corrects an earlier one without replacing it.

    After closing it is marked as such; once a counted record was made of it, that record is reversed first.
    Refuses with REASON_MISSING, SESSION_UNKNOWN, SESSION_CANCELLED, SESSION_NOT_BEGUN, HOURS_OUT_OF_RANGE,
    HOURS_WITHOUT_PRESENCE, TEACHER_UNKNOWN, TEACHER_NOT_EMPLOYED or ATTENDANCE_REGISTERED.
    """

    async def work(conn: AsyncConnection) -> AttendanceTaken | Refused:
        session = await own_session(conn, district, command.caller, command.session)
        if isinstance(session, Refused):
            return session
        wrong = _wrong(service, session, command)
        if wrong is not None:
            return wrong
        stands = await attendance_of(conn, district, session, command.teacher)
        refused = await _stranger(service, conn, district, session, stands, command)
        if refused is not None:
            return refused
        made = await standing_record(conn, district, session.id, command.teacher)
        if made is not None:
            return refusals.already_a_record(made)
        await _settle(service, conn, district, session, command)
        return AttendanceTaken(attendance=await attendance_of(conn, district, session, command.teacher))

    return await once(service.databases, district, command, AttendanceTaken, deadline, work)


def _wrong(service: Service, session: Session, command: SettleAttendance) -> Refused | None:
    reason, hours = command.reason.strip(), command.hours
    if not reason or len(reason) > MOST_REASON:
        return refusals.reason_malformed()
    if service.clock.now() < session.starts_at:
        return refusals.not_begun(session.starts_at)
    if hours is None:
        return None
    if not (is_exact(hours) and 0 <= hours <= session.hours):
        return refusals.hours_out_of_range(hours, session.hours)
    return refusals.hours_absent(hours) if hours and not command.present else None


async def _stranger(
    service: Service,
    conn: AsyncConnection,
    district: str,
    session: Session,
    stands: Attendance,
    command: SettleAttendance,
) -> Refused | None:
    """A school settles for its own teachers, and for a guest who checked in to its session."""
    person = (await read_people(conn, district, [command.teacher])).get(command.teacher)
    if person is None:
        return general.teacher_unknown(command.teacher)
    schools = (person.school_on(session.on), person.school_on(service.clock.today()))
    guest = stands.checked_in_at is not None
    if not guest and not scope_of(command.caller).covers(person.id, *schools):
        return general.teacher_unknown(command.teacher)
    if command.present and not person.at_work(session.on):
        entry = person.on(session.on)
        return general.not_employed(command.teacher, session.on, entry.hired_on if entry else None)
    return None


async def _settle(
    service: Service, conn: AsyncConnection, district: str, session: Session, command: SettleAttendance
) -> None:
    now = service.clock.now()
    if command.present:
        # Before the settlement, so that it settles this side; the other session's school decides on the other.
        await flag_overlaps(conn, district, session, command.teacher, now)
    stands = await attendance_of(conn, district, session, command.teacher)
    hours = Decimal(0) if not command.present else session.hours if command.hours is None else command.hours
    await add(
        conn,
        attendance_settlement,
        district=district,
        session=session.id,
        teacher=command.teacher,
        number=len(stands.settlements) + 1,
        present=command.present,
        micro_hours=to_micro(hours),
        reason=command.reason.strip(),
        by=command.caller.subject,
        after_closing=session.state == "closed",
        recorded_us=to_us(now),
    )
