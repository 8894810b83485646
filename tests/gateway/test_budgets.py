"""What is left of a budget, and how long to wait, is what throttled-py says of the same rule."""

from __future__ import annotations

import fcntl
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from throttled import RateLimiterType, Throttled, per_min, utils
from throttled.store import MemoryStore
from yanxiu_gateway.budgets import Allowed, Meter, Takes
from yanxiu_gateway.problems import BadRequest
from yanxiu_gateway.shared_budgets import SharedFile, SharedMeter, shared_budgets
from yanxiu_wire.caller import Caller
from yanxiu_wire.settings import SettingRefused

MOST = 600


@dataclass
class Clock:
    seconds: float = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def alone(_path: Path, now: Callable[[], float]) -> list[Takes]:
    return [Meter(MOST, 100, now=now)]


def together(path: Path, now: Callable[[], float]) -> list[Takes]:
    return [SharedMeter(MOST, SharedFile(path / "budgets"), 64, 4, now=now) for _ in range(3)]


@pytest.mark.parametrize("counting", [alone, together])
def test_every_verdict_is_that_of_a_known_implementation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, counting: Callable[[Path, Callable[[], float]], list[Takes]]
) -> None:
    clock, drawn = Clock(), random.Random(7)
    meters = counting(tmp_path, clock)
    monkeypatch.setattr(utils, "now_mono_f", clock)
    known = Throttled(using=RateLimiterType.GCRA.value, quota=per_min(MOST, burst=MOST), store=MemoryStore())
    verdicts = set[bool]()
    for _ in range(2_000):
        clock.seconds += drawn.choice((0, 0.001, 0.5, 3, 20))
        key, cost = drawn.choice("ab"), drawn.choice((1, 7, 100, 599, 600, 601))
        theirs = known.limit(key, cost=cost)
        left, wait = drawn.choice(meters).take(key, cost)
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


CALLER = Caller(subject="test:officer", role="institute-officer", district="made-up")


def test_a_budget_is_spent_once_whichever_process_is_asked(tmp_path: Path) -> None:
    allowed = Allowed(caller=10, district=15)
    first, second = (shared_budgets(allowed, SharedFile(tmp_path / "budgets")) for _ in range(2))
    assert first.spend(CALLER, 6).caller == 4
    with pytest.raises(BadRequest):
        second.spend(CALLER, 5)
    assert second.spend(CALLER, 4).district == 5
    with pytest.raises(BadRequest) as refused:
        first.spend(Caller(subject="test:other", role="institute-officer", district="made-up"), 6)
    assert refused.value.facts["field"] == "cost.district"


def test_who_was_stopped_while_counting_stops_nobody(tmp_path: Path) -> None:
    meter = SharedMeter(10, SharedFile(tmp_path / "budgets"), 64, 4, now=Clock())
    with (tmp_path / "budgets").open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert meter.take("a", 4) == (6, 0.0)
    assert meter.take("a", 7) == (-1, 6.0)


def test_of_a_full_bucket_he_makes_room_who_owes_least_and_an_older_clock_blocks_nobody(tmp_path: Path) -> None:
    clock = Clock()
    meter = SharedMeter(10, SharedFile(tmp_path / "budgets"), 64, 1, now=clock)
    for number in range(9):
        meter.take(number, 9 - number)
    assert meter.take(0, 2) == (-1, 6.0), "who owes most is remembered"
    assert meter.take(7, 10) == (0, 0.0), "who owed least but one made room for the last"
    clock.seconds -= 900
    assert meter.take(0, 10) == (0, 0.0), "the machine was started again"


def test_a_file_that_is_another_is_named(tmp_path: Path) -> None:
    (tmp_path / "budgets").write_bytes(b"something else")
    with pytest.raises(SettingRefused, match="YANXIU_SHARED_BUDGETS"):
        SharedFile(tmp_path / "budgets")


def test_a_file_left_without_its_salt_is_given_one(tmp_path: Path) -> None:
    whole = SharedFile(tmp_path / "whole")
    (tmp_path / "budgets").write_bytes(bytes(len(whole.memory)))
    assert any(SharedFile(tmp_path / "budgets").salt)
    assert SharedFile(tmp_path / "budgets").salt == SharedFile(tmp_path / "budgets").salt
    assert SharedFile(tmp_path / "whole").salt == whole.salt
