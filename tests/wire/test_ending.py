"""A task that loses a cancellation is told again, and ends."""

from __future__ import annotations

import asyncio

import pytest
from yanxiu_wire import ending


async def test_a_task_that_lost_its_cancellation_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "_AGAIN_SECONDS", 0.01)
    told = 0

    async def loses_the_first() -> None:
        nonlocal told
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told += 1
        await asyncio.Event().wait()

    task = asyncio.create_task(loses_the_first())
    await asyncio.sleep(0)
    await asyncio.wait_for(ending.end(task), 5)
    assert (told, task.cancelled()) == (1, True)


async def test_who_ended_by_a_fault_of_his_own_disturbs_nobody() -> None:
    async def fails() -> None:
        raise ValueError("of the test's own")

    task = asyncio.create_task(fails())
    await asyncio.wait({task})
    await ending.end(task)


async def test_a_loop_whose_wait_ended_at_that_moment_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python 3.11's `wait_for` loses it: told in the turn of the loop in which what it waits for has come."""
    monkeypatch.setattr(ending, "_AGAIN_SECONDS", 0.01)
    news = asyncio.Event()

    async def looks_again_and_again() -> None:
        while True:
            await asyncio.wait_for(news.wait(), 60)
            news.clear()

    looking = asyncio.create_task(looks_again_and_again())
    other = asyncio.create_task(asyncio.Event().wait())
    for _ in range(3):
        await asyncio.sleep(0)
    news.set()
    await asyncio.sleep(0)
    await asyncio.wait_for(ending.end(looking, other), 5)
    assert looking.cancelled()
    assert other.cancelled()
