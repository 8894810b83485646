"""Answers that their asker holds already: a question tells the digest of it, and who would answer the same says so.

Whoever is asked does all that he does for any question, the line in the trail too; only the bytes stay at home. What
is a fault or a refusal is always told. An older service reads over the digest and tells everything.
"""

from __future__ import annotations

from contextvars import ContextVar
from hashlib import blake2b
from typing import Any, NamedTuple

from yanxiu_wire.codec import encode
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


class Encoded(NamedTuple):
    """A question as bytes, in place of the message that they are; `known` is the digest of the answer at hand."""

    body: bytes
    known: str = ""


class Replied(NamedTuple):
    """What came of an `Encoded` question: the reply or refusal, and its bytes; both None where the known one holds."""

    value: Any
    data: bytes | memoryview | None

    @property
    def same(self) -> bool:
        """Whether the answer is the one that the asker holds."""
        return self.data is None


def digest_of(answer: bytes | memoryview) -> str:
    """What two different encoded answers never have in common."""
    return blake2b(answer, digest_size=16).hexdigest()


def is_refusal(answer: bytes) -> bool:
    """Whether an encoded answer is a refusal."""
    return answer.startswith(_REFUSED)


def told_of(answer: bytes, known: str) -> bytes:
    """What is told of an encoded answer to who holds one of this digest (empty: none): itself, or that it is `SAME`."""
    return SAME if known and not is_refusal(answer) and digest_of(answer) == known else answer
