"""Where a service takes bundles apart: each part goes to its endpoint as if it had come alone, and is answered so.

What is ready in the same turn of the event loop, or the next, leaves together. So a part that takes long, or hangs,
holds up none of the others.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.micro.request import ERROR_CODE_HEADER

from yanxiu_wire import bundle, log, tracing
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import HEADER as DEADLINE_HEADER
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import MessageMalformed, ServiceUnavailable, WireFault
from yanxiu_wire.known import KNOWN_HEADER, SAME, SAME_HEADER
from yanxiu_wire.skew import Skew
from yanxiu_wire.straight import Came, Straight
from yanxiu_wire.tracing import HEADER as TRACE_HEADER

if TYPE_CHECKING:
    from yanxiu_wire.rpc import Bus

# So many turns of the event loop an answer waits for those beside it: the fuller the loop, the more of them come.
TURNS = 2
_PLAIN: Mapping[str, str] = {}
_log = log.logger()


class Question(Protocol):
    """One request as its endpoint sees it, however it came."""

    headers: Mapping[str, str] | None
    data: bytes | memoryview

    async def answer(self, body: bytes, headers: dict[str, str] | None) -> None:
        """Send the answer; its headers tell of a fault, or that it is known."""
        ...


class TakesQuestions(Protocol):
    """An endpoint at work."""

    @property
    def endpoint(self) -> Endpoint[Any, Any]:
        """The endpoint."""
        ...

    def same(self, body: bytes | memoryview, district: str, known: str, moment: object) -> bool:
        """Whether the asker holds the answer, so that the question is done with."""
        ...

    def take(self, question: Question, district: str) -> None:
        """Admit a question, or turn it away."""
        ...


class BundleDesk:
    """The bundles of one service: its subscription, and the answers that are on their way."""

    def __init__(
        self, bus: Bus, service: str, desks: Mapping[str, TakesQuestions], skew: Skew, idle: Callable[[], bool]
    ) -> None:
        self._bus = bus
        self._service = service
        self._desks = {verb: desk for verb, desk in desks.items() if bundle.may_be_part(desk.endpoint)}
        self._skew = skew
        self._idle = idle
        self._tasks: set[asyncio.Task[None]] = set()
        self._subscription: Subscription | None = None

    async def open(self, client: Straight) -> None:
        """Listen."""
        subject = bundle.subject(self._service, "*")
        self._subscription = await client.listen(subject, self._accept, queue=self._service)

    async def leave(self, client: Straight) -> None:
        """Ask the server for no more, but keep listening: some may be on its way."""
        if self._subscription is not None:
            await client._send_unsubscribe(self._subscription._id)  # noqa: SLF001 - see Serving.drain

    async def close(self) -> None:
        """Stop listening, then wait until everything that came in was handed to its endpoints."""
        if self._subscription is not None:
            try:
                await self._subscription.drain()
            except NatsError as error:
                _log.warning("drain-without-server", endpoint=bundle.VERB, problem=str(error))

    async def answered(self) -> None:
        """Return when every answer that is ready has left."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Run what sends answers, and have the end of the service wait for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def send(self, to: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send one message of answers."""
        try:
            await self._bus.nats.publish(to, body, headers=headers)
        except NatsError as error:
            _log.warning("answer-not-sent", problem=str(error))

    def send_now(self, to: str, body: bytes) -> None:
        """Send one message of answers at the end of this turn, or as soon as the connection takes it."""
        if not self._bus.nats.taken(to, body):
            self.begin(self.send(to, body))

    @property
    def room(self) -> int:
        """How many bytes one message of answers may have."""
        return self._bus.max_message

    def _accept(self, message: Came | Msg) -> None:
        district = message.subject.rpartition(".")[2]
        if self._idle():
            self._skew.look(message.headers)
        try:
            asked = bundle.unpack_asked(message.data)
        except MessageMalformed as fault:
            self.begin(self.send(message.reply, encode(fault.facts()), {ERROR_CODE_HEADER: fault.code}))
            return
        answers = _Answers(self, message.reply, len(asked))
        # What carries the trace of one part is no other's, nor the reading task's.
        same = contextvars.copy_context().run(self._same, asked, district)
        answers.same(same)
        for number, (head, body) in enumerate(asked):
            if number in same:
                continue
            part = _Part(answers, number, head, body)
            desk = self._desks.get(head.verb)
            if desk is None:
                # As if nobody listened for it: an older version knows fewer endpoints.
                self.begin(part.refuse(ServiceUnavailable(self._service)))
            else:
                desk.take(part, district)

    def _same(self, asked: Sequence[tuple[bundle.Asked, memoryview]], district: str) -> set[int]:
        """The parts whose answers their askers hold, as far as that can be told without beginning anything."""
        now_ms, moment = time.time_ns() // 1_000_000, object()
        found: set[int] = set()
        for number, (head, body) in enumerate(asked):
            desk = self._desks.get(head.verb) if head.known and head.deadline_ms > now_ms else None
            # Where spans are recorded each question has its own.
            if desk and tracing.adopted({TRACE_HEADER: head.trace}) and desk.same(body, district, head.known, moment):
                found.add(number)
        return found


class _Part:
    """One question of a bundle."""

    def __init__(self, answers: _Answers, number: int, head: bundle.Asked, body: memoryview) -> None:
        self.headers: Mapping[str, str] | None = {
            DEADLINE_HEADER: str(head.deadline_ms),
            TRACE_HEADER: head.trace,
            KNOWN_HEADER: head.known,
        }
        self.data: bytes | memoryview = body
        self._answers = answers
        self._number = number

    async def answer(self, body: bytes, headers: dict[str, str] | None) -> None:
        """As when it had come alone; the last one sends what is left."""
        told = headers or _PLAIN
        fault, same = told.get(ERROR_CODE_HEADER, ""), SAME_HEADER in told
        await self._answers.add(bundle.Told(self._number, fault, len(body), same), body)

    async def refuse(self, fault: WireFault) -> None:
        """Answer with a fault."""
        await self.answer(encode(fault.facts()), {ERROR_CODE_HEADER: fault.code})


class _Answers:
    """The answers to one bundle: which are ready, and how many are still to come."""

    def __init__(self, desk: BundleDesk, to: str, expected: int) -> None:
        self._desk = desk
        self._to = to
        self._left = expected
        self._ready: list[tuple[bundle.Told, bytes]] = []
        self._leaving = False

    def same(self, numbers: Iterable[int]) -> None:
        """Of these their askers hold the answers; the message leaves at once if it is of all that are to come."""
        self._ready += [(bundle.Told(number, "", 0, same=True), SAME) for number in numbers]
        self._left -= len(self._ready)
        if self._left and self._ready:
            self._soon()
        elif self._ready and self._to:
            self._desk.send_now(self._to, _packed(self._ready))

    async def add(self, told: bundle.Told, body: bytes) -> None:
        """One is ready."""
        self._ready.append((told, body))
        self._left -= 1
        if not self._left:
            await self._send()
        else:
            self._soon()

    def _soon(self) -> None:
        if not self._leaving:
            self._leaving = True
            asyncio.get_running_loop().call_soon(self._turn, TURNS - 1)

    def _turn(self, more: int) -> None:
        if more:
            asyncio.get_running_loop().call_soon(self._turn, more - 1)
            return
        self._leaving = False
        if self._ready:
            self._desk.begin(self._send())

    async def _send(self) -> None:
        """All that is ready, in as few messages as it fits."""
        ready, self._ready = self._ready, []
        if not self._to:
            return
        together: list[tuple[bundle.Told, bytes]] = []
        size = 0
        for told, body in ready:
            if together and size + len(body) + bundle.HEAD_ROOM > self._desk.room:
                await self._publish(together)
                together, size = [], 0
            together.append((told, body))
            size += len(body) + bundle.HEAD_ROOM
        if together:
            await self._publish(together)

    async def _publish(self, parts: list[tuple[bundle.Told, bytes]]) -> None:
        await self._desk.send(self._to, _packed(parts))


def _packed(parts: Sequence[tuple[bundle.Told, bytes]]) -> bytes:
    return bundle.pack([told for told, _ in parts], [body for _, body in parts])
