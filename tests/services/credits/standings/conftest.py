"""The credits service by the real clock, since the stream's own times are real, with days that a test may add."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from yanxiu_footing.clock import Clock


class ShiftedClock(Clock):
    """The real clock and so many days more."""

    def __init__(self) -> None:
        self.days = 0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self.days)


@pytest.fixture(scope="session")
def clock() -> ShiftedClock:
    return ShiftedClock()
