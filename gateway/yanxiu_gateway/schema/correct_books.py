"""The resolvers of the books' mutations: an input becomes a command with the caller and the key."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from yanxiu_wire import books as wire_books

from yanxiu_gateway.schema import book_commands as give
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import named
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import carried_out
from yanxiu_gateway.schema.session_commands import INPUT
from yanxiu_gateway.schema.words import wire_word

NAMES = {"on": "completedOn", "date": "completedOn", "record": "recordId", "school": "schoolId", "lock": "lockId"}


async def correct_training(
    info: Info, given: Annotated[give.CorrectTrainingInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Correct a record."""
    command = wire_books.CorrectTraining(
        caller=info.context.caller,
        key=given.idempotency_key,
        record=plain_id("Record", given.record_id),
        facts=named(given.facts),
        on=given.completed_on,
        reason=given.reason,
    )
    return await carried_out(info, info.context.backend.correct_training, command, NAMES)


async def reverse_record(
    info: Info, given: Annotated[give.ReverseRecordInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Take a record's entry back."""
    command = wire_books.ReverseRecord(
        caller=info.context.caller,
        key=given.idempotency_key,
        record=plain_id("Record", given.record_id),
        reason=given.reason,
    )
    return await carried_out(info, info.context.backend.reverse_record, command, NAMES)


async def reverse_recognition(
    info: Info, given: Annotated[give.ReverseRecognitionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Take a recognition back."""
    command = wire_books.ReverseRecognition(
        caller=info.context.caller,
        key=given.idempotency_key,
        recognition=plain_id("LedgerEntry", given.entry_id),
        reason=given.reason,
    )
    return await carried_out(info, info.context.backend.reverse_recognition, command, {"entry": "entryId"})


async def void_for_fraud(
    info: Info, given: Annotated[give.VoidForFraudInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Void a record."""
    command = wire_books.VoidForFraud(
        caller=info.context.caller,
        key=given.idempotency_key,
        record=plain_id("Record", given.record_id),
        reason=given.reason,
        proof=given.proof,
        actor=wire_word(given.actor),
        serious=given.serious,
    )
    return await carried_out(info, info.context.backend.void_for_fraud, command, NAMES)


async def lock_period(
    info: Info, given: Annotated[give.LockPeriodInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Lock a period."""
    command = wire_books.LockPeriod(
        caller=info.context.caller,
        key=given.idempotency_key,
        kind=given.kind,
        on=given.on,
        school=plain_id("School", given.school_id) if given.school_id is not None else None,
        reason=given.reason,
    )
    names = {"school": "schoolId"}
    return await carried_out(info, info.context.backend.lock_period, command, names)


async def unlock_period(
    info: Info, given: Annotated[give.UnlockPeriodInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Open a locked period."""
    command = wire_books.UnlockPeriod(
        caller=info.context.caller,
        key=given.idempotency_key,
        lock=plain_id("PeriodLock", given.lock_id),
        until=given.until,
        reason=given.reason,
    )
    return await carried_out(info, info.context.backend.unlock_period, command, NAMES)


async def sign_head(
    info: Info, given: Annotated[give.SignHeadInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Sign the ledger's head."""
    command = wire_books.SignHead(caller=info.context.caller, key=given.idempotency_key)
    return await carried_out(info, info.context.backend.sign_head, command)


@strawberry.type(description="台账的更正、冲销、锁定与签署。Corrections, reversals, locks and signatures.")
class BookMutations:
    """Root fields."""

    correct_training: give.CorrectTrainingPayload | None = strawberry.mutation(
        resolver=correct_training,
        description="更正一条记录：冲销原分录，按更正后的事实重新入账。"
        "Correct a record: its entry is reversed and the corrected record entered.",
    )
    reverse_record: give.ReverseRecordPayload | None = strawberry.mutation(
        resolver=reverse_record, description="冲销一条记录的分录，不再计入。Take a record's entry back."
    )
    reverse_recognition: give.ReverseRecognitionPayload | None = strawberry.mutation(
        resolver=reverse_recognition,
        description="冲销一位教师某周期的认定（周期须先开锁）。Take the recognition of a teacher's period back.",
    )
    void_for_fraud: give.VoidForFraudPayload | None = strawberry.mutation(
        resolver=void_for_fraud,
        description="因弄虚作假取消一条记录，并记入诚信记录。Void a record for fraud, with an integrity entry.",
    )
    lock_period: give.LockPeriodPayload | None = strawberry.mutation(
        resolver=lock_period, description="锁定一个周期。Lock a period."
    )
    unlock_period: give.UnlockPeriodPayload | None = strawberry.mutation(
        resolver=unlock_period,
        description="由更高层级说明理由后打开锁定的周期。Open a locked period: a higher level, with a reason.",
    )
    sign_head: give.SignHeadPayload | None = strawberry.mutation(
        resolver=sign_head, description="签署本区台账现在的头。Sign the district's ledger as it stands."
    )
