"""The past instants that a question may name. Pure."""

from __future__ import annotations

from datetime import datetime

from yanxiu_footing.clock import Clock, to_us
from yanxiu_wire.refusal import Refused

from yanxiu_credits.refusals import refuse


def known_until(as_known_at: datetime | None) -> int | None:
    """Return the past instant of a question in microseconds since 1970, None for now."""
    return None if as_known_at is None else to_us(as_known_at)


def past(clock: Clock, as_known_at: datetime | None) -> Refused | None:
    """Return the refusal of an instant that has not come, or whose time zone is not said; else None."""
    if as_known_at is None:
        return None
    if as_known_at.tzinfo is None:
        return _without_zone(as_known_at)
    now = clock.now()
    return _in_future(as_known_at, now) if as_known_at > now else None


def _in_future(at: datetime, now: datetime) -> Refused:
    latest = now.isoformat(timespec="seconds")
    return refuse(
        "INSTANT_IN_FUTURE",
        field="as_known_at",
        value=at.isoformat(),
        zh=f"{at.isoformat()} 还没有到，无从得知那时已知的情况。",
        en=f"{at.isoformat()} has not come; what will be known then cannot be said.",
        remedy=(f"请填写不晚于 {latest} 的时刻，或不填。", f"Give an instant not after {latest}, or leave it out."),
    )


def _without_zone(at: datetime) -> Refused:
    return refuse(
        "INSTANT_WITHOUT_ZONE",
        field="as_known_at",
        value=at.isoformat(),
        zh=f"{at.isoformat()} 没有写明时区。",
        en=f"{at.isoformat()} does not say its time zone.",
        remedy=("请写明时区，如 +08:00。", "State the time zone, such as +08:00."),
    )
