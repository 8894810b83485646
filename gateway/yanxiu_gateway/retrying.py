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
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable, WireFault
from yanxiu_wire.metrics import Count

from yanxiu_gateway.asking import Call

# A request earns one, a second try costs ten: a tenth. What may be saved up lets a quiet gateway try ten times.
EARNED, COST, MOST = 1, 10, 100
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
    "暂时失败、可以再试的请求：已再试 tried，再试次数用尽 no-budget",
    "calls that failed for a moment: tried again, or no-budget for it",
    ("outcome",),
)


class Budget:
    """How many second tries there may be, as requests earn them."""

    def __init__(self) -> None:
        self._saved = MOST

    def earn(self) -> None:
        """One more request."""
        self._saved = min(MOST, self._saved + EARNED)

    @property
    def enough(self) -> bool:
        """Whether there is enough for a second try."""
        return self._saved >= COST

    def spend(self) -> bool:
        """Whether there is enough for a second try, which is taken."""
        if not self.enough:
            return False
        self._saved -= COST
        return True


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
        first = Deadline.after(left * FIRST_SHARE) if self._budget.enough and left > 2 * LEAST_SECONDS else deadline
        pause = 0.0
        try:
            return await self._call(endpoint, request, district=district, deadline=first)
        except ServiceUnavailable as fault:
            pause = self._draw(*PAUSE_SECONDS)
            if fault.nobody or deadline.remaining() < pause + LEAST_SECONDS:
                raise
            self._spend(fault)
        except DeadlineExceeded as fault:
            # Who answered that time is up will not have more of it for the same question.
            if fault.answered or first is deadline:
                raise
            self._spend(fault)
        await self._sleep(pause)
        return await self._call(endpoint, request, district=district, deadline=deadline)

    def _spend(self, fault: WireFault) -> None:
        if not self._budget.spend():
            _TRIES.add("no-budget")
            raise fault
        _TRIES.add("tried")


def _repeatable(endpoint: Endpoint[Any, Any], request: Any) -> bool:
    return endpoint.seconds <= _ORDINARY_SECONDS and (not endpoint.writes or bool(getattr(request, "key", "")))
