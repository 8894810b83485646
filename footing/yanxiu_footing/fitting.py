"""How many of a row of large answers one message holds. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yanxiu_wire.codec import encode

# A message of the bus holds a megabyte; what surrounds the answers is small beside the rest.
MOST_BYTES = 800_000


def fitting(items: Sequence[Any], most: int = MOST_BYTES) -> tuple[Any, ...]:
    """Return the first of the answers, as many as fit into `most` bytes as they travel; one at least."""
    room = most
    for count, item in enumerate(items):
        room -= len(encode(item))
        if room < 0:
            return tuple(items[: max(1, count)])
    return tuple(items)
