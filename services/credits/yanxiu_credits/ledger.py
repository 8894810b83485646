"""The chain of the ledger: how an entry is written out, hashed onto the one before, and checked. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from yanxiu_wire.sealed import GENESIS, Entry, seal

from yanxiu_credits.books.kinds import RECOGNITION

__all__ = [
    "GENESIS",
    "Basis",
    "Book",
    "Broken",
    "Chain",
    "Entry",
    "Row",
    "Verified",
    "digest",
    "evidence_of",
    "first_false",
    "missing_after",
    "other_head",
    "seal",
    "verify",
]

_encoder = msgspec.json.Encoder(order="sorted")


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry must say by what it rests on: its record, its recognition, or the entry that it takes back."""

    kind: str
    teacher: str
    activity: str
    generation: int
    micro_hours: int
    micro_credits: int
    hours_unit: str
    credits_unit: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is stored: with its hash, and the digest of what it rests on as that stands now.

    `basis` is what it must say by that; None where nothing is there to say so.
    """

    entry: Entry
    hash: str
    evidence: str
    basis: Basis | None


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """A record as the books hold it: the entry it names and the one found there, its digest as stored and as it is."""

    record: str
    counted: bool
    named: int | None
    entry: int | None
    stored: str
    evidence: str


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """The first row that does not fit: the sequence number at which the chain breaks, and why.

    `seq` is 0 for a record that has no entry; the problem names it.
    """

    seq: int
    problem: str


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows fitted, the hash after them, how many signed heads, and where it broke (None when it holds).

    `wrong_balances` says of how many teachers the balance kept beside a ledger that holds is not what it comes to.
    `erased` says for each erasure of how many rows that hashes rest on it took a text out.
    """

    entries: int
    head: str
    broken: Broken | None = None
    signed_heads: int = 0
    wrong_balances: int = 0
    erased: Mapping[str, int] = {}


# What a digest over a record is not made of: itself. All else of the two rows is.
_NOT_EVIDENCE = frozenset({"evidence"})


def evidence_of(record: Mapping[str, Any], decision: Mapping[str, Any]) -> str:
    """Return the digest of a record's row and its decision's row, every column of both; a missing row is empty."""
    kept = [{key: row[key] for key in row if key not in _NOT_EVIDENCE} for row in (record, decision)]
    return _digest(map(_encoder.encode, kept))


def digest(*parts: str) -> str:
    """Return one digest over several texts; their lengths are part of it, so that nothing can move between them."""
    return _digest(part.encode() for part in parts)


def _digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for raw in parts:
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
            self.broken = _broken(
                self.seq + 1, f"缺失：末条应为第{head_seq}条", f"missing: the head stands at row {head_seq}"
            )
        elif self.broken is None and head_seq < self.seq:
            self.broken = _broken(
                head_seq + 1,
                f"多出：末条应为第{head_seq}条，此条在其后",
                f"the head stands at row {head_seq}, before this row",
            )
        elif self.broken is None and head_hash != self.head:
            self.broken = other_head(head_seq)
        return Verified(entries=self.entries, head=self.head, broken=self.broken)

    def _problem(self, row: Row) -> Broken | None:
        wanted, entry = self.seq + 1, row.entry
        if entry.seq != wanted:
            zh = f"缺失：第{self.seq}条之后是第{entry.seq}条"
            return _broken(wanted, zh, f"missing: row {entry.seq} follows row {self.seq}")
        if seal(entry) != row.hash:
            return _broken(wanted, "已改动：该条与其散列不符", "altered: the row no longer gives its hash")
        if entry.previous != self.head:
            return _broken(
                wanted,
                "已调换或替换：该条与前一条不衔接",
                "reordered or replaced: the row does not continue the one before",
            )
        if row.evidence != entry.evidence:
            return _broken(wanted, *_altered(entry))
        if row.basis is None or any(getattr(entry, name) != value for name, value in _said(row.basis)):
            return _broken(
                wanted,
                f"伪造：该条与{entry.record}应有的内容不符",
                f"forged: the row does not say what {entry.record} comes to",
            )
        return None


def other_head(seq: int) -> Broken:
    """Return what is wrong where the head kept apart has another hash than the row it stands at."""
    return _broken(seq, "已改动：单独存放的末条散列与该条不符", "the head holds another hash than its row")


def missing_after(seq: int, head_seq: int) -> Broken:
    """Return what is wrong where the rows end at `seq` although the head stood at `head_seq`."""
    zh, en = f"缺失：末条应为第{head_seq}条或其后", f"missing: the head stands at row {head_seq} or after"
    return _broken(seq + 1, zh, en)


def _broken(seq: int, zh: str, en: str) -> Broken:
    return Broken(seq=seq, problem=f"{zh} {en}")


def _said(basis: Basis) -> list[tuple[str, Any]]:
    return [(name, getattr(basis, name)) for name in Basis.__struct_fields__]


def _altered(entry: Entry) -> tuple[str, str]:
    """Return what changed of that which an entry rests on, in Chinese and English."""
    if entry.reverses is not None:
        zh = f"已改动：分录{entry.reverses}的冲销理由，或其依据的弄虚作假认定"
        return zh, f"altered: why entry {entry.reverses} was reversed, or the finding of fraud behind it"
    if entry.kind == RECOGNITION:
        return f"已改动：认定{entry.record}", f"altered: recognition {entry.record}"
    return _altered_record(entry.record)


def _altered_record(record: str) -> tuple[str, str]:
    return f"已改动：记录{record}的事实或判定", f"altered: record {record}, its facts or its decision"


def first_false(books: Iterable[Book]) -> Broken | None:
    """Return the first record that was altered, or counts without an entry, or has one without counting."""
    for book in books:
        seq = book.named or 0
        if book.stored != book.evidence:
            return _broken(seq, *_altered_record(book.record))
        if book.counted != (book.named is not None):
            return _broken(
                seq,
                f"记录{book.record}计入而无分录，或有分录而不计入",
                f"record {book.record} counts and has no entry, or has one and does not count",
            )
        if book.named != book.entry:
            zh = f"缺失：记录{book.record}的第{seq}条分录"
            return _broken(seq, zh, f"missing: the entry {seq} of record {book.record}")
    return None


def verify(rows: Iterable[Row], *, head_seq: int, head_hash: str) -> Verified:
    """Check a whole chain against its head; reads the rows once and keeps none."""
    chain = Chain()
    chain.take(rows)
    return chain.close(head_seq, head_hash)
