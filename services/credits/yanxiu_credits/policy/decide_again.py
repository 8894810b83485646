"""Decide one record again under another law: its entry is taken back, a new generation takes its place."""

from __future__ import annotations

from typing import Any

import msgspec
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import to_us
from yanxiu_footing.stored import canonical
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.kinds import REGISTRATION
from yanxiu_credits.books.locks import locked
from yanxiu_credits.books.post import Draft, post
from yanxiu_credits.books.reverse import reverse
from yanxiu_credits.explain import write_decision
from yanxiu_credits.laws import InForce
from yanxiu_credits.ledger import evidence_of
from yanxiu_credits.policy.worth import REJECTED, Worth
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import read_head
from yanxiu_credits.store.ledger_state import is_closed
from yanxiu_credits.store.records import add_record
from yanxiu_credits.tables import record


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """A stored record (with the id of its entry and its decision's teacher facts) and what it is worth now."""

    row: Any
    worth: Worth
    law: InForce | Refused


async def decide_again(
    conn: AsyncConnection, service: Service, district: str, one: Again, *, by: Caller, reason: str
) -> str | Refused | None:
    """Write it in the caller's transaction; returns the new record's id, None where the law refuses the record.

    The new record keeps activity, day, school, project and facts; generation, decision and worth are new. Refuses with
    what `reverse` refuses, and likewise for a record that had no entry: LEDGER_BROKEN or PERIOD_LOCKED.
    """
    if one.row["entry_id"] is not None:
        posted = await reverse(conn, service, district, one.row["entry_id"], reason=reason, by=by, why="law")
        if isinstance(posted, Refused):
            return posted
        head = (posted.seq, posted.hash)
    else:
        refused = await _closed(conn, service, district, one.row)
        if refused is not None:
            return refused
        head = await read_head(conn, district)
    if one.worth.status == REJECTED or isinstance(one.law, Refused):
        return None
    return await _enter(conn, service, one, one.law, head, by)


async def _closed(conn: AsyncConnection, service: Service, district: str, row: Any) -> Refused | None:
    if await is_closed(conn, district):
        return refusals.ledger_broken(district)
    today = service.clock.today()
    lock = await locked(conn, district, teacher=row["teacher"], school=row["school"], on=row["on"], today=today)
    return no.period_locked(lock, value=row["on"]) if lock is not None else None


async def _enter(
    conn: AsyncConnection, service: Service, one: Again, law: InForce, head: tuple[int, str], by: Caller
) -> str:
    worth, counted = one.worth, one.worth.status == "COUNTED"
    record_id = str(uuid_utils.uuid7())
    reasons = tuple(str(clause) for clause in worth.assessment.decided.result.get("reasons", ()))
    row = {
        **{column.name: one.row[column.name] for column in record.c},
        "id": record_id,
        "generation": one.row["generation"] + 1,
        "status": worth.status,
        "micro_hours": worth.micro_hours,
        "micro_credits": worth.micro_credits,
        "hours_unit": law.credit.hours_unit,
        "credits_unit": law.credit.credits_unit,
        "attributes": worth.attributes,
        "reasons": msgspec.json.encode(reasons).decode(),
        "entry": head[0] + 1 if counted else None,
        "registered_by": by.subject,
        "recorded_us": to_us(service.clock.now()),
        "replaces": one.row["id"],
    }
    decided = _decision(one, law, record_id)
    row["evidence"] = evidence_of(row, decided)
    if counted:
        await post(conn, row["district"], [_draft(row, decided)], head=head)
    await add_record(conn, row, decided)
    return record_id


def _decision(one: Again, law: InForce, record_id: str) -> dict[str, Any]:
    assessment = one.worth.assessment
    return {
        "district": one.row["district"],
        "record": record_id,
        "pack": assessment.decided.pack,
        "version": assessment.decided.version,
        "jurisdiction": law.pack.jurisdiction,
        "on": assessment.decided.on,
        "settings": canonical(law.settings),
        "teacher_facts": one.row["teacher_facts"],
        "body": write_decision(assessment),
    }


def _draft(row: dict[str, Any], decided: dict[str, Any]) -> Draft:
    names = ("teacher", "activity", "generation", "on", "micro_hours", "micro_credits", "hours_unit", "credits_unit")
    return Draft(
        record=row["id"],
        kind=REGISTRATION,
        pack=decided["pack"],
        version=decided["version"],
        evidence=row["evidence"],
        recorded_us=row["recorded_us"],
        **{name: row[name] for name in names},
    )
