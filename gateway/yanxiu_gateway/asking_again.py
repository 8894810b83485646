"""An operation that was answered before: its questions asked again, each with the digest of the answer at hand.

Every service does for each of them all it does for any question: admission, policies, scope, trail, count. Where all
say that they would answer the same, so would the gateway, and tells what it has. Else the operation is executed with
what they said just now, and asks what was not asked. Questions go round by round, as they went: one that may follow
from an answer is asked when that answer is known to be the same, so nobody is recorded to have looked at what he was
not shown.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.known import Encoded, Replied
from yanxiu_wire.metrics import Count
from yanxiu_wire.refusal import Refused
from yanxiu_wire.shared_bundles import Coming

from yanxiu_gateway.asking import Call, until_when
from yanxiu_gateway.asking_briefly import Briefly, OnItsWay
from yanxiu_gateway.bundling import one_operation
from yanxiu_gateway.execution.company import Company
from yanxiu_gateway.in_turn import Begin
from yanxiu_gateway.kept_answers import Answered, Kept, KeptAnswers, Key, Question

if TYPE_CHECKING:
    from yanxiu_gateway.executing import Executed

_QUERIES = Count(
    "yanxiu_queries_answered_total",
    "查询的答复：各服务均称与上次相同，原样答复 known；有变化或迟迟未答，重新执行 changed；未曾保留，执行 executed",
    "queries answered: with what was kept, for all services said the same (known), executed for one said otherwise "
    "or nothing for a while (changed), executed for nothing was kept (executed)",
    ("how",),
)
# Whoever answers no sooner may be hanging: the operation is executed beside his question, for the others are not to
# pay for it with what is left of their time.
MOMENT_SECONDS = 0.25
Outcome = Replied | Exception
_SAME = Replied(None, None)
Said = Sequence[tuple[int, Answered, asyncio.Task[Outcome] | None]]
"""Questions that were asked for an operation, each with its round and what comes of it; None: it is the same."""


class _Asked:
    """A question that is asked again, in its round: what left briefly, if it did, and what comes of it (None: it is the
    same).
    """

    __slots__ = ("answered", "coming", "its", "sent")

    def __init__(self, its: int, answered: Answered, sent: Coming | None) -> None:
        self.its = its
        self.answered = answered
        self.sent = sent
        self.coming: asyncio.Task[Outcome] | None = None

    def end(self) -> None:
        """Let go what nobody waits for any more; what has ended does not mind."""
        for one in (self.coming, self.sent):
            if one is not None:
                one.cancel()


class _Notes:
    """What one operation asks, and what it was told; `said` are questions that were asked for it already, each with its
    round and what comes of it, which may be on its way.
    """

    def __init__(self, said: Said) -> None:
        self._said = {one.question: (its, one, coming) for its, one, coming in said}
        # By question its round and its reply, None until it has come.
        self._asked: dict[Question, tuple[int, bytes | memoryview] | None] = {}
        self._answered = 0
        self._whole = True

    async def ask(
        self, call: Call, endpoint: Endpoint[Any, Any], request: Any, district: str, deadline: Deadline | None
    ) -> Any:
        """The reply to a question, which is noted down; what leaves more than a line of a look keeps the answer out."""
        if endpoint.writes or getattr(request, "reveal", False):
            self._whole = False
            return await call(endpoint, request, district=district, deadline=deadline)
        question = Question(endpoint, district, encode(request))
        self._whole = self._whole and question not in self._asked
        self._asked[question] = None
        its, outcome = await self._outcome(call, question, deadline)
        if isinstance(outcome, Exception):
            raise outcome
        self._answered = max(self._answered, its)
        if not isinstance(outcome.value, Refused):
            self._asked[question] = (its, outcome.data or b"")
        return outcome.value

    async def _outcome(self, call: Call, question: Question, deadline: Deadline | None) -> tuple[int, Outcome]:
        """What comes of a question, asked now if it was not asked before, and its round."""
        before = self._said.pop(question, None)
        if before is not None:
            its, one, coming = before
            return its, _in_full(one, _SAME if coming is None else await coming)
        its = self._answered + 1
        return its, await call(question.endpoint, Encoded(question.body), district=question.district, deadline=deadline)

    def rounds(self) -> Sequence[Sequence[Answered]]:
        """The questions with their replies, by rounds; none where the answer rests on anything else."""
        found: dict[int, list[Answered]] = {}
        for question, told in self._asked.items():
            # What failed, was refused, or has not come, is nothing that a service could call the same.
            if told is None or not self._whole:
                return ()
            found.setdefault(told[0], []).append(Answered.of(question, told[1]))
        return [found[its] for its in sorted(found)]


_NOTES: ContextVar[_Notes | None] = ContextVar("notes", default=None)


@contextmanager
def _noting(notes: _Notes) -> Iterator[None]:
    before = _NOTES.set(notes)
    try:
        yield
    finally:
        _NOTES.reset(before)


class AskingAgain:
    """Asks through `call`, and answers operations with what is kept of them where their services say that it holds."""

    def __init__(self, call: Call, kept: KeptAnswers, briefly: Briefly | None = None) -> None:
        self._call = call
        self._kept = kept
        self._briefly = briefly

    async def __call__(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        """As `Bus.call`; what an operation asks whose answer may be kept is noted down."""
        notes = _NOTES.get()
        if notes is None:
            return await self._call(endpoint, request, district=district, deadline=deadline)
        return await notes.ask(self._call, endpoint, request, district, deadline)

    def with_known(self, key: Key, execute: Begin[Executed]) -> Begin[Executed]:
        """What answers who asks `key`: with what is known of it, else as `execute` does."""
        return lambda deadline: self._answer(key, deadline, execute)

    async def _answer(self, key: Key, deadline: Deadline, execute: Begin[Executed]) -> Executed:
        kept = self._kept.take(key)
        if kept is None:
            _QUERIES.add("executed")
            return await (self._noted(key, deadline, execute, ()) if self._kept.again(key) else execute(deadline))
        asked: list[_Asked] = []
        try:
            if await self._same(kept, deadline, asked):
                _QUERIES.add("known")
                return kept.executed
            self._kept.drop(key)
            _QUERIES.add("changed")
            return await self._noted(key, deadline, execute, [(one.its, one.answered, one.coming) for one in asked])
        finally:
            for one in asked:
                one.end()

    async def _noted(self, key: Key, deadline: Deadline, execute: Begin[Executed], said: Said) -> Executed:
        """The operation executed, and kept where it may be."""
        notes = _Notes(said)
        with _noting(notes):
            executed = await execute(deadline)
        rounds = () if executed.errors or executed.data is None else notes.rounds()
        if rounds:
            self._kept.keep(key, Kept(executed, rounds))
        return executed

    async def _same(self, kept: Kept, deadline: Deadline, asked: list[_Asked]) -> bool:
        """Whether everything is the same; puts into `asked` what was asked to find out."""
        for its, answered in enumerate(kept.rounds, start=1):
            coming = None if self._briefly is None else self._briefly.ask(answered, deadline)
            these = [_Asked(its, *one) for one in zip(answered, coming or [None] * len(answered), strict=True)]
            asked += these
            until = time.monotonic() + MOMENT_SECONDS
            if self._briefly is not None and coming and await self._briefly.same(answered, coming, MOMENT_SECONDS):
                continue
            if not await self._the_long_way(these, deadline, max(until - time.monotonic(), 0)):
                return False
        return True

    async def _the_long_way(self, asked: Sequence[_Asked], deadline: Deadline, within: float) -> bool:
        """Whether the questions of a round, or what comes of those that have left, say soon that all is the same."""
        with one_operation(Company()) as company:
            for one in asked:
                one.coming = asyncio.ensure_future(self._ask(one, deadline))
            all_of_them = asyncio.ensure_future(company.gather([one.coming for one in asked if one.coming]))
            done, _ = await asyncio.wait((all_of_them,), timeout=within)
            return bool(done) and all(isinstance(one, Replied) and one.same for one in all_of_them.result())

    async def _ask(self, asked: _Asked, deadline: Deadline) -> Outcome:
        """What comes of a question."""
        endpoint, district, body = asked.answered.question
        until = until_when(endpoint, deadline)
        sent = None if asked.sent is None else OnItsWay(asked.sent)
        encoded = Encoded(body, asked.answered.digest, sent)
        try:
            return await self._call(endpoint, encoded, district=district, deadline=until)
        except Exception as problem:  # noqa: BLE001 - it is what the operation is told when it asks
            return problem


def _in_full(one: Answered, outcome: Outcome) -> Outcome:
    """What came of a question; the reply at hand where that is the same."""
    if isinstance(outcome, Replied) and outcome.same:
        return Replied(decode(one.question.endpoint.reply, one.reply), one.reply)
    return outcome
