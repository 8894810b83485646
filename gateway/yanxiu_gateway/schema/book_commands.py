"""What the books' mutations are given and what they answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import strawberry

from yanxiu_gateway.schema.facts import FactInput
from yanxiu_gateway.schema.integrity_entry import FraudActor, IntegrityEntry
from yanxiu_gateway.schema.ledger import LedgerEntry
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Done, Payload, item_of
from yanxiu_gateway.schema.period_lock import PeriodLock
from yanxiu_gateway.schema.record import Record
from yanxiu_gateway.schema.signed_head import SignedHead

REASON = "理由，1000 字以内，永久保留。Why, at most 1000 characters; it stays for good."
RECORD = "记录编号。The record's id."
REPLAYED = "是否为同一幂等键先前的答复。Whether this repeats the answer to the same key."


@strawberry.input(name="CorrectTrainingInput", description="correctTraining 的输入。Input of correctTraining.")
class CorrectTrainingInput:
    """What to correct."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    record_id: strawberry.ID = strawberry.field(description=RECORD)
    facts: list[FactInput] = strawberry.field(
        description="更正后的全部事实，按规则所用的名称。All facts as they should be, by the names the law uses."
    )
    completed_on: date | None = strawberry.field(
        default=None, description="更正后的完成之日；不写则不变。The right day of completion, where it was wrong too."
    )
    reason: str = strawberry.field(description=REASON)


@strawberry.input(name="ReverseRecordInput", description="reverseRecord 的输入。Input of reverseRecord.")
class ReverseRecordInput:
    """What to take back."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    record_id: strawberry.ID = strawberry.field(description=RECORD)
    reason: str = strawberry.field(description=REASON)


@strawberry.input(name="ReverseRecognitionInput", description="reverseRecognition 的输入。Input of reverseRecognition.")
class ReverseRecognitionInput:
    """Which recognition to take back."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    entry_id: strawberry.ID = strawberry.field(description="认定分录的编号。Id of the recognition's ledger entry.")
    reason: str = strawberry.field(description=REASON)


@strawberry.input(name="VoidForFraudInput", description="voidForFraud 的输入。Input of voidForFraud.")
class VoidForFraudInput:
    """What to void."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    record_id: strawberry.ID = strawberry.field(description=RECORD)
    reason: str = strawberry.field(description=REASON)
    proof: str = strawberry.field(description="证据或其存放之处。The proof, or where it is kept.")
    actor: FraudActor = strawberry.field(default=FraudActor.TEACHER, description="谁的行为。Whose act it was.")
    serious: bool = strawberry.field(default=False, description="是否情节严重。Whether it is serious.")


@strawberry.input(name="LockPeriodInput", description="lockPeriod 的输入。Input of lockPeriod.")
class LockPeriodInput:
    """What to lock."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    kind: str = strawberry.field(
        description="周期的种类，由本区规则确定，如普洱的 year、cycle，普陀的 school_year、term。The kind of period, "
        "which the district's law names: year and cycle in Pu'er, school_year and term in Putuo."
    )
    on: date = strawberry.field(description="锁定包含这一天的周期。The period that contains this day.")
    school_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="哪所学校；不写即全区（限区县人员）。The school; the whole district where it is left out.",
    )
    reason: str = strawberry.field(description=REASON)


@strawberry.input(name="UnlockPeriodInput", description="unlockPeriod 的输入。Input of unlockPeriod.")
class UnlockPeriodInput:
    """What to open."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    lock_id: strawberry.ID = strawberry.field(description="锁定的编号。The lock's id.")
    until: date | None = strawberry.field(
        default=None,
        description="开放到哪天，含当天；不写则至重新锁定为止。The last day open; until locked again if left out.",
    )
    reason: str = strawberry.field(description=REASON)


@strawberry.input(name="SignHeadInput", description="signHead 的输入。Input of signHead.")
class SignHeadInput:
    """Sign the head."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)


def record_of(root: strawberry.Parent[Done]) -> Any:
    """The record, None when there are errors."""
    return root.item.record if root.item is not None else None


def entry_of(root: strawberry.Parent[Done]) -> Any:
    """The entry that took another back."""
    return root.item.entry if root.item is not None else None


def integrity_of(root: strawberry.Parent[Done]) -> Any:
    """The finding, None when there are errors."""
    return root.item.integrity if root.item is not None else None


def replayed_of(root: strawberry.Parent[Done]) -> bool:
    """Whether the same key had been answered before."""
    return root.item is not None and root.item.replayed


@strawberry.type(name="CorrectTrainingPayload", description="correctTraining 的结果。What correctTraining came to.")
class CorrectTrainingPayload(Payload):
    """The new record or errors."""

    record: Record | None = strawberry.field(
        resolver=record_of,
        description="更正后的记录，其 supersedes 为原记录。The record that took the old one's place.",
    )
    entry: LedgerEntry | None = strawberry.field(
        resolver=entry_of, description="冲销原记录的分录。The entry that took the old one's back."
    )
    replayed: bool = strawberry.field(resolver=replayed_of, description=REPLAYED)


@strawberry.type(name="ReverseRecordPayload", description="reverseRecord 的结果。What reverseRecord came to.")
class ReverseRecordPayload(Payload):
    """The record or errors."""

    record: Record | None = strawberry.field(resolver=record_of, description="已冲销的记录。The record taken back.")
    entry: LedgerEntry | None = strawberry.field(resolver=entry_of, description="冲销分录。The reversing entry.")
    replayed: bool = strawberry.field(resolver=replayed_of, description=REPLAYED)


@strawberry.type(
    name="ReverseRecognitionPayload", description="reverseRecognition 的结果。What reverseRecognition came to."
)
class ReverseRecognitionPayload(Payload):
    """The entry or errors."""

    entry: LedgerEntry | None = strawberry.field(resolver=entry_of, description="冲销分录。The reversing entry.")
    replayed: bool = strawberry.field(resolver=replayed_of, description=REPLAYED)


@strawberry.type(name="VoidForFraudPayload", description="voidForFraud 的结果。What voidForFraud came to.")
class VoidForFraudPayload(Payload):
    """The finding or errors."""

    integrity_entry: IntegrityEntry | None = strawberry.field(
        resolver=integrity_of, description="诚信记录。The integrity entry."
    )
    entry: LedgerEntry | None = strawberry.field(resolver=entry_of, description="冲销分录。The reversing entry.")
    replayed: bool = strawberry.field(resolver=replayed_of, description=REPLAYED)


@strawberry.type(name="LockPeriodPayload", description="lockPeriod 的结果。What lockPeriod came to.")
class LockPeriodPayload(Payload):
    """The lock or errors."""

    lock: PeriodLock | None = strawberry.field(resolver=item_of, description="锁定。The lock.")


@strawberry.type(name="UnlockPeriodPayload", description="unlockPeriod 的结果。What unlockPeriod came to.")
class UnlockPeriodPayload(Payload):
    """The lock or errors."""

    lock: PeriodLock | None = strawberry.field(resolver=item_of, description="已打开的锁定。The lock, open now.")


@strawberry.type(name="SignHeadPayload", description="signHead 的结果。What signHead came to.")
class SignHeadPayload(Payload):
    """The head or errors."""

    head: SignedHead | None = strawberry.field(resolver=item_of, description="已签署的台账头。The signed head.")
