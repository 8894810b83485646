"""A pass says for which district a transaction was begun, signed: who can only send SQL cannot make one for another.

A pass is `district:session:expires:signature`. The signature is HMAC-SHA-256 over service, district, the server's
number of the session and the time (seconds since 1970 by the server's clock) at which the pass ends; whoever reads it
in the list of what sessions do, or in a log, can use it neither in a session of its own nor later. PostgreSQL checks
it (`yanxiu_durable.postgres_seal`) with the key's two pads, which the services' role cannot read.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import NamedTuple

from yanxiu_durable.errors import DatabaseUnsafe

# A transaction must have begun within this time, by the server's clock.
LIFE_SECONDS = 300
SHORTEST_KEY = 32
_BLOCK = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


class Pads(NamedTuple):
    """What HMAC makes of a key first; `name` tells keys apart without telling the key."""

    name: str
    inner: bytes
    outer: bytes


class Passes:
    """Signs the passes of one service."""

    def __init__(self, service: str, key: str) -> None:
        if len(key) < SHORTEST_KEY:
            raise DatabaseUnsafe(
                "YANXIU_DATABASE_PASS_KEY", f"{len(key)} characters", f"at least {SHORTEST_KEY} characters"
            )
        self._service = service
        self._key = key.encode()

    def of(self, district: str, session: int, now: float) -> str:
        """The pass of a transaction that begins now, by the server's clock in seconds since 1970."""
        what = f"{district}:{session}:{int(now) + LIFE_SECONDS}"
        return f"{what}:{hmac.digest(self._key, f'{self._service}:{what}'.encode(), 'sha256').hex()}"

    def pads(self) -> Pads:
        """What the server needs to check them."""
        key = hashlib.sha256(self._key).digest() if len(self._key) > _BLOCK else self._key
        block = key.ljust(_BLOCK, b"\0")
        name = hashlib.sha256(b"name of the key:" + block).hexdigest()[:16]
        return Pads(name, block.translate(_INNER), block.translate(_OUTER))
