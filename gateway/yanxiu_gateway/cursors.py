"""Cursors of subscriptions: what a client shows to go on where it stopped, at whichever gateway, after any restart.

A cursor says what was asked by whom, what was shown last, which announcement was the newest when it was looked up, and
when. All of it but the time is a digest: nothing can be read from it, and a made-up one only gets its maker the state
anew. Nothing is kept for a client that went away.
"""

from __future__ import annotations

import binascii
import hashlib
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from yanxiu_wire.caller import Caller

_MOST_CHARACTERS = 200
_DIGEST_BYTES = 12


class Cursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Where a client stopped: digests, and when it was looked for it (seconds since 1970).

    `shown` is empty when what was shown had errors; `newest` is empty when nothing had been announced, None when
    that was not known.
    """

    question: bytes
    shown: bytes
    newest: bytes | None
    at: int

    def text(self) -> str:
        """As clients carry it: letters, digits, `-`, `_` and `=`."""
        return urlsafe_b64encode(msgspec.msgpack.encode(self)).decode()


def read_cursor(text: object) -> Cursor | None:
    """The cursor that a client shows; None for anything else."""
    if not isinstance(text, str) or len(text) > _MOST_CHARACTERS:
        return None
    try:
        return msgspec.msgpack.decode(urlsafe_b64decode(text), type=Cursor)
    except (binascii.Error, ValueError):
        return None


def question_of(
    caller: Caller, language: str, text: str, variables: Mapping[str, Any] | None, operation_name: str | None
) -> bytes:
    """What is asked, by whom: a cursor of another question, caller, role or language is of no use here."""
    return _digest(
        msgspec.json.encode([caller, language, text, variables or {}, operation_name], order="deterministic")
    )


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_DIGEST_BYTES]


def _mark(newest: str | None) -> bytes | None:
    return None if newest is None else _digest(newest.encode()) if newest else b""


@dataclass(slots=True)
class Place:
    """Where one subscription stands: what it came with, when it last looked, and what its client was shown.

    `resumed` is None for a client without a cursor, else whether it goes on where it stopped.
    """

    question: bytes
    came_with: Cursor | None = None
    resumed: bool | None = None
    clock: Callable[[], float] = time.time
    _shown: bytes = field(default=b"", init=False)
    _newest: bytes | None = field(default=None, init=False)
    _at: int = field(default=0, init=False)
    _said: bool = field(default=False, init=False)

    @classmethod
    def at(cls, question: bytes, cursor: object, clock: Callable[[], float] = time.time) -> Place:
        """The place of a subscription that begins; `cursor` is what the client shows, None when it has none."""
        found = read_cursor(cursor)
        known = found if found is not None and found.question == question else None
        place = cls(question, known, None if cursor is None else known is not None, clock)
        place._shown = known.shown if known else b""
        return place

    def begin(self, newest: str | None, most: float) -> float:
        """Seconds that one who never went away would still wait before he looks again, at most `most`; 0 is at once.

        He would look when something has been announced since, and after `most` seconds without a word. Where the
        stream no longer holds what the cursor knew, nobody can tell: the state is given anew.
        """
        before, mark = self.came_with, _mark(newest)
        if before is None:
            return 0.0
        if before.newest and mark == b"":
            self.came_with, self.resumed, self._shown = None, False, b""
            return 0.0
        if mark is None or mark != before.newest or not before.shown:
            return 0.0
        gone = self.clock() - before.at
        return max(0.0, most - gone) if gone >= 0 else 0.0

    def look(self, newest: str | None) -> None:
        """It is looked now: what is announced from here on may not be in what is found."""
        self._newest, self._at = _mark(newest), int(self.clock())

    def shows(self, data: Any, *, failed: bool) -> dict[str, Any] | None:
        """What goes along with an answer; None when the client has that answer already."""
        shown = b"" if failed else _digest(msgspec.json.encode(data))
        if shown and shown == self._shown:
            return None
        self._shown = shown
        told: dict[str, Any] = {"cursor": Cursor(self.question, shown, self._newest, self._at).text()}
        if self.resumed is not None and not self._said:
            told["resumed"] = self.resumed
        self._said = True
        return told
