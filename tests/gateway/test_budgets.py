"""What is left of a budget, and how long to wait, is what throttled-py says of the same rule."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from throttled import RateLimiterType, Throttled, per_min, utils
from throttled.store import MemoryStore
from yanxiu_gateway.budgets import Meter

MOST = 600


@dataclass
class Clock:
    seconds: float = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def test_every_verdict_is_that_of_a_known_implementation(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, drawn = Clock(), random.Random(7)
    monkeypatch.setattr(utils, "now_mono_f", clock)
    known = Throttled(using=RateLimiterType.GCRA.value, quota=per_min(MOST, burst=MOST), store=MemoryStore())
    ours = Meter(MOST, 100, now=clock)
    verdicts = set[bool]()
    for _ in range(2_000):
        clock.seconds += drawn.choice((0, 0.001, 0.5, 3, 20))
        key, cost = drawn.choice("ab"), drawn.choice((1, 7, 100, 599, 600, 601))
        theirs = known.limit(key, cost=cost)
        left, wait = ours.take(key, cost)
        verdicts.add(theirs.limited)
        assert (left < 0) == theirs.limited
        assert wait == theirs.state.retry_after
        if not theirs.limited:
            assert left == theirs.state.remaining
    assert verdicts == {True, False}


def test_who_was_not_seen_for_longest_is_forgotten_first() -> None:
    meter = Meter(10, 2, now=Clock())
    for key in ("first", "second", "first", "third"):
        meter.take(key, 4)
    assert meter.take("first", 2) == (0, 0.0)
    assert meter.take("second", 10) == (0, 0.0), "it was forgotten, and so whole again"
