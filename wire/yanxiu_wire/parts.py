"""What the answer to one question is made of: each endpoint that was asked for it, for who would have it so again."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any


class Parts:
    """The parts in the order of their asking; one that was begun and did not end well leaves them not whole."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self._begun = 0

    def begin(self) -> None:
        """An endpoint is asked."""
        self._begun += 1

    def end(self, part: Any) -> None:
        """It has answered what it will answer as long as nothing changes."""
        self.done.append(part)

    @property
    def whole(self) -> bool:
        """Whether all that was asked has answered so."""
        return 0 < self._begun == len(self.done)


# Of the question of this task; None where nobody wants to know.
PARTS: ContextVar[Parts | None] = ContextVar("yanxiu_parts", default=None)


def part_missed() -> None:
    """Say that something was left unanswered which might be answered another time."""
    parts = PARTS.get()
    if parts is not None:
        parts.begin()
