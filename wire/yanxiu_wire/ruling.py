"""What a district's law answers to one question about the whole of it: what is breached, warned of, and why."""

from __future__ import annotations

import msgspec


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One step of an answer in Chinese and English, with its clauses."""

    zh: str
    en: str
    clauses: tuple[str, ...] = ()


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """An answer: the decision asked, whom it is about (empty: the whole), clauses breached and warned of, and why."""

    kind: str
    of: str = ""
    failed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    steps: tuple[Sentence, ...] = ()
