"""What the use cases are given: the bus, the databases, the law, the clock, and word of newly arrived facts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from yanxiu_durable.databases import Databases
from yanxiu_footing.arrivals import Arrivals
from yanxiu_footing.audit.trail import Trail
from yanxiu_footing.clock import Clock
from yanxiu_wire.rpc import Bus

from yanxiu_credits.attendance.check_in_tokens import CheckInTokens
from yanxiu_credits.books.keys import Signer
from yanxiu_credits.laws import Laws
from yanxiu_credits.standings.judging import Judging
from yanxiu_credits.store.kept_parts import KeptParts
from yanxiu_credits.transfer.trusted_keys import Trusted


class Entered:
    """Where parts of jobs were entered lately: who sends them looks there, and not into every district each time.

    A district is noted before the commit, so it stays for `seconds`.
    """

    def __init__(self, *, seconds: float = 30.0) -> None:
        self._seconds = seconds
        self._noted: dict[str, float] = {}

    def note(self, district: str) -> None:
        """Say that parts of this district are being entered."""
        self._noted[district] = time.monotonic()

    def lately(self) -> tuple[str, ...]:
        """Return the districts noted within the last `seconds`."""
        since = time.monotonic() - self._seconds
        self._noted = {district: at for district, at in self._noted.items() if at >= since}
        return tuple(self._noted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The parts of the running service that use cases work with; `sealed` is the folder of sealed years."""

    bus: Bus
    databases: Databases
    laws: Laws
    clock: Clock
    arrivals: Arrivals
    tokens: CheckInTokens
    signer: Signer
    trusted: Trusted
    trail: Trail
    transcript_life: timedelta = timedelta(days=30)
    sealed: Path | None = None
    judging: Judging = field(default_factory=Judging)
    entered: Entered = field(default_factory=Entered)
    kept_parts: KeptParts = field(default_factory=KeptParts)
