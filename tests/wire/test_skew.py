"""Clocks that differ show on an idle link: by when a request says it was sent, and when it came."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs
from yanxiu_wire.deadline import SENT_AT
from yanxiu_wire.skew import Skew

NOW_MS = 1_763_800_000_000


class Watch:
    """A skew with clocks that the test moves."""

    def __init__(self) -> None:
        self.time = 0.0
        self.counted: list[str] = []
        self.skew = Skew("credits", self.counted.append, wall_ms=lambda: NOW_MS, now=lambda: self.time)

    def look(self, late_ms: int) -> None:
        self.skew.look({SENT_AT: str(NOW_MS - late_ms)})


@pytest.mark.parametrize(("late_ms", "differs"), [(3, 0), (500, 0), (-500, 0), (501, 1), (-501, 1), (7_200_000, 1)])
def test_more_than_half_a_second_is_counted_and_told(late_ms: int, differs: int) -> None:
    watch = Watch()
    with capture_logs() as logs:
        watch.look(late_ms)
    assert len(watch.counted) == differs
    assert [entry["milliseconds"] for entry in logs if entry["event"] == "clocks-differ"] == [late_ms] * differs


def test_it_is_told_once_a_minute_and_counted_every_time() -> None:
    watch = Watch()
    with capture_logs() as logs:
        for second in range(0, 121, 10):
            watch.time = float(second)
            watch.look(2000)
    assert (len(watch.counted), len(logs)) == (13, 3)


@pytest.mark.parametrize("headers", [None, {}, {SENT_AT: ""}, {SENT_AT: "soon"}, {SENT_AT: "9" * 30}])
def test_who_does_not_say_when_he_sent_it_is_no_evidence(headers: dict[str, str] | None) -> None:
    watch = Watch()
    watch.skew.look(headers)
    assert watch.counted == []
