"""An entry of the ledger as it is hashed: what a chain, a tree and a transcript are made of. Pure."""

from __future__ import annotations

import hashlib
from datetime import date

import msgspec

GENESIS = "0" * 64

_encoder = msgspec.json.Encoder(order="sorted")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One ledger row without its hash; amounts in millionths, `recorded_us` in microseconds since 1970 (UTC).

    `evidence` is the digest of what the row rests on (a record with its decision, a recognition, why it reverses
    another), so that none of it can be altered under a row that still fits the chain.
    """

    district: str
    seq: int
    entry_id: str
    teacher: str
    record: str
    activity: str
    kind: str
    generation: int
    on: date
    micro_hours: int
    micro_credits: int
    hours_unit: str
    credits_unit: str
    reverses: str | None
    pack: str
    version: str
    evidence: str
    recorded_us: int
    previous: str


def seal(entry: Entry) -> str:
    """Return the hash of an entry (64 hex digits): SHA-256 over its canonical JSON, which holds the previous hash."""
    return hashlib.sha256(_encoder.encode(entry)).hexdigest()
