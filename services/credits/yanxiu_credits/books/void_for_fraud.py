"""Void a record for fraud: its entry is reversed, and what the law attaches to it noted for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.clock import to_us
from yanxiu_footing.registry_facts import read_district
from yanxiu_footing.stored import canonical
from yanxiu_rulekit.decision import Forgery
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.books import RecordVoided, VoidForFraud
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.changed_record import Changed, read_changed
from yanxiu_credits.books.integrity import integrity_view
from yanxiu_credits.books.reverse import reverse
from yanxiu_credits.books.tables import integrity_entry
from yanxiu_credits.laws import InForce
from yanxiu_credits.service import Service

ACTORS: tuple[Literal["teacher", "registrar"], ...] = ("teacher", "registrar")


async def void_for_fraud(
    service: Service, district: str, command: VoidForFraud, deadline: Deadline
) -> RecordVoided | Refused:
    """Void a counted record on proof; the law of the record's day says what follows for whom.

    Refuses with RECORD_UNKNOWN, ALREADY_REVERSED, ALREADY_CORRECTED, NOT_COUNTED, ACTOR_UNKNOWN, PROOF_MISSING,
    REASON_MISSING, PERIOD_LOCKED, LEDGER_BROKEN, LAW_NOT_IN_FORCE or LAW_UNUSABLE.
    """

    async def work(conn: AsyncConnection) -> RecordVoided | Refused:
        changed = await read_changed(conn, district, command.record, command.caller)
        if isinstance(changed, Refused):
            return changed
        refused = _incomplete(command)
        if refused is not None or changed.entry_id is None:
            return refused or no.not_counted(changed.id)
        law = service.laws.in_force(await read_district(conn, district), changed.on)
        if isinstance(law, Refused):
            return law
        row = _row(service, district, command, changed, law)
        if isinstance(row, Refused):
            return row
        await conn.execute(sa.insert(integrity_entry), row)
        entry = await reverse(
            conn,
            service,
            district,
            changed.entry_id,
            reason=command.reason,
            by=command.caller,
            why="fraud",
            integrity=row,
        )
        return entry if isinstance(entry, Refused) else RecordVoided(integrity=integrity_view(row), entry=entry)

    return await once(service.databases, district, command, RecordVoided, deadline, work, few_rows=True)


def _incomplete(command: VoidForFraud) -> Refused | None:
    if command.actor not in ACTORS:
        return no.actor_unknown(command.actor)
    if not 1 <= len(command.proof.strip()) <= no.MOST_REASON:
        return no.proof_missing()
    return no.reason_needed(command.reason)


def _row(
    service: Service, district: str, command: VoidForFraud, changed: Changed, law: InForce
) -> dict[str, Any] | Refused:
    try:
        consequences, clauses = consequences_of(law, command, changed)
    except RuleNotInForce:
        return refusals.law_not_in_force(changed.on, field="record")
    return {
        "district": district,
        "id": str(uuid_utils.uuid7()),
        "record": changed.id,
        "teacher": changed.teacher,
        "school": changed.school,
        "actor": command.actor,
        "registered_by": changed.registered_by,
        "on": changed.on,
        "serious": command.serious,
        "reason": command.reason.strip(),
        "proof": command.proof.strip(),
        "consequences": canonical(consequences),
        "clauses": msgspec.json.encode(clauses).decode(),
        "pack": law.pack.name,
        "version": law.pack.version,
        "found_by": command.caller.subject,
        "role": command.caller.role,
        "recorded_us": to_us(service.clock.now()),
    }


def consequences_of(law: InForce, command: VoidForFraud, changed: Changed) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Return what the law attaches to the act, with its sentences, and the clauses; nothing where it says nothing."""
    kind, asks = law.credit.fraud, law.credit.fraud_facts
    if kind is None or asks is None:
        return {"result": {}, "zh": [], "en": []}, ()
    forgery = Forgery(
        actor=command.actor,
        hours=from_micro(changed.found.micro_hours),
        credits=from_micro(changed.found.micro_credits),
        serious=command.serious,
    )
    decided = law.pack.decide(kind, asks(forgery), on=changed.on, settings=law.settings)
    cited = tuple(dict.fromkeys(clause for step in decided.steps for clause in step.clauses))
    said = {"zh": [step.zh for step in decided.steps], "en": [step.en for step in decided.steps]}
    return {"result": decided.result, **said}, cited
