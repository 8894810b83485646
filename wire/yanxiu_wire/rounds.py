"""The asking side of bundles: what one operation asks one service at one level leaves as one message.

An operation's fields are answered side by side, and come to ask within a few turns of the event loop; those whose
answers were on the way ask again when they have come. So questions wait until every branch has asked, or no more of
them come, and until the operation's other answers are there: then everything that is ready leaves, each service's
questions in one message. Whoever takes long is waited for once, a moment, for he may be hanging.
"""

from __future__ import annotations

import asyncio
import math
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
from yanxiu_wire.tracing import HEADER as TRACE_HEADER

if TYPE_CHECKING:
    from yanxiu_wire.rpc import Bus

# Turns of the event loop without a new question, after which no more of this level is expected.
QUIET_TURNS = 6
# How long questions wait for an answer on the way, so as to leave together with what may be asked of it.
HOLD_SECONDS = 0.25


class _Question:
    """One question: `turn` comes when it leaves, with True when it goes alone; `answer` is of what went in a bundle,
    None where it is to go alone after all.
    """

    __slots__ = ("answer", "body", "deadline", "district", "endpoint", "headers", "turn")

    def __init__(
        self, endpoint: Endpoint[Any, Any], district: str, body: bytes, headers: dict[str, str], deadline: Deadline
    ) -> None:
        self.endpoint = endpoint
        self.district = district
        self.body = body
        self.headers = headers
        self.deadline = deadline
        self.turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.answer: asyncio.Future[bundle.Answer | None] | None = None

    def head(self) -> bundle.Asked:
        """What the bundle's head tells of it."""
        told = self.headers
        until, trace, known = int(told[DEADLINE_HEADER]), told.get(TRACE_HEADER, ""), told.get(KNOWN_HEADER, "")
        return bundle.Asked(self.endpoint.verb, until, trace, len(self.body), known)

    def settle(self, answer: bundle.Answer | None) -> None:
        """Give the answer to who waits for it, if anybody still does."""
        if self.answer is not None and not self.answer.done():
            self.answer.set_result(answer)

    def fail(self, problem: Exception) -> None:
        """Say what went wrong to who waits, if anybody still does."""
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(problem)


class Round:
    """The questions of one operation that are ready, and its messages that are on the way.

    `branches` says how many parts of the operation may ask at a time, where that is known.
    """

    def __init__(self, bus: Bus, branches: Callable[[], float] = lambda: math.inf) -> None:
        self._bus = bus
        self._branches = branches
        self._ready: list[_Question] = []
        self._came = 0
        self._looking = False
        # Each message on the way, with when it left.
        self._out: dict[object, float] = {}
        self._held: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def carry(
        self, endpoint: Endpoint[Any, Any], district: str, body: bytes, headers: dict[str, str], deadline: Deadline
    ) -> bundle.Answer:
        """Take a question to its service, as `Bus.alone` does, with those that are ready beside it."""
        question = _Question(endpoint, district, body, headers, deadline)
        if bundle.may_be_part(endpoint):
            self._ready.append(question)
            self._came += 1
            self._look_soon()
            # It is held for a moment at most: what bounds its time begins when it leaves.
            if not await question.turn:
                answer = await _answered(question)
                if answer is not None:
                    return answer
        self._out[question] = time.monotonic()
        try:
            return await self._bus.alone(endpoint, district, body, headers, deadline)
        finally:
            self._ended(question)

    # ---- when to send --------------------------------------------------------------------------------------------

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
        ready, self._ready = [one for one in self._ready if not one.turn.done()], []
        for questions in _by_service(ready):
            for some in self._cut(questions):
                self._send(some)

    def _ended(self, message: object) -> None:
        """A message was answered, or is waited for no more: those that waited for it may go, and those who learnt by it
        will ask in a moment.
        """
        del self._out[message]
        if self._ready:
            self._look_soon()

    # ---- sending -------------------------------------------------------------------------------------------------

    def _cut(self, questions: Sequence[_Question]) -> Iterator[list[_Question]]:
        """As many together as one message takes, and its answer may tell."""
        room, some = self._bus.max_message, list[_Question]()
        size = 0
        for question in questions:
            its = len(question.body) + bundle.HEAD_ROOM
            if some and (len(some) == bundle.MOST_PARTS or size + its > room):
                yield some
                some, size = [], 0
            some.append(question)
            size += its
        yield some

    def _send(self, questions: list[_Question]) -> None:
        if len(questions) == 1 or self._bus.denials.lately("publish", _subject(questions)):
            # Whoever asks it sends it himself.
            for question in questions:
                question.turn.set_result(True)
            return
        for question in questions:
            question.answer = asyncio.get_running_loop().create_future()
            question.turn.set_result(False)
        task = asyncio.get_running_loop().create_task(self._together(questions))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _together(self, questions: list[_Question]) -> None:
        """Send a bundle; its answers find who waits, whenever they come."""
        subject = _subject(questions)
        message = bundle.pack([one.head() for one in questions], [one.body for one in questions])
        expected = _Expected(questions)
        self._out[expected] = time.monotonic()
        sent_at = {SENT_AT: str(time.time_ns() // 1_000_000)}
        # A server whose configuration is older than this process knows no bundles.
        unwatch = self._bus.denials.watch("publish", subject, expected.alone)
        try:
            end = await self._bus.replies.several(subject, message, expected.came, headers=sent_at)
        except Exception as problem:  # noqa: BLE001 - it is the answer of everyone who waits
            unwatch()
            self._ended(expected)
            down = isinstance(problem, NatsError)
            expected.fail(ServiceUnavailable(questions[0].endpoint.service) if down else problem)
            return

        expected.when_ended(self._bounded(questions, expected, end, unwatch))

    def _bounded(
        self, questions: Sequence[_Question], expected: _Expected, *ends: Callable[[], None]
    ) -> Callable[[], None]:
        """What is done when a bundle has ended, which it does by the last deadline of its parts.

        Who was cancelled before he came to wait for his part bounds it no more.
        """
        last = max(one.deadline.remaining() for one in questions)
        late = asyncio.get_running_loop().call_later(last, expected.fail_quietly, TimeoutError())

        def ended() -> None:
            late.cancel()
            for end in ends:
                end()
            self._ended(expected)

        return ended


class _Expected:
    """The questions of one bundle on the way."""

    def __init__(self, questions: Sequence[_Question]) -> None:
        self._questions = questions
        self._left = len(questions)

    def when_ended(self, ended: Any) -> None:
        """Have `ended` called when nobody waits for any of them any more."""

        def one_less(_: asyncio.Future[bundle.Answer | None]) -> None:
            self._left -= 1
            if not self._left:
                ended()

        for question in self._questions:
            if question.answer is not None:
                question.answer.add_done_callback(one_less)

    def came(self, message: Msg) -> None:
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
                if 0 <= told.number < len(self._questions):
                    self._questions[told.number].settle(bundle.Answer(told.fault, body, told.same))
        return None

    def alone(self) -> None:
        """Have each of them asked by itself."""
        self._all(None)

    def fail(self, problem: Exception) -> None:
        """Say what went wrong to all who wait."""
        for question in self._questions:
            question.fail(problem)

    def fail_quietly(self, problem: Exception) -> None:
        """As `fail`, of parts for which perhaps nobody waits: what is not heard is no fault."""
        for question in self._questions:
            question.fail(problem)
            if question.answer is not None and not question.answer.cancelled():
                question.answer.exception()

    def _all(self, answer: bundle.Answer | None) -> None:
        for question in self._questions:
            question.settle(answer)


async def _answered(question: _Question) -> bundle.Answer | None:
    """What comes of a part of a bundle, within its own deadline; None where it has to go alone."""
    answer = question.answer
    if answer is None:
        return None
    late = asyncio.get_running_loop().call_later(question.deadline.remaining(), question.fail, TimeoutError())
    try:
        return await answer
    except TimeoutError:
        raise DeadlineExceeded(question.endpoint.service) from None
    finally:
        late.cancel()


def _subject(questions: Sequence[_Question]) -> str:
    return bundle.subject(questions[0].endpoint.service, questions[0].district)


def _by_service(questions: Iterable[_Question]) -> Iterable[list[_Question]]:
    found: dict[tuple[str, str], list[_Question]] = {}
    for one in questions:
        found.setdefault((one.endpoint.service, one.district), []).append(one)
    return found.values()
