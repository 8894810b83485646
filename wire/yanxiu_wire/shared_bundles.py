"""What different operations ask one service about one district in the same turn of the event loop, in one message.

Each of them is a part of a bundle with its own head, is answered by itself and waits no longer than its own deadline.
Nobody is waited for: what is ready at the end of the turn leaves, and a question that is alone then goes alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from yanxiu_wire import bundle
from yanxiu_wire.deadline import HEADER as DEADLINE_HEADER
from yanxiu_wire.deadline import SENT_AT, Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, MessageMalformed, ServiceUnavailable
from yanxiu_wire.known import KNOWN_HEADER
from yanxiu_wire.replies import nobody
from yanxiu_wire.serving import FAULT_HEADER
from yanxiu_wire.straight import Came
from yanxiu_wire.tracing import HEADER as TRACE_HEADER

if TYPE_CHECKING:
    from yanxiu_wire.rpc import Bus

# With so many parts a message takes no further operation: more would spare little, and one replica answers all of it.
ENOUGH_PARTS = 16


Coming = asyncio.Future[bundle.Answer | None]
"""The answer to a question that left, None where it is to go alone."""


class _Part:
    """One question."""

    __slots__ = ("answer", "body", "head", "whose")

    def __init__(self, head: bundle.Asked, body: bytes, whose: object, answer: Coming) -> None:
        self.head = head
        self.body = body
        self.whose = whose
        self.answer = answer

    def settle(self, answer: bundle.Answer | None) -> None:
        """Give the answer to who waits for it, if he still does."""
        if not self.answer.done():
            self.answer.set_result(answer)


class SharedBundles:
    """The questions of this turn of all operations that ask over one bus."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._ready: dict[tuple[str, str], list[_Part]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def carry(
        self,
        endpoint: Endpoint[Any, Any],
        district: str,
        body: bytes,
        headers: dict[str, str],
        deadline: Deadline,
        whose: object,
    ) -> bundle.Answer:
        """Take a question to its service, as `Bus.alone` does; `whose` is the operation that asks it."""
        left = deadline.remaining()
        if left <= 0:
            raise DeadlineExceeded(endpoint.service)
        coming = self.ask(endpoint.service, district, _head(endpoint, body, headers), body, whose)
        late = asyncio.get_running_loop().call_later(left, _fail, coming, TimeoutError())
        try:
            answer = await coming
        except TimeoutError:
            raise DeadlineExceeded(endpoint.service) from None
        finally:
            late.cancel()
        if answer is None:
            return await self._bus.alone(endpoint, district, body, headers, deadline)
        return answer

    def ask(self, service: str, district: str, head: bundle.Asked, body: bytes, whose: object) -> Coming:
        """Have a question leave at the end of this turn; whoever asks sees to how long he waits, and cancels it then.

        The answer is None where the question is to go alone, and a `WireFault` where it could not be sent.
        """
        loop = asyncio.get_running_loop()
        part = _Part(head, body, whose, loop.create_future())
        if not self._ready:
            loop.call_soon(self._leave)
        self._ready.setdefault((service, district), []).append(part)
        return part.answer

    def _leave(self) -> None:
        """The turn is over: send what is ready, but for what nobody waits for any more."""
        ready, self._ready = self._ready, {}
        for (service, district), parts in ready.items():
            subject = bundle.subject(service, district)
            for some in self._cut([part for part in parts if not part.answer.done()]):
                # A service looks at once into a bundle for what is known.
                alone = len(some) == 1 and not some[0].head.known
                if alone or self._bus.denials.lately("publish", subject):
                    # Whoever asks it sends it himself.
                    for part in some:
                        part.settle(None)
                else:
                    self._begin(service, subject, some)

    def _cut(self, parts: Sequence[_Part]) -> Iterator[list[_Part]]:
        """As many together as one message takes; what one operation asks is not parted where it fits."""
        room, some, size = self._bus.max_message, list[_Part](), 0
        for its in _by_operation(parts):
            if some and (len(some) >= ENOUGH_PARTS or len(some) + len(its) > bundle.MOST_PARTS):
                yield some
                some, size = [], 0
            for part in its:
                length = len(part.body) + bundle.HEAD_ROOM
                if some and (len(some) == bundle.MOST_PARTS or size + length > room):
                    yield some
                    some, size = [], 0
                some.append(part)
                size += length
        if some:
            yield some

    def _begin(self, service: str, subject: str, parts: Sequence[_Part]) -> None:
        """Send a bundle; its answers find who waits, whenever they come."""
        message = bundle.pack([one.head for one in parts], [one.body for one in parts])
        expected = _Expected(parts)
        sent_at = {SENT_AT: str(time.time_ns() // 1_000_000)}
        # A server whose configuration is older than this process knows no bundles.
        unwatch = self._bus.denials.watch("publish", subject, expected.alone)
        try:
            end = self._bus.replies.several_now(subject, message, expected.came, headers=sent_at)
        except Exception as problem:  # noqa: BLE001 - it is the answer of everyone who waits
            unwatch()
            return expected.fail(problem)
        if end is not None:
            return expected.when_ended(unwatch, end)
        task = asyncio.get_running_loop().create_task(self._send(service, subject, message, expected, sent_at, unwatch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return None

    async def _send(
        self,
        service: str,
        subject: str,
        message: bytes,
        expected: _Expected,
        headers: dict[str, str],
        unwatch: Callable[[], None],
    ) -> None:
        """Send what the connection did not take at once."""
        try:
            end = await self._bus.replies.several(subject, message, expected.came, headers=headers)
        except Exception as problem:  # noqa: BLE001 - it is the answer of everyone who waits
            unwatch()
            expected.fail(ServiceUnavailable(service) if isinstance(problem, NatsError) else problem)
        else:
            # Every part ends: with its answer, by its own deadline, or because who asked it does.
            expected.when_ended(unwatch, end)


class _Expected:
    """The parts of one bundle on the way."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        self._parts = parts
        self._left = len(parts)

    def when_ended(self, *ends: Callable[[], None]) -> None:
        """Have `ends` called when nobody waits for any of them any more."""

        def one_less(_: Coming) -> None:
            self._left -= 1
            if not self._left:
                for end in ends:
                    end()

        for part in self._parts:
            part.answer.add_done_callback(one_less)

    def came(self, message: Came | Msg) -> None:
        """A message of answers, or what became of the whole bundle."""
        fault = (message.headers or {}).get(FAULT_HEADER, "")
        if nobody(message):
            # Also an older version of the service, which knows no bundles.
            self.alone()
        elif fault:
            self._all(bundle.Answer(fault, message.data))
        else:
            try:
                answers = bundle.unpack_told(message.data)
            except MessageMalformed as problem:
                return self.fail(problem)
            for told, body in answers:
                if 0 <= told.number < len(self._parts):
                    self._parts[told.number].settle(bundle.Answer(told.fault, body, told.same))
        return None

    def alone(self) -> None:
        """Have each of them asked by itself."""
        self._all(None)

    def fail(self, problem: Exception) -> None:
        """Say what went wrong to all who wait."""
        for part in self._parts:
            _fail(part.answer, problem)

    def _all(self, answer: bundle.Answer | None) -> None:
        for part in self._parts:
            part.settle(answer)


def _head(endpoint: Endpoint[Any, Any], body: bytes, told: Mapping[str, str]) -> bundle.Asked:
    """What the bundle's head tells of a question with these headers."""
    until, trace, known = int(told[DEADLINE_HEADER]), told.get(TRACE_HEADER, ""), told.get(KNOWN_HEADER, "")
    return bundle.Asked(endpoint.verb, until, trace, len(body), known)


def _fail(coming: Coming, problem: Exception) -> None:
    """Say what went wrong to who waits; where he was cancelled meanwhile it is no fault that nobody hears it."""
    if not coming.done():
        coming.set_exception(problem)
        coming.exception()


def _by_operation(parts: Iterable[_Part]) -> Iterable[list[_Part]]:
    found: dict[int, list[_Part]] = {}
    for one in parts:
        found.setdefault(id(one.whose), []).append(one)
    return found.values()
