"""Time as the service sees it: instants in UTC, the calendar day in China, and integers in storage."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

# One civil time for the whole country, without summer time since 1991.
CHINA = timezone(timedelta(hours=8), "UTC+08:00")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """The clock of a running service."""

    def now(self) -> datetime:
        """Return this instant, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the calendar day in China."""
        return self.now().astimezone(CHINA).date()


def to_us(at: datetime) -> int:
    """Return an aware instant in microseconds since 1970, exactly."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def from_us(us: int) -> datetime:
    """Return the instant that `to_us` was given, in UTC."""
    return _EPOCH + timedelta(microseconds=us)
