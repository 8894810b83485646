"""The draw of lots that anyone can repeat: a secret seed, a witness's word and a list give an order. Pure.

Every name gets the tag HMAC-SHA256(seed, word + LF + name); the names are put in the order of their tags. Any order of
the list gives the same; with a seed that nobody could choose, each order of the names is as likely as any other.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable

ALGORITHM = "yanxiu-draw-1"
SEED_BYTES = 32


def in_lot_order(seed: bytes, word: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names in the order in which they are drawn."""
    return tuple(sorted(set(names), key=lambda name: (_tag(seed, word, name), name)))


def draw_lots(seed: bytes, word: str, names: Collection[str], count: int) -> tuple[str, ...]:
    """Return the first `count` names that are drawn; raises ValueError for more than there are."""
    order = in_lot_order(seed, word, names)
    if not 0 <= count <= len(order):
        raise ValueError(f"{count} of {len(order)} cannot be drawn")
    return order[:count]


def digest_of_names(names: Iterable[str]) -> str:
    """Return the SHA-256 (hex) of the names in order of their code points, each ended by LF, as UTF-8."""
    return hashlib.sha256("".join(f"{name}\n" for name in sorted(set(names))).encode()).hexdigest()


def digest_of_seed(seed: bytes) -> str:
    """Return the commitment to a seed: its SHA-256 (hex)."""
    return hashlib.sha256(seed).hexdigest()


def _tag(seed: bytes, word: str, name: str) -> bytes:
    return hmac.digest(seed, f"{word}\n{name}".encode(), "sha256")
