"""The chain of the ledger: how an entry is written out, hashed onto the one before, and checked. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

import msgspec

GENESIS = "0" * 64

_encoder = msgspec.json.Encoder(order="sorted")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One ledger row without its hash; amounts in millionths, `recorded_us` in microseconds since 1970 (UTC).

    `evidence` is the digest of the facts and the decision that the row rests on, so that these cannot be altered
    under a row that still fits the chain.
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


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is stored: with its hash, and the digest of the facts and decision as they stand now."""

    entry: Entry
    hash: str
    evidence: str


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """The first row that does not fit: the sequence number at which the chain breaks, and why."""

    seq: int
    problem: str


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows fitted, the hash after them, and where the chain broke (None when it holds)."""

    entries: int
    head: str
    broken: Broken | None = None


def seal(entry: Entry) -> str:
    """Return the hash of an entry (64 hex digits): SHA-256 over its canonical JSON, which holds the previous hash."""
    return hashlib.sha256(_encoder.encode(entry)).hexdigest()


def digest(*parts: str) -> str:
    """Return one digest over several texts; their lengths are part of it, so that nothing can move between them."""
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode()
        whole.update(len(raw).to_bytes(8, "big"))
        whole.update(raw)
    return whole.hexdigest()


class Chain:
    """A check of the chain that takes rows as they come, in sequence, and remembers the first that does not fit."""

    def __init__(self, *, after: int = 0, head: str = GENESIS) -> None:
        self.entries = 0
        self.seq = after
        self.head = head
        self.broken: Broken | None = None

    def take(self, rows: Iterable[Row]) -> bool:
        """Check the next rows; False as soon as one does not fit."""
        for row in rows:
            self.broken = self._problem(row)
            if self.broken is not None:
                return False
            self.seq, self.head = row.entry.seq, row.hash
            self.entries += 1
        return True

    def close(self, head_seq: int, head_hash: str) -> Verified:
        """Compare the end of the chain with the head kept apart, and return what was found."""
        if self.broken is None and head_seq > self.seq:
            self.broken = Broken(seq=self.seq + 1, problem=f"missing: the head stands at row {head_seq}")
        elif self.broken is None and head_seq < self.seq:
            self.broken = Broken(seq=head_seq + 1, problem=f"the head stands at row {head_seq}, before this row")
        elif self.broken is None and head_hash != self.head:
            self.broken = Broken(seq=head_seq, problem="the head holds another hash than its row")
        return Verified(entries=self.entries, head=self.head, broken=self.broken)

    def _problem(self, row: Row) -> Broken | None:
        wanted, entry = self.seq + 1, row.entry
        if entry.seq != wanted:
            return Broken(seq=wanted, problem=f"missing: row {entry.seq} follows row {self.seq}")
        if seal(entry) != row.hash:
            return Broken(seq=wanted, problem="altered: the row no longer gives its hash")
        if entry.previous != self.head:
            return Broken(seq=wanted, problem="reordered or replaced: the row does not continue the one before")
        if row.evidence != entry.evidence:
            return Broken(seq=wanted, problem=f"altered: the facts or the decision of record {entry.record}")
        return None


def verify(rows: Iterable[Row], *, head_seq: int, head_hash: str) -> Verified:
    """Check a whole chain against its head; reads the rows once and keeps none."""
    chain = Chain()
    chain.take(rows)
    return chain.close(head_seq, head_hash)
