"""An expected 'no': a typed reply that names the field, the value, the clauses and the remedy, in two languages."""

from __future__ import annotations

from typing import Any

import msgspec


class RefusalItem(msgspec.Struct, frozen=True, kw_only=True):
    """One reason: a stable code, the field's path in the command, the value found, clauses, sentence and remedy."""

    code: str
    field: str = ""
    value: Any = None
    clauses: tuple[str, ...] = ()
    message_zh: str
    message_en: str
    remedy_zh: str
    remedy_en: str


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """The command was understood and refused; nothing was written."""

    errors: tuple[RefusalItem, ...]
