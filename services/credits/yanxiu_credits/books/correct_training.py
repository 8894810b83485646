"""Correct a record: its entry is reversed and a new record of the corrected facts entered, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.books import CorrectTraining, TrainingCorrected
from yanxiu_wire.credits import LedgerEntry, RegisterTraining
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.assess import Assessed, as_read
from yanxiu_credits.attendance.attended_facts import not_as_attended
from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.changed_record import Changed, read_changed
from yanxiu_credits.books.kinds import TRANSFERRED
from yanxiu_credits.books.locks import locked
from yanxiu_credits.books.reverse import reverse
from yanxiu_credits.explain_records import explained, with_explanation
from yanxiu_credits.laws import InForce
from yanxiu_credits.record_training import record_training
from yanxiu_credits.register_training import prepare
from yanxiu_credits.service import Service
from yanxiu_credits.transfer.refusals import transferred_is_decided


async def correct_training(
    service: Service, district: str, command: CorrectTraining, deadline: Deadline
) -> TrainingCorrected | Refused:
    """Correct what a record says, as if registered now: a school its own while both days are open, officers any.

    Refuses with RECORD_UNKNOWN, ALREADY_REVERSED, ALREADY_CORRECTED, RECORD_TRANSFERRED, ATTENDANCE_REGISTERED,
    NOTHING_CHANGED, PERIOD_LOCKED, REASON_MISSING, LEDGER_BROKEN, or whatever registering would be refused with.
    """
    decided: dict[str, Any] = {}

    async def work(conn: AsyncConnection) -> TrainingCorrected | Refused:
        changed = await read_changed(conn, district, command.record, command.caller)
        if isinstance(changed, Refused):
            return changed
        if (refused := _not_correctable(command, changed)) is not None:
            return refused
        training = await prepare(service, conn, district, _registration(command, changed), corrects=changed.id)
        if isinstance(training, Refused):
            return training
        if (refused := await not_as_attended(conn, district, changed, training)) is not None:
            return refused
        if _says_the_same(changed, training.assessed, training.law):
            return no.nothing_changed(changed.id)
        entry = await _take_back(service, conn, district, command, changed)
        if isinstance(entry, Refused):
            return entry
        head = (entry.seq, entry.hash) if entry is not None else training.head
        record, stored = await record_training(conn, replace(training, head=head))
        decided.update(stored)
        return TrainingCorrected(record=record, corrected=changed.id, entry=entry)

    answer = await once(service.databases, district, command, TrainingCorrected, deadline, work, few_rows=True)
    if isinstance(answer, Refused):
        return answer
    if decided:
        record = with_explanation(service.laws, answer.record, decided)
    else:
        async with service.databases.read(district) as conn:
            (record,) = await explained(conn, service.laws, district, [answer.record])
    return msgspec.structs.replace(answer, record=record)


def _not_correctable(command: CorrectTraining, changed: Changed) -> Refused | None:
    refused = no.reason_needed(command.reason)
    return refused or (transferred_is_decided(changed.id) if changed.kind == TRANSFERRED else None)


def _registration(command: CorrectTraining, changed: Changed) -> RegisterTraining:
    return RegisterTraining(
        caller=command.caller,
        key=command.key,
        teacher=changed.teacher,
        on=command.on or changed.on,
        facts=command.facts,
        project=changed.project,
    )


def _says_the_same(changed: Changed, assessed: Assessed, law: InForce) -> bool:
    """Say whether nothing would change: the same facts (the day is one of them), worth the same under today's law.

    The facts are compared as the law reads them: 12 and 12.0 are one.
    """
    worth = (assessed.assessment.status, assessed.micro_hours, assessed.micro_credits)
    if worth != (changed.found.status, changed.found.micro_hours, changed.found.micro_credits):
        return False
    return as_read(law, assessed.facts) == as_read(law, msgspec.json.decode(changed.found.facts))


async def _take_back(
    service: Service, conn: AsyncConnection, district: str, command: CorrectTraining, changed: Changed
) -> LedgerEntry | Refused | None:
    """Reverse the old entry; a record that had none only has its day asked for a lock."""
    if changed.entry_id is not None:
        return await reverse(
            conn, service, district, changed.entry_id, reason=command.reason, by=command.caller, why="correction"
        )
    today = service.clock.today()
    lock = await locked(conn, district, teacher=changed.teacher, school=changed.school, on=changed.on, today=today)
    return no.period_locked(lock, value=changed.on) if lock is not None else None
