"""What the area of the books answers: endpoints, use cases and who may ask."""

from __future__ import annotations

from yanxiu_footing.answering import Table
from yanxiu_footing.audit.declared import PLAIN, personal
from yanxiu_wire import books as wire
from yanxiu_wire.caller import Role

from yanxiu_credits import scope
from yanxiu_credits.books.correct_training import correct_training
from yanxiu_credits.books.get_ledger_keys import get_ledger_keys
from yanxiu_credits.books.get_transcript import get_transcript
from yanxiu_credits.books.list_heads import list_heads
from yanxiu_credits.books.list_integrity import list_integrity
from yanxiu_credits.books.list_locks import list_locks
from yanxiu_credits.books.lock_period import lock_period
from yanxiu_credits.books.prove_consistency import prove_consistency
from yanxiu_credits.books.reverse_recognition import reverse_recognition
from yanxiu_credits.books.reverse_record import reverse_record
from yanxiu_credits.books.sign_head import sign_head
from yanxiu_credits.books.unlock_period import unlock_period
from yanxiu_credits.books.void_for_fraud import void_for_fraud

# A school locks its own period through its leader; what a lock closes concerns everybody who registers or looks on.
_LEADER: frozenset[Role] = frozenset(("school-leader",))
LOCKERS = scope.OFFICERS | _LEADER
LOOKERS = scope.EVERYWHERE | scope.SCHOOL_ROLES

OFFERED: Table = {
    wire.REVERSE_RECORD: (reverse_record, scope.REGISTRARS),
    wire.CORRECT_TRAINING: (correct_training, scope.REGISTRARS),
    wire.REVERSE_RECOGNITION: (reverse_recognition, scope.OFFICERS),
    wire.VOID_FOR_FRAUD: (void_for_fraud, scope.OFFICERS),
    wire.LIST_INTEGRITY: (list_integrity, scope.READERS, personal("items.teacher", own=True)),
    wire.LOCK_PERIOD: (lock_period, LOCKERS),
    wire.UNLOCK_PERIOD: (unlock_period, LOCKERS),
    wire.LIST_LOCKS: (list_locks, LOOKERS, PLAIN),
    wire.SIGN_HEAD: (sign_head, scope.VERIFIERS),
    wire.LIST_HEADS: (list_heads, LOOKERS | scope.VERIFIERS, PLAIN),
    wire.PROVE_CONSISTENCY: (prove_consistency, LOOKERS | scope.VERIFIERS, PLAIN),
    wire.GET_TRANSCRIPT: (get_transcript, scope.READERS, personal(before=True, own=True)),
    wire.GET_LEDGER_KEYS: (get_ledger_keys, scope.EVERYONE | scope.VERIFIERS, PLAIN),
}
