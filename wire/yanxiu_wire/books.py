"""Messages of the books: corrections, reversals, fraud, locked periods, signed heads and transcripts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from yanxiu_wire.credits import SERVICE, LedgerEntry, Record
from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused

# ---- taking entries back -----------------------------------------------------------------------------------------


class ReverseRecord(Command, frozen=True, kw_only=True):
    """Take a record's entry back: it counts no longer; the record stays as history with the reason."""

    record: str
    reason: str


class RecordReversed(msgspec.Struct, frozen=True, kw_only=True, tag="record-reversed"):
    """The record as it stands now, and the entry that took its own back."""

    record: Record
    entry: LedgerEntry
    replayed: bool = False


class CorrectTraining(Command, frozen=True, kw_only=True):
    """Correct a record: its entry is reversed, and a new record of the corrected facts is entered in its place.

    `facts` are all the record's own facts, as in registering it; `on` is its day, where that was wrong too.
    """

    record: str
    facts: Mapping[str, Any]
    reason: str
    on: date | None = None


class TrainingCorrected(msgspec.Struct, frozen=True, kw_only=True, tag="training-corrected"):
    """The new record with its explanation; `entry` took the old one's entry back (None where it had none)."""

    record: Record
    corrected: str
    entry: LedgerEntry | None = None
    replayed: bool = False


class ReverseRecognition(Command, frozen=True, kw_only=True):
    """Take the recognition of one teacher's period back, by the id of the recognition or of its entry."""

    recognition: str
    reason: str


class RecognitionReversed(msgspec.Struct, frozen=True, kw_only=True, tag="recognition-reversed"):
    """The entry that took the recognition back."""

    entry: LedgerEntry
    replayed: bool = False


# ---- fraud -------------------------------------------------------------------------------------------------------


class IntegrityEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A finding of fraud about one record: who is concerned, on what proof, and what the law attaches to it.

    `actor` says whose act it was: `teacher` or `registrar` (the one who registered it, `registered_by`). `consequences`
    are the result of the law's own decision, with its sentences.
    """

    id: str
    record: str
    teacher: str
    school: str | None
    actor: str
    registered_by: str
    on: date
    serious: bool
    reason: str
    proof: str
    consequences: Mapping[str, Any]
    sentences_zh: tuple[str, ...]
    sentences_en: tuple[str, ...]
    clauses: tuple[str, ...]
    pack: str
    version: str
    found_by: str
    role: str
    recorded_at: datetime


class VoidForFraud(Command, frozen=True, kw_only=True):
    """Void a record for fraud: its entry is reversed, and the law's consequence noted in an integrity entry.

    `proof` describes the evidence or names where it is kept; `actor` is `teacher` or `registrar`.
    """

    record: str
    reason: str
    proof: str
    actor: str = "teacher"
    serious: bool = False


class RecordVoided(msgspec.Struct, frozen=True, kw_only=True, tag="record-voided"):
    """The integrity entry, and the ledger entry that took the record's own back."""

    integrity: IntegrityEntry
    entry: LedgerEntry
    replayed: bool = False


class ListIntegrity(Query, frozen=True, kw_only=True):
    """Ask for a page of integrity entries: officers for all, teachers for their own; oldest first, or newest."""

    teacher: str | None = None
    ids: tuple[str, ...] = ()
    newest_first: bool = False
    page: Page = Page()


class IntegrityPage(msgspec.Struct, frozen=True, kw_only=True, tag="integrity-page"):
    """A page of integrity entries."""

    items: tuple[IntegrityEntry, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


# ---- locked periods ----------------------------------------------------------------------------------------------


class LockOpening(msgspec.Struct, frozen=True, kw_only=True):
    """That a lock was opened: by whom, why, and until when (None: until the period is locked again)."""

    id: str
    opened_by: str
    role: str
    reason: str
    until: date | None
    recorded_at: datetime


class PeriodLock(msgspec.Struct, frozen=True, kw_only=True, tag="period-lock"):
    """A locked period of a school (None: of the whole district), and every time that it was opened."""

    id: str
    school: str | None
    kind: str
    label: str
    starts_on: date
    ends_on: date
    reason: str
    locked_by: str
    role: str
    recorded_at: datetime
    in_force: bool
    may_open: tuple[str, ...]
    openings: tuple[LockOpening, ...] = ()


class LockPeriod(Command, frozen=True, kw_only=True):
    """Lock the period of a kind that contains `on`, for one school or (None, officers only) the whole district."""

    kind: str
    on: date
    reason: str
    school: str | None = None


class UnlockPeriod(Command, frozen=True, kw_only=True):
    """Open a lock, until a last day or until the period is locked again: by a higher level than the one that locked."""

    lock: str
    reason: str
    until: date | None = None


class ListLocks(Query, frozen=True, kw_only=True):
    """Ask for a page of locks, newest first; `in_force` asks for those that close their period today, or for others."""

    school: str | None = None
    in_force: bool | None = None
    ids: tuple[str, ...] = ()
    page: Page = Page()


class PeriodLockPage(msgspec.Struct, frozen=True, kw_only=True, tag="period-lock-page"):
    """A page of locks."""

    items: tuple[PeriodLock, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


# ---- signed heads ------------------------------------------------------------------------------------------------


class SignedHead(msgspec.Struct, frozen=True, kw_only=True, tag="signed-head"):
    """A signed statement of what the district's ledger was on a day: how many entries, the tree's root, the last hash.

    `token` is the JWS over all of it; whoever keeps it can later tell that nothing before it was changed.
    """

    district: str
    day: date
    size: int
    root: str
    head: str
    signed_at: datetime
    token: str


class SignHead(Command, frozen=True, kw_only=True):
    """Sign the ledger's head as it stands, once for each day and size."""


class ListHeads(Query, frozen=True, kw_only=True):
    """Ask for a page of signed heads from a day on, oldest first, or newest."""

    since: date | None = None
    newest_first: bool = False
    page: Page = Page()


class SignedHeadPage(msgspec.Struct, frozen=True, kw_only=True, tag="signed-head-page"):
    """A page of signed heads."""

    items: tuple[SignedHead, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class ProveConsistency(Query, frozen=True, kw_only=True):
    """Ask for the proof that the first `older` entries of the tree of `newer` entries are those of the tree before."""

    older: int
    newer: int


class ConsistencyProof(msgspec.Struct, frozen=True, kw_only=True, tag="consistency-proof"):
    """Both roots and the nodes between them (RFC 9162, section 2.1.4), all as hex."""

    older: int
    newer: int
    older_root: str
    newer_root: str
    nodes: tuple[str, ...]


class GetLedgerKeys(Query, frozen=True, kw_only=True):
    """Ask for the public keys by which signed heads and transcripts are checked."""


class LedgerKeys(msgspec.Struct, frozen=True, kw_only=True, tag="ledger-keys"):
    """A JWK Set (RFC 7517) as JSON text; keys that signed once stay in it."""

    jwks: str


# ---- transcript --------------------------------------------------------------------------------------------------


class GetTranscript(Query, frozen=True, kw_only=True):
    """Ask for a teacher's transcript: every entry between two days (both included), signed, with its proofs."""

    teacher: str
    since: date | None = None
    until: date | None = None


class Transcript(msgspec.Struct, frozen=True, kw_only=True, tag="transcript"):
    """The document as JSON text, which `yanxiu transcript verify` checks offline; it names nobody."""

    teacher: str
    entries: int
    issued_at: datetime
    document: str


# ---- endpoints and events ----------------------------------------------------------------------------------------

REVERSE_RECORD = Endpoint(SERVICE, "reverse-record", ReverseRecord, RecordReversed | Refused, writes=True)
CORRECT_TRAINING = Endpoint(SERVICE, "correct-training", CorrectTraining, TrainingCorrected | Refused, writes=True)
REVERSE_RECOGNITION = Endpoint(
    SERVICE, "reverse-recognition", ReverseRecognition, RecognitionReversed | Refused, writes=True
)
VOID_FOR_FRAUD = Endpoint(SERVICE, "void-for-fraud", VoidForFraud, RecordVoided | Refused, writes=True)
LIST_INTEGRITY = Endpoint(SERVICE, "list-integrity", ListIntegrity, IntegrityPage | Refused)
LOCK_PERIOD = Endpoint(SERVICE, "lock-period", LockPeriod, PeriodLock | Refused, writes=True)
UNLOCK_PERIOD = Endpoint(SERVICE, "unlock-period", UnlockPeriod, PeriodLock | Refused, writes=True)
LIST_LOCKS = Endpoint(SERVICE, "list-locks", ListLocks, PeriodLockPage | Refused)
SIGN_HEAD = Endpoint(SERVICE, "sign-head", SignHead, SignedHead | Refused, writes=True, seconds=60)
LIST_HEADS = Endpoint(SERVICE, "list-heads", ListHeads, SignedHeadPage | Refused)
PROVE_CONSISTENCY = Endpoint(SERVICE, "prove-consistency", ProveConsistency, ConsistencyProof | Refused)
GET_LEDGER_KEYS = Endpoint(SERVICE, "get-ledger-keys", GetLedgerKeys, LedgerKeys | Refused)
GET_TRANSCRIPT = Endpoint(SERVICE, "get-transcript", GetTranscript, Transcript | Refused, seconds=30)


class HeadSigned(msgspec.Struct, frozen=True, kw_only=True):
    """A head was signed: keep it outside the database, and no rewritten history can pass for the true one."""

    head: SignedHead


HEAD_SIGNED = Event(SERVICE, "head-signed", HeadSigned)

ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (
    REVERSE_RECORD,
    CORRECT_TRAINING,
    REVERSE_RECOGNITION,
    VOID_FOR_FRAUD,
    LIST_INTEGRITY,
    LOCK_PERIOD,
    UNLOCK_PERIOD,
    LIST_LOCKS,
    SIGN_HEAD,
    LIST_HEADS,
    PROVE_CONSISTENCY,
    GET_LEDGER_KEYS,
    GET_TRANSCRIPT,
)
EVENTS: tuple[Event[Any], ...] = (HEAD_SIGNED,)
