"""A problem of a rule pack as the check tells it: where, what, and what to do, in Chinese and English."""

from __future__ import annotations

from typing import Any

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to correct.

    `code` names the kind of problem for machines; `file` stands as the folder was named by whoever asked, `line` counts
    from 1 and is None where the whole file is meant. What is wrong and what to do are halves of one sentence.
    """

    code: str
    file: str
    line: int | None = None
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str

    @property
    def where(self) -> str:
        """The place as editors open it: `file:line`."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        """Say it on two lines, Chinese first."""
        return f"{self.where}: {self.zh}；{self.remedy_zh}\n    {self.en}; {self.remedy_en} [{self.code}]"

    def plain(self) -> dict[str, Any]:
        """Return it as a machine reads it."""
        return {
            "code": self.code,
            "file": self.file,
            "line": self.line,
            "what": {"zh": self.zh, "en": self.en},
            "remedy": {"zh": self.remedy_zh, "en": self.remedy_en},
        }
