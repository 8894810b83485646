"""Questions with the digests of the answers at hand, on the short way to their services: in the next message, at once.

Nearly always a service says that nothing has changed, and nothing else is to be done. So such a question passes none of
what others pass; where anything else comes of it, whoever asked takes it up with `Sent`, and it goes the long way from
there: retries, circuits and counts are those of any question.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from yanxiu_wire import tracing
from yanxiu_wire.bundle import Answer, Asked
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded
from yanxiu_wire.rpc import Bus
from yanxiu_wire.shared_bundles import Coming

from yanxiu_gateway.asking import until_when
from yanxiu_gateway.circuits import Circuits
from yanxiu_gateway.kept_answers import Answered
from yanxiu_gateway.metrics import count_call


class OnItsWay:
    """A question that was asked briefly, for who takes it up (`yanxiu_wire.known.Sent`)."""

    __slots__ = ("_coming",)

    def __init__(self, coming: Coming) -> None:
        self._coming: Coming | None = coming

    async def take(self, endpoint: Endpoint[Any, Any], deadline: Deadline) -> Answer | None:
        """The answer, as `yanxiu_wire.known.Sent` has it."""
        coming, self._coming = self._coming, None
        if coming is None:
            return None
        done, _ = await asyncio.wait((coming,), timeout=max(deadline.remaining(), 0))
        if not done:
            coming.cancel()
            raise DeadlineExceeded(endpoint.service)
        return coming.result()


class Briefly:
    """Asks over the bus where nothing is known against the services that are asked, and no trace is recorded."""

    def __init__(self, bus: Bus, circuits: Circuits) -> None:
        self._bus = bus
        self._circuits = circuits

    def ask(self, asked: Sequence[Answered], deadline: Deadline) -> list[Coming] | None:
        """What comes of the questions, which leave together; None where they are to go the long way."""
        if not tracing.only_carried() or not all(self._circuits.closed(one.question.endpoint) for one in asked):
            return None
        trace = tracing.carried()[tracing.HEADER]
        return [self._ask(one, deadline, trace, asked) for one in asked]

    def _ask(self, one: Answered, deadline: Deadline, trace: str, whose: object) -> Coming:
        endpoint, district, body = one.question
        until = until_when(endpoint, deadline).next_hop()
        head = Asked(endpoint.verb, until.at_ms, trace, len(body), one.digest)
        return self._bus.shared_bundles.ask(endpoint.service, district, head, body, whose)

    async def same(self, asked: Sequence[Answered], coming: Sequence[Coming], within: float) -> bool:
        """Whether all that were asked say within so many seconds that nothing has changed; else nothing was counted."""
        began = time.perf_counter()
        await asyncio.wait(coming, timeout=within)
        if not all(map(_is_same, coming)):
            return False
        took = time.perf_counter() - began
        for one in asked:
            self._circuits.answered(one.question.endpoint)
            count_call(one.question.endpoint, "ok", took)
        return True


def _is_same(coming: Coming) -> bool:
    if not coming.done() or coming.cancelled() or coming.exception() is not None:
        return False
    answer = coming.result()
    return answer is not None and answer.same
