"""Several questions of one moment to one service in one message, and their answers in as few as they fit.

A message is a head, which is one line of JSON, and what it tells the lengths of, end to end: so a part is never read
before it comes to its endpoint, and an answer of a megabyte is not looked through twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from yanxiu_wire.endpoint import PREFIX, Endpoint
from yanxiu_wire.faults import MessageMalformed

VERB = "bundle"
# As many answers as one request may be given, which is what a service's credential allows.
MOST_PARTS = 32
# What the head tells of one part, at most.
HEAD_ROOM = 200
_MALFORMED = "not a bundle of questions or answers"


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """One question: the endpoint's verb, its deadline (milliseconds since 1970), its trace, the length of its body, and
    the digest of the answer that its asker holds (`known`).
    """

    verb: str
    deadline_ms: int
    trace: str
    length: int
    known: str = ""


class Told(msgspec.Struct, frozen=True, array_like=True):
    """One answer: to which question, the code of the fault (empty: none), the length of its body; `same`: it is the one
    that the asker holds.
    """

    number: int
    fault: str
    length: int
    same: bool = False


class Answer(NamedTuple):
    """What came back for a question: the code of the fault that the body tells of, empty for a reply; the body; that it
    is the answer that was held.
    """

    fault: str
    data: bytes | memoryview
    same: bool = False


_ENCODER = msgspec.json.Encoder()
_ASKED = msgspec.json.Decoder(tuple[Asked, ...])
_TOLD = msgspec.json.Decoder(tuple[Told, ...])


def subject(service: str, district: str) -> str:
    """The subject of bundles to a service about a district; `*` gives the one that a service listens on."""
    return f"{PREFIX}.{service}.{VERB}.{district}"


def may_be_part(endpoint: Endpoint[Any, Any]) -> bool:
    """Whether an endpoint may be asked in a bundle: a read that the gateway asks. A command travels alone."""
    return not (endpoint.writes or endpoint.by_operators or endpoint.superseded)


def pack(heads: Sequence[Asked | Told], bodies: Sequence[bytes | memoryview]) -> bytes:
    """The message of these parts."""
    return b"".join((_ENCODER.encode(heads), b"\n", *bodies))


def unpack_asked(message: bytes) -> list[tuple[Asked, memoryview]]:
    """The questions of a message; raises `MessageMalformed`."""
    return _unpacked(_ASKED, message)


def unpack_told(message: bytes) -> list[tuple[Told, memoryview]]:
    """The answers of a message; raises `MessageMalformed`."""
    return _unpacked(_TOLD, message)


def _unpacked(decoder: msgspec.json.Decoder[Any], message: bytes) -> list[tuple[Any, memoryview]]:
    end = message.find(b"\n")
    try:
        heads = decoder.decode(memoryview(message)[: max(end, 0)])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise MessageMalformed("", _MALFORMED) from None
    lengths = [head.length for head in heads]
    if not 0 < len(heads) <= MOST_PARTS or min(lengths) < 0 or end + 1 + sum(lengths) != len(message):
        raise MessageMalformed("", _MALFORMED)
    return list(_cut(heads, memoryview(message)[end + 1 :]))


def _cut(heads: Sequence[Any], rest: memoryview) -> Iterator[tuple[Any, memoryview]]:
    start = 0
    for head in heads:
        yield head, rest[start : start + head.length]
        start += head.length
