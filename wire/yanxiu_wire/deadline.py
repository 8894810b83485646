"""Until when an answer is wanted: an absolute time, so that waiting in a buffer counts too."""

from __future__ import annotations

import time
from collections.abc import Mapping

import msgspec

from yanxiu_wire.faults import DeadlineExceeded, MessageMalformed

HEADER = "Yanxiu-Deadline"
SENT_AT = "Yanxiu-Sent-At"
# What a hop keeps back for its answer's way: who is asked stops a moment before who asks stops waiting.
HOP_MS = 50
_DIGITS = 15


class Deadline(msgspec.Struct, frozen=True):
    """An absolute time limit in milliseconds since 1970 (UTC), as hosts' clocks tell it.

    A relative budget could not see the time that a message spent in the socket buffer of a stopped process.
    """

    at_ms: int

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The limit that many seconds from now."""
        return cls(int((time.time() + seconds) * 1000))

    def remaining(self) -> float:
        """Seconds left; negative when passed."""
        return self.at_ms / 1000 - time.time()

    @property
    def expired(self) -> bool:
        """Whether the time has passed."""
        return self.remaining() <= 0

    def next_hop(self) -> Deadline:
        """The limit for who is asked in turn: a little earlier, so that its answer still comes in time."""
        return Deadline(self.at_ms - HOP_MS)

    def check(self) -> None:
        """Raise `DeadlineExceeded` when the time has passed."""
        if self.expired:
            raise DeadlineExceeded


def deadline_from(headers: Mapping[str, str] | None) -> Deadline | None:
    """The deadline that a message carries, None when it carries none; `MessageMalformed` when it is no number."""
    text = (headers or {}).get(HEADER)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise MessageMalformed(HEADER, "not a number of milliseconds")
    return Deadline(int(text))
