"""Answers of operations with what the services said, kept for who asks the same again: bounded in bytes, number, age.

Whoever comes a second time may come a third: so an answer is kept at its second asking, and what is asked but once
costs nothing. What nobody asks for goes after ten minutes, for it holds names.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.known import digest_of

if TYPE_CHECKING:
    from yanxiu_gateway.executing import Executed

MOST_BYTES = 16 << 20
LARGEST = 4 << 20
MOST = 2_000
AGE_SECONDS = 600.0
# Operations that were asked for once, by their hashes alone.
_MOST_ONCE = 4_096
# What an entry, and each of its questions, takes beside its bytes.
_ROOM, _ROOM_OF_ONE = 1_000, 350

Key = tuple[Any, ...]
"""Who asks what: with the words of the document and its variables among it."""


class Question(NamedTuple):
    """A question as it was sent."""

    endpoint: Endpoint[Any, Any]
    district: str
    body: bytes


class Answered(NamedTuple):
    """A question, the reply that came, and its digest."""

    question: Question
    reply: bytes
    digest: str

    @classmethod
    def of(cls, question: Question, reply: bytes | memoryview) -> Answered:
        """The reply that came to a question."""
        return cls(question, bytes(reply), digest_of(reply))


class Kept(NamedTuple):
    """An answer and what it rests on: rounds of questions, each asked once the rounds before it were answered."""

    executed: Executed
    rounds: Sequence[Sequence[Answered]]


def _size(key: Key, kept: Kept) -> int:
    """The bytes that an entry takes, nearly."""
    words = sum(len(one) for one in key if isinstance(one, str | bytes))
    held = sum(_ROOM_OF_ONE + len(one.question.body) + len(one.reply) for some in kept.rounds for one in some)
    return _ROOM + words + held + len(kept.executed.data or b"")


class KeptAnswers:
    """Answers by who asked what; those least lately asked for go first, and each that nobody asks for."""

    def __init__(self, *, most_bytes: int = MOST_BYTES, now: Callable[[], float] = time.monotonic) -> None:
        self._most_bytes = most_bytes
        self._now = now
        # With when each was last asked for, and its size; the latest last.
        self._kept: OrderedDict[Key, tuple[float, int, Kept]] = OrderedDict()
        self._once: OrderedDict[int, None] = OrderedDict()
        self._looking: asyncio.TimerHandle | None = None
        self.held = 0

    def __len__(self) -> int:
        return len(self._kept)

    def take(self, key: Key) -> Kept | None:
        """What is kept under the key, None where nothing is; it counts as asked for."""
        found = self._kept.pop(key, None)
        if found is None:
            return None
        _, size, kept = found
        self._kept[key] = (self._now(), size, kept)
        return kept

    def again(self, key: Key) -> bool:
        """Whether the key was asked for before, lately; it was from now on."""
        known = hash(key)
        before = known in self._once
        self._once[known] = None
        self._once.move_to_end(known)
        if len(self._once) > _MOST_ONCE:
            self._once.popitem(last=False)
        return before

    def keep(self, key: Key, kept: Kept) -> None:
        """Keep an answer in place of what was kept; one that is too large is not."""
        self.drop(key)
        size = _size(key, kept)
        if size > min(LARGEST, self._most_bytes):
            return
        self._kept[key] = (self._now(), size, kept)
        self.held += size
        while self.held > self._most_bytes or len(self._kept) > MOST:
            self.drop(next(iter(self._kept)))
        self._look_later(AGE_SECONDS)

    def drop(self, key: Key) -> None:
        """Forget what is kept under the key, if anything is."""
        found = self._kept.pop(key, None)
        if found is not None:
            self.held -= found[1]

    def forget_old(self) -> None:
        """Forget what nobody has asked for lately, and look again when the next one will be old."""
        self._looking = None
        while self._kept:
            key, (asked_at, *_) = next(iter(self._kept.items()))
            left = asked_at + AGE_SECONDS - self._now()
            if left > 0:
                return self._look_later(left)
            self.drop(key)
        return None

    def _look_later(self, seconds: float) -> None:
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(seconds, self.forget_old)
