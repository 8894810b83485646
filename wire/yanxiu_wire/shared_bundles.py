"""What different operations ask one service about one district in the same turn of the event loop, in one message.

Each of them is a part of a bundle with its own head, is answered by itself and waits no longer than its own deadline.
Nobody is waited for: what is ready at the end of the turn leaves, and a question that is alone then goes alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
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


class _Part:
    """One question; `answer` is None where it is to go alone."""

    __slots__ = ("answer", "body", "endpoint", "headers", "whose")

    def __init__(self, endpoint: Endpoint[Any, Any], body: bytes, headers: dict[str, str], whose: object) -> None:
        self.endpoint = endpoint
        self.body = body
        self.headers = headers
        self.whose = whose
        self.answer: asyncio.Future[bundle.Answer | None] = asyncio.get_running_loop().create_future()

    def head(self) -> bundle.Asked:
        """What the bundle's head tells of it."""
        told = self.headers
        until, trace, known = int(told[DEADLINE_HEADER]), told.get(TRACE_HEADER, ""), told.get(KNOWN_HEADER, "")
        return bundle.Asked(self.endpoint.verb, until, trace, len(self.body), known)

    def settle(self, answer: bundle.Answer | None) -> None:
        """Give the answer to who waits for it, if he still does."""
        if not self.answer.done():
            self.answer.set_result(answer)

    def fail(self, problem: Exception) -> None:
        """Say what went wrong to who waits; where he was cancelled meanwhile it is no fault that nobody hears it."""
        if not self.answer.done():
            self.answer.set_exception(problem)
            self.answer.exception()


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
        loop = asyncio.get_running_loop()
        part = _Part(endpoint, body, headers, whose)
        if not self._ready:
            loop.call_soon(self._leave)
        self._ready.setdefault((endpoint.service, district), []).append(part)
        late = loop.call_later(left, part.fail, TimeoutError())
        try:
            answer = await part.answer
        except TimeoutError:
            raise DeadlineExceeded(endpoint.service) from None
        finally:
            late.cancel()
        if answer is None:
            return await self._bus.alone(endpoint, district, body, headers, deadline)
        return answer

    def _leave(self) -> None:
        """The turn is over: send what is ready, but for what nobody waits for any more."""
        ready, self._ready = self._ready, {}
        for (service, district), parts in ready.items():
            subject = bundle.subject(service, district)
            for some in self._cut([part for part in parts if not part.answer.done()]):
                if len(some) == 1 or self._bus.denials.lately("publish", subject):
                    # Whoever asks it sends it himself.
                    for part in some:
                        part.settle(None)
                else:
                    self._begin(subject, some)

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

    def _begin(self, subject: str, parts: Sequence[_Part]) -> None:
        task = asyncio.get_running_loop().create_task(self._together(subject, parts))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _together(self, subject: str, parts: Sequence[_Part]) -> None:
        """Send a bundle; its answers find who waits, whenever they come."""
        message = bundle.pack([one.head() for one in parts], [one.body for one in parts])
        expected = _Expected(parts)
        sent_at = {SENT_AT: str(time.time_ns() // 1_000_000)}
        # A server whose configuration is older than this process knows no bundles.
        unwatch = self._bus.denials.watch("publish", subject, expected.alone)
        try:
            end = await self._bus.replies.several(subject, message, expected.came, headers=sent_at)
        except Exception as problem:  # noqa: BLE001 - it is the answer of everyone who waits
            unwatch()
            down = isinstance(problem, NatsError)
            expected.fail(ServiceUnavailable(parts[0].endpoint.service) if down else problem)
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

        def one_less(_: asyncio.Future[bundle.Answer | None]) -> None:
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
            part.fail(problem)

    def _all(self, answer: bundle.Answer | None) -> None:
        for part in self._parts:
            part.settle(answer)


def _by_operation(parts: Iterable[_Part]) -> Iterable[list[_Part]]:
    found: dict[int, list[_Part]] = {}
    for one in parts:
        found.setdefault(id(one.whose), []).append(one)
    return found.values()
