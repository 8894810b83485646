"""How a service answers follow-up questions: each by its own endpoint, within the request that brought it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from opentelemetry.trace import SpanKind

from yanxiu_wire import bundle, log, tracing
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.fault_ids import fault_id_of
from yanxiu_wire.faults import RemoteFault, WireFault
from yanxiu_wire.follow_up import MOST_DEEP, UNANSWERED, FollowUp, ids_at
from yanxiu_wire.known import HELD
from yanxiu_wire.parts import part_missed
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Handler

# An answer waits so long for what follows from it: what hangs is asked for by itself then, and holds up nothing.
PATIENCE_SECONDS = 0.25
_log = log.logger()


def with_follow_ups(handlers: Mapping[Endpoint[Any, Any], Handler]) -> Mapping[Endpoint[Any, Any], Handler]:
    """The same handlers; those whose requests may bring follow-up questions answer these too, from the others.

    A follow-up passes whatever a message of its own would: who may ask, scope, trail, count and trace are its
    endpoint's. What cannot be answered here, or not in time, is left untold, and the asker asks it by itself.
    """
    offered = {one.verb: (one, handler) for one, handler in handlers.items() if bundle.may_be_part(one)}
    return {
        one: _leading(handler, offered) if "then" in one.request.__struct_fields__ else handler
        for one, handler in handlers.items()
    }


_Offered = Mapping[str, tuple[Endpoint[Any, Any], Handler]]


def _leading(handler: Handler, offered: _Offered) -> Handler:
    async def handle(district: str, request: Any, deadline: Deadline) -> Any:
        if request.then:
            # What the asker holds is the answer with all that follows from it, which nobody makes before here.
            HELD.set("")
        answer = await handler(district, request, deadline)
        if not request.then or isinstance(answer, Refused):
            return answer
        return await _Following(offered, request.caller, district, deadline).with_all(answer, request.then)

    return handle


class _Following:
    """The follow-up questions of one request; they share its patience."""

    def __init__(self, offered: _Offered, caller: Caller, district: str, deadline: Deadline) -> None:
        self._offered = offered
        self._caller = caller
        self._district = district
        self._deadline = deadline
        self._until = time.monotonic() + PATIENCE_SECONDS

    async def with_all(self, answer: Any, then: tuple[FollowUp, ...], deep: int = 1) -> Any:
        """The answer with what follows from it."""
        told = [await self._told(answer, one, deep) for one in then]
        return msgspec.structs.replace(answer, followed=tuple(told))

    async def _told(self, answer: Any, asked: FollowUp, deep: int) -> msgspec.Raw:
        known = self._offered.get(asked.verb)
        left = self._until - time.monotonic()
        if left <= 0:
            part_missed()
        if known is None or left <= 0 or deep > MOST_DEEP:
            return UNANSWERED
        endpoint, handler = known
        try:
            request = _filled(endpoint, asked, answer)
            # Who asks one thing does not have another follow in somebody else's name.
            if request is None or request.caller != self._caller:
                return UNANSWERED
            async with asyncio.timeout(left):
                answer = partial(handler, self._district, request, self._deadline)
                found = await as_follow_up(endpoint, self._district, self._deadline, answer)
                if getattr(request, "then", ()) and not isinstance(found, Refused):
                    found = await self.with_all(found, request.then, deep + 1)
        except (WireFault, TimeoutError):
            # Of another version than this one, or something is wrong: asked by itself it has a second try.
            part_missed()
            return UNANSWERED
        except Exception as error:  # noqa: BLE001 - the question that it followed has its answer all the same
            _log.exception("fault", follow_up=asked.verb, fault_id=fault_id_of(error))
            part_missed()
            return UNANSWERED
        return msgspec.Raw(encode(found))


async def as_follow_up(
    endpoint: Endpoint[Any, Any], district: str, deadline: Deadline, answer: Callable[[], Awaitable[Any]]
) -> Any:
    """What an endpoint answers to a question that follows: with a count and a span of its own."""
    started, outcome = time.perf_counter(), "cancelled"
    about = {"rpc.system": "nats", "rpc.service": endpoint.service, "rpc.method": endpoint.verb}
    about["yanxiu.district"] = district
    with tracing.span(f"{endpoint.service}.{endpoint.verb}", SpanKind.SERVER, about):
        try:
            deadline.check()
            found = await answer()
            outcome = "refused" if isinstance(found, Refused) else "ok"
            return found
        except WireFault as fault:
            outcome = fault.code
            tracing.failed(outcome)
            raise
        except Exception:
            outcome = RemoteFault.code
            tracing.failed(outcome)
            raise
        finally:
            count_follow_up(endpoint, outcome, time.perf_counter() - started)


def count_follow_up(endpoint: Endpoint[Any, Any], outcome: str, seconds: float) -> None:
    """Count the answer to a question that follows."""
    # Here, for who only asks needs no Prometheus.
    from yanxiu_wire.serving_metrics import count_answer

    count_answer(endpoint.service, endpoint.verb, outcome, seconds)


def _filled(endpoint: Endpoint[Any, Any], asked: FollowUp, answer: Any) -> Any:
    """The question with its ids; None where there are none, or it has no room for them. Raises `MessageMalformed`."""
    found = ids_at(answer, asked.ids, asked.most)
    if not found or asked.into not in endpoint.request.__struct_fields__:
        return None
    return msgspec.structs.replace(decode(endpoint.request, asked.request), **{asked.into: found})
