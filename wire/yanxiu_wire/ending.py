"""Ending a task that waits in the background: told again until it has ended."""

from __future__ import annotations

import asyncio
from typing import Any

# Longer than what a task does to leave in order.
_AGAIN_SECONDS = 5.0


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel the task and return when it has ended, however it ended.

    Python 3.11 loses a cancellation that meets the end of what is waited for in `asyncio.wait_for`: the task goes on to
    its next wait, which may be a day. So it is told again.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_AGAIN_SECONDS)
    if not task.cancelled():
        # Retrieved, so that nobody is told of a fault that ended with its task.
        task.exception()
