"""What is kept of answers is bounded in bytes, number and age."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from yanxiu_gateway import kept_answers
from yanxiu_gateway.executing import Executed
from yanxiu_gateway.kept_answers import AGE_SECONDS, Answered, Kept, KeptAnswers, Question
from yanxiu_wire import registry


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def kept(size: int) -> Kept:
    reply = b"x" * (size // 2)
    question = Question(registry.GET_DISTRICT, "puer", b"q" * 100)
    return Kept(Executed(b"d" * (size // 2), ()), [[Answered.of(question, reply)]])


async def test_what_is_kept_is_bounded_in_bytes_and_number_and_the_least_lately_asked_for_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = KeptAnswers(most_bytes=100_000)
    for name in "abc":
        answers.keep((name,), kept(30_000))
    assert answers.take(("a",)) is not None
    answers.keep(("d",), kept(30_000))
    assert [answers.take((name,)) is not None for name in "abcd"] == [True, False, True, True]
    assert 90_000 < answers.held <= 100_000
    answers.keep(("a",), kept(200_000))
    assert answers.take(("a",)) is None, "too large, and what was there is not true any more"
    monkeypatch.setattr(kept_answers, "LARGEST", 20_000)
    answers.keep(("e",), kept(30_000))
    assert answers.take(("e",)) is None
    monkeypatch.setattr(kept_answers, "MOST", 2)
    answers.keep(("f",), kept(100))
    assert (len(answers), answers.take(("f",)) is not None) == (2, True)
    for name in "bcdf":
        answers.drop((name,))
    assert (len(answers), answers.held) == (0, 0)


async def test_long_words_and_variables_count_too() -> None:
    answers = KeptAnswers(most_bytes=10_000)
    answers.keep(("q" * 6_000, b"v" * 6_000), kept(100))
    assert len(answers) == 0


async def test_what_nobody_asks_for_goes_after_ten_minutes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, loop, timers = Clock(), asyncio.get_running_loop(), list[tuple[float, Any]]()
    monkeypatch.setattr(loop, "call_later", lambda seconds, told: timers.append((seconds, told)) or object())
    answers = KeptAnswers(now=clock)
    answers.keep(("a",), kept(100))
    answers.keep(("b",), kept(100))
    assert [seconds for seconds, _ in timers] == [AGE_SECONDS]
    clock.now = 400
    assert answers.take(("a",)) is not None
    clock.now = AGE_SECONDS
    timers.pop()[1]()
    assert len(answers) == 1
    assert [seconds for seconds, _ in timers] == [400]
    clock.now = AGE_SECONDS + 400
    timers.pop()[1]()
    assert (len(answers), answers.held, timers) == (0, 0, [])


def test_only_so_many_that_were_asked_for_once_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "_MOST_ONCE", 2)
    answers = KeptAnswers()
    assert [answers.again((name,)) for name in "abacab"] == [False, False, True, False, True, False]
