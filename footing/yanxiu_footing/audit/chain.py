"""The chain of a district's lines: the digest of each covers its content and the digest of the one before. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

# The order is part of the digest: a column that comes later goes to the end, and is left out where it is empty.
CONTENT = (
    "district", "seq", "at_us", "kind", "action", "subject", "role", "home", "role_grant", "app", "operation",
    "document", "policies", "outcome", "code", "fault_id", "trace", "key", "objects", "total", "question",
)  # fmt: skip
_encode = msgspec.json.Encoder().encode


def digest(before: str, row: Mapping[str, Any]) -> str:
    """Return the digest (SHA-256, hex) of a line that follows the one with the digest `before`."""
    content = [row[name] for name in CONTENT]
    return hashlib.sha256(before.encode() + b"\n" + _encode(content)).hexdigest()
