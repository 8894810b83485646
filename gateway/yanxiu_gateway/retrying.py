"""Asking a second time where that can help: within the deadline, and for at most a tenth of all requests.

Only what may be done twice is asked twice: a read, or a command under its key. A service that is overloaded is not
asked again, nor one that nobody listens for: the client is told when to. An answer can be lost with a connection or a
replica that ends, and then nobody says so: a first try waits for a part of the time only.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable
from yanxiu_wire.metrics import Count

from yanxiu_gateway.asking import Call

# A request earns one, a second try costs ten: a tenth. What may be saved up lets a quiet gateway try so many times.
EARNED, COST, MOST = 1, 10, 640
# A moment: another replica answers, or the database is back. Drawn, so that many do not come back together.
PAUSE_SECONDS = 0.05, 0.15
# There must be time left for the answer.
LEAST_SECONDS = 0.5
# Of its time, what a first try may take before its silence means that its answer is lost. Answers take milliseconds.
FIRST_SHARE = 0.4
# What takes longer than a command by its nature is not asked twice: the first may still be at work.
_ORDINARY_SECONDS = 8.0
_TRIES = Count(
    "yanxiu_second_tries_total",
    "可以再问一次的请求：已再问 tried，额度用尽只问一次 no-budget",
    "calls that may be asked twice: tried again, or asked but once for want of budget",
    ("outcome",),
)


class Budget:
    """How many second tries there may be, as requests earn them."""

    def __init__(self) -> None:
        self._saved = MOST

    def earn(self) -> None:
        """One more request."""
        self._saved = min(MOST, self._saved + EARNED)

    def hold(self) -> bool:
        """Whether there is enough for a second try, which is put aside."""
        if self._saved < COST:
            return False
        self._saved -= COST
        return True

    def give_back(self) -> None:
        """What was put aside was not needed."""
        self._saved = min(MOST, self._saved + COST)


class Retrying:
    """Asks through `call`, as `Bus.call` does, and once more where it failed for a moment only."""

    def __init__(
        self,
        call: Call,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._call = call
        self._budget = Budget()
        self._sleep = sleep
        self._draw = draw

    async def __call__(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        """As `Bus.call`."""
        deadline = deadline or Deadline.after(endpoint.seconds)
        self._budget.earn()
        if not _repeatable(endpoint, request):
            return await self._call(endpoint, request, district=district, deadline=deadline)
        left = deadline.remaining()
        if left <= 2 * LEAST_SECONDS:
            return await self._call(endpoint, request, district=district, deadline=deadline)
        if not self._budget.hold():
            _TRIES.add("no-budget")
            return await self._call(endpoint, request, district=district, deadline=deadline)
        tried = False
        try:
            return await self._call(endpoint, request, district=district, deadline=Deadline.after(left * FIRST_SHARE))
        except (ServiceUnavailable, DeadlineExceeded) as fault:
            pause = self._draw(*PAUSE_SECONDS)
            if not _may_pass(fault) or deadline.remaining() < pause + LEAST_SECONDS:
                raise
            tried = True
            _TRIES.add("tried")
        finally:
            if not tried:
                self._budget.give_back()
        await self._sleep(pause)
        return await self._call(endpoint, request, district=district, deadline=deadline)


def _may_pass(fault: ServiceUnavailable | DeadlineExceeded) -> bool:
    """Whether asking again may help: not where nobody listens, nor where the service itself said that time was up."""
    return not fault.nobody if isinstance(fault, ServiceUnavailable) else not fault.answered


def _repeatable(endpoint: Endpoint[Any, Any], request: Any) -> bool:
    return endpoint.seconds <= _ORDINARY_SECONDS and (not endpoint.writes or bool(getattr(request, "key", "")))
