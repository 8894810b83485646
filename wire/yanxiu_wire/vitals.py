"""How a process is, as it tells whoever asks `$SRV.STATS`: versions, queues, lags, ledgers, open circuits.

Nothing in it is personal: names of districts and packs, numbers, days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

# What an answer of `$SRV.STATS` has room for beside the endpoints; those with something to tell come first.
MOST_DISTRICTS = 500
KEY = "vitals"


class LedgerVitals(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A ledger: how many entries, whether it is closed because it does not verify, and how far its head is signed."""

    entries: int
    closed: bool = False
    signed_entries: int = 0
    signed_on: date | None = None


class DistrictVitals(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A district in a service: events that wait for the stream and the oldest's seconds, whether the stream lacks what
    was sent (None: not known now), announcements that were put aside, parts of jobs that wait.
    """

    waiting: int = 0
    oldest_seconds: int = 0
    stream_behind: bool | None = False
    dead_letters: int = 0
    job_parts: int = 0
    ledger: LedgerVitals | None = None

    @property
    def ill(self) -> bool:
        """Whether somebody should look at it."""
        closed = self.ledger is not None and self.ledger.closed
        return bool(closed or self.dead_letters or self.stream_behind)


class ConsumerVitals(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a stream: how many events it has still to be given, and how many it has and did not acknowledge."""

    waiting: int
    unacknowledged: int


class Vitals(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A process: its build, the packs it has, its districts (`more_districts` are not listed), its consumers.

    `circuits` are the services that it asks and how their circuits stand, `figures` numbers with names of their own,
    `problem` says that it could not be measured.
    """

    build: str
    measured_at: datetime
    packs: Mapping[str, str] = {}
    districts: Mapping[str, DistrictVitals] = {}
    more_districts: int = 0
    consumers: Mapping[str, ConsumerVitals] = {}
    circuits: Mapping[str, str] = {}
    figures: Mapping[str, int] = {}
    problem: str = ""


def in_metadata(vitals: Vitals) -> dict[str, str]:
    """The vitals as metadata of `$SRV.STATS`, which are texts."""
    return {KEY: msgspec.json.encode(vitals).decode()}


def of_metadata(metadata: Mapping[str, str] | None) -> Vitals | None:
    """The vitals in an answer; None where it has none, or ones of another version that do not fit."""
    try:
        return msgspec.json.decode((metadata or {})[KEY], type=Vitals)
    except (KeyError, msgspec.DecodeError):
        return None
