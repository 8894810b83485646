"""Pages of attendance, one for each session asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.paging import bounded, cursor, key_of
from yanxiu_footing.registry_facts import Person, read_people
from yanxiu_wire.attendance import Attendance, AttendancePage, AttendancePages, ListAttendance, Session
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals as general
from yanxiu_credits.attendance.attendance_store import attendances_of
from yanxiu_credits.attendance.session_store import may_see, read_sessions
from yanxiu_credits.scope import Scope, scope_of
from yanxiu_credits.service import Service

MOST_SESSIONS = 100
_NONE = AttendancePage(items=(), cursors=(), has_next=False, total=0)


async def list_attendance(
    service: Service, district: str, query: ListAttendance, _deadline: Deadline
) -> AttendancePages | Refused:
    """Return each session's attendance by the teachers' ids; a teacher sees his own row alone.

    A school sees everybody at its own session, guests too, and at one of the district its own teachers: those who were
    there on the day, or are now.
    """
    refused = bounded(query.page)
    if refused is not None:
        return refused
    if len(query.sessions) > MOST_SESSIONS:
        return general.out_of_bounds("sessions", len(query.sessions), 0, MOST_SESSIONS)
    after = key_of(query.page.after, 1) if query.page.after is not None else [""]
    if isinstance(after, Refused):
        return after
    scope = scope_of(query.caller)
    pages: dict[str, AttendancePage] = {}
    async with service.databases.read(district) as conn:
        found = await read_sessions(conn, may_see(district, scope), query.sessions)
        for session, rows in (await attendances_of(conn, district, list(found.values()))).items():
            mine = await _in_scope(conn, district, scope, found[session], rows, service.clock.today())
            pages[session] = _page(mine, query, after[0])
    return AttendancePages(pages=tuple(pages.get(one, _NONE) for one in query.sessions))


async def _in_scope(
    conn: AsyncConnection, district: str, scope: Scope, session: Session, rows: Sequence[Attendance], today: date
) -> Sequence[Attendance]:
    if scope.kind == "district" or (scope.kind == "school" and session.school == scope.id):
        return rows
    people: dict[str, Person] = {}
    if scope.kind == "school":
        named = [one.teacher for one in rows]
        for start in range(0, len(named), 500):
            people |= await read_people(conn, district, named[start : start + 500])
    return [one for one in rows if _covered(scope, one.teacher, people.get(one.teacher), session.on, today)]


def _covered(scope: Scope, teacher: str, person: Person | None, *days: date) -> bool:
    return scope.covers(teacher, *(person.school_on(day) for day in days if person is not None))


def _page(rows: Sequence[Attendance], query: ListAttendance, after: str) -> AttendancePage:
    matching = [one for one in rows if query.open is None or any(flag.open for flag in one.flags) == query.open]
    beyond = [one for one in matching if one.teacher > after]
    items = tuple(beyond[: query.page.first])
    return AttendancePage(
        items=items,
        cursors=tuple(cursor(one.teacher) for one in items),
        has_next=len(beyond) > query.page.first,
        total=len(matching),
    )
