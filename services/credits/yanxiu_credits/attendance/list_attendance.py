"""Pages of attendance, one for each session asked for."""

from __future__ import annotations

from collections.abc import Sequence

from yanxiu_wire.attendance import Attendance, AttendancePage, AttendancePages, ListAttendance
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals as general
from yanxiu_credits.attendance.attendance_store import attendances_of
from yanxiu_credits.attendance.session_store import may_see, read_sessions
from yanxiu_credits.paging import bounded, cursor, key_of
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service

MOST_SESSIONS = 100
_NONE = AttendancePage(items=(), cursors=(), has_next=False, total=0)


async def list_attendance(
    service: Service, district: str, query: ListAttendance, _deadline: Deadline
) -> AttendancePages | Refused:
    """Return each session's attendance by the teachers' ids; a teacher sees his own row alone."""
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
            mine = rows if scope.kind != "self" else [one for one in rows if one.teacher == scope.id]
            pages[session] = _page(mine, query, after[0])
    return AttendancePages(pages=tuple(pages.get(one, _NONE) for one in query.sessions))


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
