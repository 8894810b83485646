"""Whether what is said of a session makes sense: its day, times, hours and check-in window. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
from yanxiu_footing.clock import CHINA
from yanxiu_footing.refusals import instant_without_zone
from yanxiu_rulekit.numbers import to_micro
from yanxiu_wire.attendance import Session
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals as general
from yanxiu_credits.attendance import refusals

# No session has more hours than a day.
MOST_HOURS = Decimal(24)
MOST_MINUTES = 240
MOST_TITLE = 200


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Minutes before and after the start in which people check in."""

    before: int
    after: int


def window_of(session: Session) -> Window:
    """Return the check-in window of a session as minutes."""
    minute = timedelta(minutes=1)
    return Window(
        before=(session.starts_at - session.check_in_from) // minute,
        after=(session.check_in_until - session.starts_at) // minute,
    )


def with_window(session: Session, window: Window) -> Session:
    """Return the session with its check-in window reckoned from its start."""
    return msgspec.structs.replace(
        session,
        check_in_from=session.starts_at - timedelta(minutes=window.before),
        check_in_until=session.starts_at + timedelta(minutes=window.after),
    )


def assess_session(session: Session, window: Window) -> Refused | None:
    """Return what is wrong with a session, or None.

    TEXT_MALFORMED, INSTANT_WITHOUT_ZONE, TIME_OUT_OF_ORDER, DAY_MISMATCH, HOURS_OUT_OF_RANGE or MINUTES_OUT_OF_RANGE.
    """
    if not session.title or len(session.title) > MOST_TITLE:
        return general.text_malformed("title", session.title, MOST_TITLE, named_zh="场次名称")
    return (
        _times(session.on, session.starts_at, session.ends_at)
        or _hours(session.hours)
        or _minutes("opens_before", window.before)
        or _minutes("closes_after", window.after)
    )


def _times(on: date, starts: datetime, ends: datetime) -> Refused | None:
    for field, at in (("starts_at", starts), ("ends_at", ends)):
        if at.utcoffset() is None:
            return instant_without_zone(field, at)
    if ends <= starts:
        return refusals.ends_before_start(starts, ends)
    for field, at in (("starts_at", starts), ("ends_at", ends)):
        if at.astimezone(CHINA).date() != on:
            return refusals.day_mismatch(field, at, on)
    return None


def _hours(hours: Decimal) -> Refused | None:
    return None if 0 < hours <= MOST_HOURS and is_exact(hours) else refusals.hours_out_of_range(hours, MOST_HOURS)


def _minutes(field: str, minutes: int) -> Refused | None:
    if 0 <= minutes <= MOST_MINUTES:
        return None
    return refusals.minutes_out_of_range(field, minutes, MOST_MINUTES)


def is_exact(hours: Decimal) -> bool:
    """Say whether hours can be stored: a number in whole millionths."""
    if not hours.is_finite() or abs(hours.adjusted()) > 12:
        return False
    try:
        to_micro(hours)
    except ValueError:
        return False
    return True
