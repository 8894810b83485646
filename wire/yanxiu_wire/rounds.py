"""When what one operation asks leaves: all that is ready at one level at once, which `shared_bundles` sends together.

An operation's fields are answered side by side, and come to ask within a few turns of the event loop; those whose
answers were on the way ask again when they have come. So questions wait until every branch has asked, or no more of
them come, and until the operation's other answers are there: then everything that is ready leaves, each service's
questions in one message. Whoever takes long is waited for once, a moment, for he may be hanging.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from yanxiu_wire import bundle
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint

if TYPE_CHECKING:
    from yanxiu_wire.rpc import Bus

# Turns of the event loop without a new question, after which no more of this level is expected.
QUIET_TURNS = 6
# How long questions wait for an answer on the way, so as to leave together with what may be asked of it.
HOLD_SECONDS = 0.25


class Round:
    """The questions of one operation that are ready, and those that are on the way.

    `branches` says how many parts of the operation may ask at a time, where that is known.
    """

    def __init__(self, bus: Bus, branches: Callable[[], float] = lambda: math.inf) -> None:
        self._bus = bus
        self._branches = branches
        # Whose turn comes when they leave.
        self._ready: list[asyncio.Future[None]] = []
        self._came = 0
        self._looking = False
        # Each question on the way, with when it left.
        self._out: dict[object, float] = {}
        self._held: asyncio.TimerHandle | None = None

    async def carry(
        self, endpoint: Endpoint[Any, Any], district: str, body: bytes, headers: dict[str, str], deadline: Deadline
    ) -> bundle.Answer:
        """Take a question to its service, as `Bus.alone` does, with those that are ready beside it."""
        gathered = bundle.may_be_part(endpoint)
        if gathered:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._ready.append(turn)
            self._came += 1
            self._look_soon()
            # It is held for a moment at most: what bounds its time begins when it leaves.
            await turn
        question = object()
        self._out[question] = time.monotonic()
        try:
            if gathered:
                return await self._bus.shared_bundles.carry(endpoint, district, body, headers, deadline, self)
            return await self._bus.alone(endpoint, district, body, headers, deadline)
        finally:
            self._ended(question)

    def _look_soon(self) -> None:
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_soon(self._look, self._came, QUIET_TURNS)

    def _look(self, came: int, turns: int) -> None:
        """Send what is ready, once every branch has asked, or no more has come for some turns of the loop."""
        loop = asyncio.get_running_loop()
        if self._came != came:
            loop.call_soon(self._look, self._came, QUIET_TURNS)
        elif turns and len(self._ready) < self._branches():
            loop.call_soon(self._look, came, turns - 1)
        else:
            self._looking = False
            self._send_or_wait(loop)

    def _send_or_wait(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._held is not None:
            self._held.cancel()
            self._held = None
        if not self._ready:
            return
        now = time.monotonic()
        wait = max((left + HOLD_SECONDS - now for left in self._out.values()), default=0.0)
        if wait > 0:
            self._held = loop.call_later(wait, self._send_or_wait, loop)
            return
        ready, self._ready = self._ready, []
        for turn in ready:
            # Who was cancelled meanwhile asks nothing.
            if not turn.done():
                turn.set_result(None)

    def _ended(self, question: object) -> None:
        """A question was answered, or is waited for no more: those that waited for it may go, and who learnt by it
        will ask in a moment.
        """
        del self._out[question]
        if self._ready:
            self._look_soon()
