"""Whether the clocks of who asks and who answers agree, as far as a request on an idle link can tell."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from yanxiu_wire import log
from yanxiu_wire.deadline import SENT_AT

# On an idle link a request is there within a few milliseconds; deadlines are absolute and suffer from more than this.
MOST_MS = 500
_SAID_SECONDS = 60.0
_DIGITS = 15
_log = log.logger()


class Skew:
    """Looks at when requests say they were sent; `differs` is called for each that is more than MOST_MS off."""

    def __init__(
        self,
        service: str,
        differs: Callable[[str], None] = lambda _service: None,
        *,
        wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._service = service
        self._differs = differs
        self._wall_ms = wall_ms
        self._now = now
        self._said = float("-inf")

    def look(self, headers: Mapping[str, str] | None) -> None:
        """Compare a request's time of sending with now; what tells none is no evidence. Logged once a minute."""
        text = (headers or {}).get(SENT_AT, "")
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
            return
        late_ms = self._wall_ms() - int(text)
        if abs(late_ms) <= MOST_MS:
            return
        self._differs(self._service)
        if self._now() - self._said >= _SAID_SECONDS:
            self._said = self._now()
            _log.error("clocks-differ", milliseconds=late_ms, limit=MOST_MS)
