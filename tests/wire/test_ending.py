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
