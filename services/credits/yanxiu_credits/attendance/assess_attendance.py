"""What the rows about one attendance come to: present, absent or to be settled, and for how many hours. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from yanxiu_wire.attendance import Attendance, AttendanceFlag, FlagKind, Session, Settlement


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """A flag as it was raised; `after` is how many settlements there were by then."""

    kind: FlagKind
    other_teacher: str | None
    other_session: str | None
    after: int
    raised_at: datetime


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one teacher in one session, in the order in which it happened."""

    teacher: str
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    flags: tuple[Raised, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    record: str | None = None


def assess_attendance(session: Session, seen: Seen) -> Attendance:
    """Say what an attendance comes to.

    The newest settlement decides. Without one, a check-in that no flag is open about counts for the whole session;
    what is flagged and not settled since counts for nothing yet. Never more than the session's hours.
    """
    settled = len(seen.settlements)
    flags = tuple(
        AttendanceFlag(
            kind=one.kind,
            other_teacher=one.other_teacher,
            other_session=one.other_session,
            open=one.after >= settled,
            raised_at=one.raised_at,
        )
        for one in seen.flags
    )
    state, hours = "unsettled", Decimal(0)
    if not any(one.open for one in flags):
        if seen.settlements:
            newest = seen.settlements[-1]
            state, hours = ("present", newest.hours) if newest.present else ("absent", Decimal(0))
        elif seen.checked_in_at is not None:
            state, hours = "present", session.hours
    return Attendance(
        session=session.id,
        teacher=seen.teacher,
        state=state,
        hours=min(hours, session.hours),
        checked_in_at=seen.checked_in_at,
        checked_out_at=seen.checked_out_at,
        flags=flags,
        settlements=seen.settlements,
        record=seen.record,
    )


def in_doubt(attendances: Sequence[Attendance]) -> list[str]:
    """Return the teachers about whom a flag is open."""
    return [one.teacher for one in attendances if any(flag.open for flag in one.flags)]
