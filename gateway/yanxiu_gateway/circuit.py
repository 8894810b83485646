"""A circuit to one service: it opens when calls bring no answer, fails the next ones at once, and tries one a second.

aiobreaker, purgatory, pybreaker and circuitbreaker count failures in a row, which a service that answers half of its
calls never reaches, and the last of them lets everybody through when it tries again; so this is our own.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Literal

State = Literal["closed", "open", "half-open"]
WINDOW_SECONDS = 5.0
LEAST_CALLS = 20
TRY_SECONDS = 1.0
_SLICE = 0.5


class Circuit:
    """Closed while calls are answered. Open after half of at least LEAST_CALLS in WINDOW_SECONDS were not, or after
    one that nobody listened for. Open, one call in TRY_SECONDS may try: answered, it closes the circuit.
    """

    def __init__(self, opened: Callable[[], None] = lambda: None, *, now: Callable[[], float] = time.monotonic) -> None:
        self._opened = opened
        self._now = now
        # Slices of the window, each with when it began, its calls and those of them without an answer.
        self._slices: deque[list[float]] = deque()
        self._open = False
        self._try_at = 0.0
        self._trying = False

    @property
    def state(self) -> State:
        """Where it stands; half-open while a call is trying."""
        return "closed" if not self._open else "half-open" if self._trying else "open"

    def admits(self) -> bool:
        """Whether a call may be made now; one that may must be followed by a word on what came of it."""
        if not self._open:
            return True
        now = self._now()
        if now < self._try_at:
            return False
        # Whoever tries may be lost (cancelled): the next one tries a second later, whatever became of it.
        self._try_at, self._trying = now + TRY_SECONDS, True
        return True

    def again_ms(self) -> int:
        """Milliseconds until the next call may try."""
        return max(1, int((self._try_at - self._now()) * 1000)) if self._open else 1

    def answered(self) -> None:
        """A call was answered."""
        if self._open:
            self._open = self._trying = False
            self._slices.clear()
        self._count(0)

    def unanswered(self, *, nobody: bool = False) -> None:
        """A call was not answered; `nobody` when no process listens at all."""
        calls, lost = self._count(1)
        if self._open:
            self._trying, self._try_at = False, self._now() + TRY_SECONDS
        elif nobody or (calls >= LEAST_CALLS and 2 * lost >= calls):
            self._open, self._try_at = True, self._now() + TRY_SECONDS
            self._opened()

    def _count(self, lost: int) -> tuple[float, float]:
        """Note a call; calls and lost ones of the window."""
        now = self._now()
        while self._slices and self._slices[0][0] <= now - WINDOW_SECONDS:
            self._slices.popleft()
        if not self._slices or self._slices[-1][0] <= now - _SLICE:
            self._slices.append([now, 0, 0])
        self._slices[-1][1] += 1
        self._slices[-1][2] += lost
        if not lost:
            return 0, 0
        return sum(one[1] for one in self._slices), sum(one[2] for one in self._slices)
