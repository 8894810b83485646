"""GraphQL's enums and the words that the wire has for them."""

from __future__ import annotations

from enum import Enum
from typing import Any


def wire_word(value: Enum | None) -> Any:
    """The wire's word for an enum value, None for none; the wire's own type checks it."""
    return None if value is None else value.value
