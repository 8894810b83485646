"""Equal questions of one moment answered once: who asks what another is being told shares the next answer.

An answer that was begun before may miss what its asker has just written. So equal questions that come while one is
being answered wait until it is, and are then answered together: every answer was begun after its asker came.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from yanxiu_wire.deadline import Deadline

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Begin = Callable[[Deadline], Awaitable[V]]


class _Waiting(Generic[V]):
    """Those who wait for the next answer to a question, until the latest of their deadlines."""

    def __init__(self, deadline: Deadline, begin: Begin[V]) -> None:
        self.deadline = deadline
        self.begin = begin
        # Whoever came first lends his trace, not the one whose answer happens to end before.
        self.context = contextvars.copy_context()
        self.answer: asyncio.Future[V] = asyncio.get_running_loop().create_future()
        self.askers = 0


class InTurn(Generic[K, V]):
    """Questions by their keys; `shared` counts those that were answered with another."""

    def __init__(self) -> None:
        self._waiting: dict[K, _Waiting[V] | None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.shared = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is being answered."""
        return not self._waiting

    async def ask(self, key: K, deadline: Deadline, begin: Begin[V]) -> V:
        """What `begin` gives, begun by this asker or by one of equal key who waits with him.

        `begin` is given the latest deadline of those who wait. Raises what it raised; `TimeoutError` when this asker's
        own deadline passes while he waits for the others.
        """
        if key in self._waiting:
            return await self._next(key, deadline, begin)
        self._waiting[key] = None
        try:
            return await begin(deadline)
        finally:
            self._ended(key)

    async def _next(self, key: K, deadline: Deadline, begin: Begin[V]) -> V:
        waiting = self._waiting[key]
        if waiting is None:
            waiting = self._waiting[key] = _Waiting(deadline, begin)
        else:
            self.shared += 1
            waiting.deadline = max(waiting.deadline, deadline, key=lambda one: one.at_ms)
        waiting.askers += 1
        try:
            # Who is cancelled, or can wait no longer, must not take the answer from the others.
            async with asyncio.timeout(max(deadline.remaining(), 0)):
                return await asyncio.shield(waiting.answer)
        finally:
            waiting.askers -= 1

    def _ended(self, key: K) -> None:
        waiting = self._waiting.pop(key)
        if waiting is None or not waiting.askers:
            return
        # Those who come from now on wait for the answer after this one.
        self._waiting[key] = None
        task = asyncio.get_running_loop().create_task(self._answer(key, waiting), context=waiting.context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, key: K, waiting: _Waiting[V]) -> None:
        try:
            found = await waiting.begin(waiting.deadline)
        except Exception as problem:  # noqa: BLE001 - it is the answer of everyone who waits
            if not waiting.answer.done():
                waiting.answer.set_exception(problem)
                # Looked at even where everybody has left meanwhile.
                waiting.answer.exception()
        else:
            if not waiting.answer.done():
                waiting.answer.set_result(found)
        finally:
            self._ended(key)
