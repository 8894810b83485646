"""Messages of attendance: sessions of a training, check-in by token, what the school settles, what becomes a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import RefusalItem, Refused

SERVICE = "credits"

# ---- views -----------------------------------------------------------------------------------------------------

SessionState = Literal["scheduled", "cancelled", "closed"]
FlagKind = Literal["shared-device", "overlap", "left-early"]
AttendanceState = Literal["present", "absent", "unsettled"]


class Session(msgspec.Struct, frozen=True, kw_only=True, tag="session"):
    """One sitting of a training: on one Chinese civil day, from one instant to another, worth so many hours.

    `facts` are in the law's words and go into each attender's record. Check-in is possible from `check_in_from` to
    `check_in_until`, both included. `school` is None for a session that the district holds.
    """

    id: str
    project: str | None
    school: str | None
    title: str
    on: date
    starts_at: datetime
    ends_at: datetime
    hours: Decimal
    facts: Mapping[str, Any]
    check_in_from: datetime
    check_in_until: datetime
    state: SessionState = "scheduled"
    cancel_reason: str | None = None
    scheduled_by: str
    version: int = 1


class SessionScheduled(msgspec.Struct, frozen=True, kw_only=True, tag="session-scheduled"):
    """The session, and what somebody should look at: hours beyond the project's plan, overlaps with other sessions."""

    session: Session
    warnings: tuple[RefusalItem, ...] = ()
    replayed: bool = False


class CheckInToken(msgspec.Struct, frozen=True, kw_only=True):
    """A signed token with which one person checks in to one session, once, until it expires."""

    session: str
    teacher: str
    token: str
    expires_at: datetime
    opens_at: datetime


class AttendanceFlag(msgspec.Struct, frozen=True, kw_only=True):
    """What the school has to look at: which other teacher used the device, which other session overlaps.

    `open` until the school has settled this attendance after the flag was raised.
    """

    kind: FlagKind
    other_teacher: str | None = None
    other_session: str | None = None
    open: bool
    raised_at: datetime


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What the school decided of one attendance; a later one corrects an earlier one and both are kept."""

    number: int
    present: bool
    hours: Decimal
    reason: str
    by: str
    recorded_at: datetime
    after_closing: bool


class Attendance(msgspec.Struct, frozen=True, kw_only=True):
    """What one teacher's attendance of one session comes to; `hours` count, in the unit of the district's law.

    `record` is the training record that was made of it, if any.
    """

    session: str
    teacher: str
    state: AttendanceState
    hours: Decimal
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    flags: tuple[AttendanceFlag, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    record: str | None = None


class AttendedResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one attender: a record (perhaps an earlier one), or why none was made."""

    teacher: str
    record: str | None = None
    replayed: bool = False
    errors: tuple[RefusalItem, ...] = ()


# ---- session ---------------------------------------------------------------------------------------------------


class ScheduleSession(Command, frozen=True, kw_only=True):
    """Announce a session; `on` is the civil day in China on which it begins and ends.

    Check-in opens `opens_before` minutes before it starts and closes `closes_after` minutes after it has started.
    """

    title: str
    on: date
    starts_at: datetime
    ends_at: datetime
    hours: Decimal
    project: str | None = None
    school: str | None = None
    facts: Mapping[str, Any] = {}
    opens_before: int = 15
    closes_after: int = 15


class CorrectSession(Command, frozen=True, kw_only=True):
    """Change a session before it has begun: what is given replaces what stood there."""

    session: str
    title: str | None = None
    on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    hours: Decimal | None = None
    facts: Mapping[str, Any] | None = None
    opens_before: int | None = None
    closes_after: int | None = None


class CancelSession(Command, frozen=True, kw_only=True):
    """Call a session off before it has begun."""

    session: str
    reason: str


class CloseSession(Command, frozen=True, kw_only=True):
    """Close a session that is over and has no open flag: its attendance is fixed from then on."""

    session: str


class GetSessions(Query, frozen=True, kw_only=True):
    """Ask for sessions by id."""

    ids: tuple[str, ...]


class Sessions(msgspec.Struct, frozen=True, kw_only=True, tag="sessions"):
    """Sessions in the order asked for; None where unknown or out of scope."""

    items: tuple[Session | None, ...]


class ListSessions(Query, frozen=True, kw_only=True):
    """Ask for a page of sessions, earliest first unless `newest`.

    `teacher` means those that he attended or has been settled in.
    """

    page: Page = Page()
    project: str | None = None
    school: str | None = None
    teacher: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    state: SessionState | None = None
    newest: bool = False


class SessionPage(msgspec.Struct, frozen=True, kw_only=True, tag="session-page"):
    """A page of sessions."""

    items: tuple[Session, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


# ---- attendance ------------------------------------------------------------------------------------------------


class IssueCheckIn(Command, frozen=True, kw_only=True):
    """Ask for check-in tokens: a teacher for himself (no teacher named), a school for the teachers it names."""

    session: str
    teachers: tuple[str, ...] = ()


class CheckInIssued(msgspec.Struct, frozen=True, kw_only=True, tag="check-in-issued"):
    """A token for each teacher, in the order asked for."""

    tokens: tuple[CheckInToken, ...]
    replayed: bool = False


class CheckIn(Command, frozen=True, kw_only=True):
    """Say 'I am here' with a token; `device` is what the front end knows the device by, and is kept as a hash only."""

    token: str
    device: str


class CheckOut(Command, frozen=True, kw_only=True):
    """Say 'I am leaving'; not needed for the hours to count."""

    session: str


class SettleAttendance(Command, frozen=True, kw_only=True):
    """Decide one attendance: absent, or present for these hours (default: all hours of the session)."""

    session: str
    teacher: str
    present: bool
    hours: Decimal | None = None
    reason: str


class AttendanceTaken(msgspec.Struct, frozen=True, kw_only=True, tag="attendance-taken"):
    """The attendance as it stands after the command."""

    attendance: Attendance
    replayed: bool = False


class ListAttendance(Query, frozen=True, kw_only=True):
    """Ask for a page of each session's attendance, in the order of the teachers' ids; `open` asks for open flags."""

    sessions: tuple[str, ...]
    page: Page = Page()
    open: bool | None = None


class AttendancePage(msgspec.Struct, frozen=True, kw_only=True, tag="attendance-page"):
    """A page of one session's attendance."""

    items: tuple[Attendance, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class AttendancePages(msgspec.Struct, frozen=True, kw_only=True, tag="attendance-pages"):
    """One page per session asked for, in that order; empty for one out of scope."""

    pages: tuple[AttendancePage, ...]


class RegisterAttended(Command, frozen=True, kw_only=True):
    """Make training records of all who attended a session, or a project's sessions, as the law counts them.

    `facts` are added to everybody's record, `own` by teacher (a mark, say). `teachers` narrows whom it is for.
    Each teacher is a transaction of its own under a key made from this one: sent again, it goes on where it stopped.
    """

    session: str | None = None
    project: str | None = None
    facts: Mapping[str, Any] = {}
    own: Mapping[str, Mapping[str, Any]] = {}
    teachers: tuple[str, ...] = ()


class AttendedRegistered(msgspec.Struct, frozen=True, kw_only=True, tag="attended-registered"):
    """What came of each teacher, in the order of their ids."""

    results: tuple[AttendedResult, ...]


# ---- endpoints -------------------------------------------------------------------------------------------------

SCHEDULE_SESSION = Endpoint(SERVICE, "schedule-session", ScheduleSession, SessionScheduled | Refused, writes=True)
CORRECT_SESSION = Endpoint(SERVICE, "correct-session", CorrectSession, SessionScheduled | Refused, writes=True)
CANCEL_SESSION = Endpoint(SERVICE, "cancel-session", CancelSession, Session | Refused, writes=True)
CLOSE_SESSION = Endpoint(SERVICE, "close-session", CloseSession, Session | Refused, writes=True)
GET_SESSIONS = Endpoint(SERVICE, "get-sessions", GetSessions, Sessions | Refused)
LIST_SESSIONS = Endpoint(SERVICE, "list-sessions", ListSessions, SessionPage | Refused)
ISSUE_CHECK_IN = Endpoint(SERVICE, "issue-check-in", IssueCheckIn, CheckInIssued | Refused, writes=True)
CHECK_IN = Endpoint(SERVICE, "check-in", CheckIn, AttendanceTaken | Refused, writes=True)
CHECK_OUT = Endpoint(SERVICE, "check-out", CheckOut, AttendanceTaken | Refused, writes=True)
SETTLE_ATTENDANCE = Endpoint(SERVICE, "settle-attendance", SettleAttendance, AttendanceTaken | Refused, writes=True)
LIST_ATTENDANCE = Endpoint(SERVICE, "list-attendance", ListAttendance, AttendancePages | Refused)
REGISTER_ATTENDED = Endpoint(
    SERVICE, "register-attended", RegisterAttended, AttendedRegistered | Refused, writes=True, seconds=60
)

ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (
    SCHEDULE_SESSION,
    CORRECT_SESSION,
    CANCEL_SESSION,
    CLOSE_SESSION,
    GET_SESSIONS,
    LIST_SESSIONS,
    ISSUE_CHECK_IN,
    CHECK_IN,
    CHECK_OUT,
    SETTLE_ATTENDANCE,
    LIST_ATTENDANCE,
    REGISTER_ATTENDED,
)
