"""Answers that their asker holds already: a question tells the digest of it, and who would answer the same says so.

Whoever is asked does all that he does for any question, the line in the trail too; only the bytes stay at home. What
is a fault or a refusal is always told. An older service reads over the digest and tells everything.
"""

from __future__ import annotations

from contextvars import ContextVar
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol, runtime_checkable

from yanxiu_wire.bundle import Answer
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.refusal import Refused

# On a question: the digest of the answer that its asker holds. On an answer without a body: that it is this very one.
KNOWN_HEADER = "Yanxiu-Known"
SAME_HEADER = "Yanxiu-Same"
# No answer is empty: empty it says that it is the one that the asker holds.
SAME = b""
# How an encoded refusal begins; an answer may come encoded from a district's own process.
_REFUSED = encode(Refused(errors=())).partition(b",")[0]

# What the request of this task tells that its asker holds, for who has another process answer it.
HELD: ContextVar[str] = ContextVar("yanxiu_held", default="")


class Sent(Protocol):
    """A question that is on its way, whose answer is taken once."""

    async def take(self, endpoint: Endpoint[Any, Any], deadline: Deadline) -> Answer | None:
        """The answer; None where the question is to be sent now, as it is the second time. Raises a `WireFault`."""
        ...


class Encoded(NamedTuple):
    """A question as bytes, in place of the message that they are; `known` is the digest of the answer at hand, `sent`
    says that it left already.
    """

    body: bytes
    known: str = ""
    sent: Sent | None = None


class Replied(NamedTuple):
    """What came of an `Encoded` question: the reply or refusal, and its bytes; both None where the known one holds."""

    value: Any
    data: bytes | memoryview | None

    @property
    def same(self) -> bool:
        """Whether the answer is the one that the asker holds."""
        return self.data is None


@runtime_checkable
class Knows(Protocol):
    """A handler that may know of a question, before anything of it is begun, that its asker holds the answer."""

    def same(self, district: str, body: bytes | memoryview, known: str, moment: object) -> bool:
        """Whether the answer to the encoded question is the one of this digest; then all is done that is done for any
        question of the kind. False where nobody can say, or it would have to wait for something: nothing was done.

        `moment` is the same for questions about one district between which nothing else has a turn.
        """
        ...


def digest_of(answer: bytes | memoryview) -> str:
    """What two different encoded answers never have in common."""
    return blake2b(answer, digest_size=16).hexdigest()


def is_refusal(answer: bytes) -> bool:
    """Whether an encoded answer is a refusal."""
    return answer.startswith(_REFUSED)


def told_of(answer: bytes, known: str) -> bytes:
    """What is told of an encoded answer to who holds one of this digest (empty: none): itself, or that it is `SAME`."""
    return SAME if known and not is_refusal(answer) and digest_of(answer) == known else answer
