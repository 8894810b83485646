"""A mutant: one place of a pack's formulas or parameters, changed, and what became of it."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

Outcome = Literal["killed", "survived", "excused"]


class Mutant(msgspec.Struct, frozen=True, kw_only=True):
    """One change: the file below the pack's folder and its line, the definition or parameter, and both wordings.

    `nth` tells like changes of one definition apart, so that the key stays when lines above are added.
    """

    file: str
    line: int
    within: str
    change: str
    original: str
    mutant: str
    nth: int = 0

    @property
    def key(self) -> str:
        """The mutant without its line."""
        again = f" ({self.nth + 1})" if self.nth else ""
        return f"{self.file} {self.within}: {self.original} -> {self.mutant}{again}"

    @property
    def lot(self) -> str:
        """What a sample is drawn by: the same for the same change, wherever it stands."""
        return hashlib.sha256(self.key.encode()).hexdigest()

    def __str__(self) -> str:
        """Say it on one line."""
        return f"{self.file}:{self.line} [{self.within}] {self.change}: {self.original} -> {self.mutant}"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a mutant, and the case, or the accident, that noticed it."""

    mutant: Mutant
    outcome: Outcome
    by: str = ""
