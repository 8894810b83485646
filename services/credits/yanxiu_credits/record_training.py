"""One training into the books: record, facts, decision, ledger entry and announcement in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.together import together
from yanxiu_footing.clock import from_us, to_us
from yanxiu_footing.stored import canonical
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.credits import Record, RegisterTraining
from yanxiu_wire.teacher import Teacher

from yanxiu_credits.assess import Assessed
from yanxiu_credits.books.kinds import REGISTRATION
from yanxiu_credits.books.post import Draft, post
from yanxiu_credits.laws import InForce
from yanxiu_credits.ledger import evidence_of
from yanxiu_credits.store.records import add_record
from yanxiu_credits.store.registering import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """All that is known when a training goes into the books.

    `head` is the ledger's newest (sequence number, hash), read under the same write lock; `replaced` the newest record
    of the same activity, which does not count (any more); `corrects` the record that this one takes the place of.
    """

    district: str
    command: RegisterTraining
    school: str | None
    teacher: Teacher
    law: InForce
    assessed: Assessed
    head: tuple[int, str]
    replaced: Standing | None
    recorded_at: datetime
    corrects: str | None = None


async def record_training(conn: AsyncConnection, training: Training) -> tuple[Record, dict[str, Any]]:
    """Write everything; a record worth nothing is kept with its decision, without an entry.

    Returns the record without its explanation, and the decision as it was stored.
    """
    record_id = str(uuid_utils.uuid7())
    decided = _decision_row(training, record_id)
    row = _record_row(training, record_id)
    row["evidence"] = evidence_of(row, decided)
    async with together(conn):
        if row["entry"] is not None:
            await post(conn, training.district, [_draft(row, decided)], head=training.head)
        await add_record(conn, row, decided)
    return _view(training, row), decided


def _draft(row: dict[str, Any], decided: dict[str, Any]) -> Draft:
    return Draft(
        teacher=row["teacher"],
        record=row["id"],
        activity=row["activity"],
        kind=REGISTRATION,
        generation=row["generation"],
        on=row["on"],
        micro_hours=row["micro_hours"],
        micro_credits=row["micro_credits"],
        hours_unit=row["hours_unit"],
        credits_unit=row["credits_unit"],
        pack=decided["pack"],
        version=decided["version"],
        evidence=row["evidence"],
        recorded_us=row["recorded_us"],
    )


def _record_row(training: Training, record_id: str) -> dict[str, Any]:
    command, assessed, credit = training.command, training.assessed, training.law.credit
    return {
        "district": training.district,
        "id": record_id,
        "teacher": command.teacher,
        "school": training.school,
        "project": command.project,
        "activity": assessed.activity,
        "kind": credit.record,
        "generation": training.replaced.generation + 1 if training.replaced else 1,
        "on": command.on,
        "status": assessed.assessment.status,
        "micro_hours": assessed.micro_hours,
        "micro_credits": assessed.micro_credits,
        "hours_unit": credit.hours_unit,
        "credits_unit": credit.credits_unit,
        "facts": assessed.facts_text,
        "attributes": assessed.attributes_text,
        "reasons": assessed.reasons_text,
        "entry": training.head[0] + 1 if assessed.assessment.status == "COUNTED" else None,
        "registered_by": command.caller.subject,
        "recorded_us": to_us(training.recorded_at),
        "replaces": training.corrects,
    }


def _decision_row(training: Training, record_id: str) -> dict[str, Any]:
    law, decided = training.law, training.assessed.assessment.decided
    return {
        "district": training.district,
        "record": record_id,
        "pack": decided.pack,
        "version": decided.version,
        "jurisdiction": law.pack.jurisdiction,
        "on": decided.on,
        "settings": canonical(law.settings),
        "teacher_facts": canonical(teacher_facts(training.teacher, training.school, training.command.on)),
        "body": training.assessed.decision_text,
    }


def teacher_facts(teacher: Teacher, school: str | None, on: date) -> dict[str, Any]:
    """Return what was known of the teacher on the day, without name or number: what a later reader needs to judge."""
    return {
        "on": on,
        "school": school,
        "hired_on": teacher.hired_on,
        "status": teacher.status,
        "stage": teacher.stage,
        "subject": teacher.subject,
        "title": teacher.title,
        "head_teacher": any(
            since <= on and (until is None or on <= until) for since, until in teacher.head_teacher_periods
        ),
    }


def _view(training: Training, row: dict[str, Any]) -> Record:
    return Record(
        id=row["id"],
        teacher=row["teacher"],
        school=row["school"],
        project=row["project"],
        on=row["on"],
        status=row["status"],
        hours=from_micro(row["micro_hours"]),
        credits=from_micro(row["micro_credits"]),
        hours_unit=row["hours_unit"],
        credits_unit=row["credits_unit"],
        facts=training.assessed.facts,
        attributes=training.assessed.attributes,
        reasons=training.assessed.reasons,
        entry=row["entry"],
        recorded_at=from_us(row["recorded_us"]),
        supersedes=training.corrects or (training.replaced.record if training.replaced else None),
    )
