"""The endpoints of attendance: for each the use case that answers and the roles that may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_wire import attendance as wire
from yanxiu_wire.caller import Role

from yanxiu_credits import scope
from yanxiu_credits.attendance.cancel_session import cancel_session
from yanxiu_credits.attendance.check_in import check_in
from yanxiu_credits.attendance.check_out import check_out
from yanxiu_credits.attendance.close_session import close_session
from yanxiu_credits.attendance.correct_session import correct_session
from yanxiu_credits.attendance.get_sessions import get_sessions
from yanxiu_credits.attendance.issue_check_in import issue_check_in
from yanxiu_credits.attendance.list_attendance import list_attendance
from yanxiu_credits.attendance.list_sessions import list_sessions
from yanxiu_credits.attendance.register_attended import register_attended
from yanxiu_credits.attendance.schedule_session import schedule_session
from yanxiu_credits.attendance.settle_attendance import settle_attendance

# Nobody says for another that he is there: a school settles attendance instead.
_HIMSELF: frozenset[Role] = frozenset({"teacher"})

OFFERED: Table = {
    wire.SCHEDULE_SESSION: (schedule_session, scope.REGISTRARS),
    wire.CORRECT_SESSION: (correct_session, scope.REGISTRARS),
    wire.CANCEL_SESSION: (cancel_session, scope.REGISTRARS),
    wire.CLOSE_SESSION: (close_session, scope.REGISTRARS),
    wire.GET_SESSIONS: (get_sessions, scope.READERS, PLAIN),
    wire.LIST_SESSIONS: (list_sessions, scope.READERS, PLAIN),
    wire.ISSUE_CHECK_IN: (issue_check_in, scope.REGISTRARS | _HIMSELF),
    wire.CHECK_IN: (check_in, _HIMSELF),
    wire.CHECK_OUT: (check_out, _HIMSELF),
    wire.SETTLE_ATTENDANCE: (settle_attendance, scope.REGISTRARS),
    wire.LIST_ATTENDANCE: (list_attendance, scope.READERS, personal("pages.items.teacher", own=True)),
    wire.REGISTER_ATTENDED: (register_attended, scope.REGISTRARS),
}
