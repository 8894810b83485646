"""Ending tasks that wait in the background: told again until they have ended."""

from __future__ import annotations

import asyncio
from typing import Any

# Longer than what a task does to leave in order.
_AGAIN_SECONDS = 5.0


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel the tasks and return when all have ended, however they ended.

    Python 3.11 loses a cancellation that meets the end of what is waited for in `asyncio.wait_for`: the task goes on to
    its next wait, which may be a day. We do not use it, libraries do. So it is told again. Whoever cancels a task that
    waits in a loop, ends it here.
    """
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=_AGAIN_SECONDS)
    for task in tasks:
        if not task.cancelled():
            # Retrieved, so that nobody is told of a fault that ended with its task.
            task.exception()
