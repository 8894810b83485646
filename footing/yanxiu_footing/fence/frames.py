"""What the main process and a cell say to each other: length-prefixed frames over a pair of sockets, many in flight."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Mapping
from typing import Any

import msgspec
from yanxiu_wire.faults import FaultFacts
from yanxiu_wire.metrics import Counted

_LENGTH = struct.Struct(">I")
_ENCODER = msgspec.msgpack.Encoder()


class _Frame(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """One message; which one, its tag says."""


class Ask(_Frame, frozen=True):
    """A request for the district: the endpoint's verb, the message as on the wire, until when, its trace.

    `known` is the digest of the answer that its asker holds.
    """

    id: int
    verb: str
    body: bytes
    deadline_ms: int
    headers: dict[str, str]
    known: str = ""


class Reply(_Frame, frozen=True):
    """The encoded answer to a request (`SAME` where its asker holds it), or the fault; `spent`: the cell must be
    replaced after it.
    """

    id: int
    body: bytes
    fault: FaultFacts | None = None
    spent: bool = False


class Ping(_Frame, frozen=True):
    """Answer, if you can."""


class Pong(_Frame, frozen=True):
    """The event loop turns; whether anything is at work, and for how many seconds the oldest thread has been."""

    busy: bool
    thread_seconds: float


class Using(_Frame, frozen=True):
    """From now on this pack is loaded, or being loaded: its jurisdiction, and what was found installed."""

    pack: str
    found: str


class Tell(_Frame, frozen=True):
    """A word that the other side knows what to do with, such as that new facts have arrived."""

    what: str


class Told(_Frame, frozen=True):
    """What was counted in the cell since the last time; its main process offers it to Prometheus."""

    counted: tuple[Counted, ...]


class Drain(_Frame, frozen=True):
    """Finish what is in hand, and end."""


ToCell = msgspec.msgpack.Decoder(Ask | Ping | Tell | Drain)
FromCell = msgspec.msgpack.Decoder(Reply | Pong | Using | Tell | Told)


def framed(frame: _Frame) -> bytes:
    """The bytes of a frame with their length in front."""
    body = _ENCODER.encode(frame)
    return _LENGTH.pack(len(body)) + body


async def read_frame(reader: asyncio.StreamReader, decoder: msgspec.msgpack.Decoder[Any]) -> Any:
    """The next frame; None when the other side is gone."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        return decoder.decode(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What the clean parent is asked for: a cell of a district, with the service's settings and the memory it may have.

    Packs that are `shunned` are not loaded: they took another cell with them.
    """

    district: str
    settings: Mapping[str, Any]
    memory_mb: int
    shunned: tuple[str, ...] = ()
