"""Before the door: who would find no room is told so before the server reads his request as HTTP.

At ten times the load nine of ten are sent away. A request that the server takes apart, hands to the application and
answers costs it a tenth of a millisecond, and so the ten thousandth of a second would be all that it does. Here it is
looked at as it came: one whole POST of an operation, of a queue in which its district waits beyond its share already.
Whatever is not plainly that goes the ordinary way.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from yanxiu_gateway.door import PATH, Door, answer_of
from yanxiu_gateway.errors import Language, language_of

_BEGINS = f"POST {PATH} HTTP/1.1\r\n".encode()
KEEP_SECONDS = 1.0
# What first lines say is kept so long, of so many that differ, none longer than this: 16 MB at the most.
HEADS_SECONDS = 1.0
MOST_HEADS = 4096
MOST_HEAD_BYTES = 4096
_ENDS = b"\r\n\r\n"
_ODD = (b"\r\ntransfer-encoding:", b"\r\nexpect:", b"\r\nupgrade:", b"\r\nconnection: close")


class _Head(NamedTuple):
    """What a request's first lines say: how long its body is, whose it is, and in which language to answer."""

    length: int
    district: str
    language: Language


class Kerb:
    """Looks at requests as they came, and knows the answers for those who find no room.

    A client sends the same first lines again and again: what they say is kept for a second, for it costs more to find
    out than all else here.
    """

    def __init__(self, door: Door, *, now: Callable[[], float] = time.monotonic) -> None:
        self._door = door
        self._now = now
        self._answers: dict[tuple[Language, int], bytes] = {}
        self._heads: dict[bytes, _Head] = {}
        self._heads_until = 0.0

    @property
    def crowded(self) -> bool:
        """Whether anybody may have to be sent away at all."""
        return self._door.admission.crowded

    def look(self, data: bytes) -> bytes | None:
        """The answer that sends this request away, None for one that goes on to the door."""
        end = data.find(_ENDS)
        if end < 0:
            return None
        head = self._head(data[:end])
        # One request, whole, and nothing behind it; what is odd about it the server finds out.
        if head is None or len(data) != end + 4 + head.length:
            return None
        again_ms = self._door.admission.no_room(self._door.urgency_of(data[end:]), head.district)
        if again_ms is None:
            return None
        known = self._answers.get((head.language, again_ms))
        if known is None:
            known = self._answers[head.language, again_ms] = _as_bytes(head.language, again_ms)
        return known

    def _head(self, lines: bytes) -> _Head | None:
        now = self._now()
        if now > self._heads_until or len(self._heads) >= MOST_HEADS:
            # A token may have expired since, or have been verified for the first time.
            self._heads.clear()
            self._heads_until = now + HEADS_SECONDS
        known = self._heads.get(lines)
        if known is None and lines.startswith(_BEGINS):
            known = self._read(lines)
            if known is not None and len(lines) <= MOST_HEAD_BYTES:
                self._heads[lines] = known
        return known

    def _read(self, lines: bytes) -> _Head | None:
        fields = lines.lower()
        length = _field(fields, lines, b"content-length")
        if not length.isdigit() or any(odd in fields for odd in _ODD):
            return None
        district = self._door.district_of(_field(fields, lines, b"authorization"))
        return _Head(int(length), district, language_of(_field(fields, lines, b"accept-language")))


def _field(fields: bytes, data: bytes, name: bytes) -> str:
    """The value of a header as it was sent; `fields` is the head in lower case."""
    start = fields.find(b"\r\n" + name + b":")
    if start < 0:
        return ""
    start += len(name) + 3
    end = fields.find(b"\r\n", start)
    return data[start : end if end >= 0 else len(fields)].decode("latin-1").strip()


def _as_bytes(language: Language, again_ms: int) -> bytes:
    headers, body = answer_of(language, again_ms)
    head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    return b"HTTP/1.1 503 Service Unavailable\r\n" + head + b"\r\n" + body


class AtTheKerb(HttpToolsProtocol):
    """A connection of which it is known whether the last request was read to its end and answered."""

    kerb: Kerb
    _reading = False
    _kept_at = 0.0

    def on_message_begin(self) -> None:
        """A request begins, as the parser tells."""
        self._reading = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """It was read to its end."""
        self._reading = False
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Send away who finds no room; all else is uvicorn's."""
        if self.kerb.crowded and not self._reading and self._free():
            answer = self.kerb.look(data)
            if answer is not None:
                self.transport.write(answer)
                self._keep()
                return
        super().data_received(data)

    def _free(self) -> bool:
        """Whether nothing of an earlier request is still to be answered."""
        return not self.pipeline and (self.cycle is None or self.cycle.response_complete)

    def _keep(self) -> None:
        """Keep the connection open from now on, as after an answer; once a second is often enough."""
        now = self.loop.time()
        if now - self._kept_at < KEEP_SECONDS and self.timeout_keep_alive_task is not None:
            return
        self._kept_at = now
        self._unset_keepalive_if_required()
        ended: Any = self.timeout_keep_alive_handler
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, ended)


def kerb_of(door: Door) -> type[AtTheKerb]:
    """The protocol of connections, with a kerb before this door: what uvicorn takes as `http`."""
    return type("AtThisKerb", (AtTheKerb,), {"kerb": Kerb(door)})
