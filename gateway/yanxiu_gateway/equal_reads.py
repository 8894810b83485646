"""Equal reads of one moment answered once: who asks what another is being told shares the next answer.

A read that was begun before may miss what its asker has just written. So equal reads that come while one is on its way
wait until that is answered, and are then asked together: every answer is of a read that was begun after its asker came.
"""

from __future__ import annotations

import asyncio
from typing import Any

from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded

from yanxiu_gateway.backend import Call

_Key = tuple[str, str, str, bytes]


class _Waiting:
    """Those who wait for the next answer to a question, until the latest of their deadlines."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()


class EqualReads:
    """Asks through `call`. Equal: the same endpoint, district and request, and so the same caller with the same rights.

    Commands are never shared, nor what reveals a national id: each such read is on record by itself.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._waiting: dict[_Key, _Waiting | None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.shared = 0

    async def __call__(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        """As `Bus.call`."""
        deadline = deadline or Deadline.after(endpoint.seconds)
        if endpoint.writes or getattr(request, "reveal", False):
            return await self._call(endpoint, request, district=district, deadline=deadline)
        key = (endpoint.service, endpoint.verb, district, encode(request))
        if key in self._waiting:
            return await self._next(key, endpoint, deadline)
        self._waiting[key] = None
        try:
            return await self._call(endpoint, request, district=district, deadline=deadline)
        finally:
            self._ended(key, endpoint, request, district)

    async def _next(self, key: _Key, endpoint: Endpoint[Any, Any], deadline: Deadline) -> Any:
        waiting = self._waiting[key]
        if waiting is None:
            waiting = self._waiting[key] = _Waiting(deadline)
        else:
            self.shared += 1
            waiting.deadline = max(waiting.deadline, deadline, key=lambda one: one.at_ms)
        try:
            # Who is cancelled, or can wait no longer, must not take the answer from the others.
            return await asyncio.wait_for(asyncio.shield(waiting.answer), max(deadline.remaining(), 0))
        except TimeoutError:
            raise DeadlineExceeded(endpoint.service) from None

    def _ended(self, key: _Key, endpoint: Endpoint[Any, Any], request: Any, district: str) -> None:
        waiting = self._waiting.pop(key)
        if waiting is None:
            return
        # Those who come from now on wait for the answer after this one.
        self._waiting[key] = None
        task = asyncio.get_running_loop().create_task(self._answer(key, waiting, endpoint, request, district))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(
        self, key: _Key, waiting: _Waiting, endpoint: Endpoint[Any, Any], request: Any, district: str
    ) -> None:
        try:
            found = await self._call(endpoint, request, district=district, deadline=waiting.deadline)
        except Exception as problem:  # noqa: BLE001 - it is the answer of everyone who waits
            if not waiting.answer.done():
                waiting.answer.set_exception(problem)
                # Looked at even where everybody has left meanwhile.
                waiting.answer.exception()
        else:
            if not waiting.answer.done():
                waiting.answer.set_result(found)
        finally:
            self._ended(key, endpoint, request, district)
