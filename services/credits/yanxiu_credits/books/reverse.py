"""Take an entry of the ledger back: an entry of the negative amounts, beside it why, and who said so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import to_us
from yanxiu_footing.registry_facts import read_district, read_people
from yanxiu_footing.stored import thaw
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.caller import Caller
from yanxiu_wire.credits import LedgerEntry
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.adding_up import later_standing
from yanxiu_credits.books.entries import read_entry
from yanxiu_credits.books.kinds import RECOGNITION, REGISTRATION, REVERSAL_OF, Why
from yanxiu_credits.books.locks import Lock, locked, locked_period
from yanxiu_credits.books.post import Draft, post
from yanxiu_credits.books.tables import recognition, reversal
from yanxiu_credits.books.touched import lock_beside
from yanxiu_credits.ledger import Entry, evidence_of
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger_state import is_closed
from yanxiu_credits.tables import record

ADD = sa.insert(reversal)
_REVERSED = sa.select(reversal.c.why).where(
    reversal.c.district == sa.bindparam("of"), reversal.c.reverses == sa.bindparam("its")
)


async def reverse(
    conn: AsyncConnection,
    service: Service,
    district: str,
    entry_id: str,
    *,
    reason: str,
    by: Caller,
    why: Why,
    integrity: Mapping[str, Any] | None = None,
) -> LedgerEntry | Refused:
    """Reverse a registration or a recognition in the caller's transaction; the new entry comes back with its place.

    `integrity` is the row of the finding that it rests on (fraud), written by the caller in the same transaction.
    Refuses with LEDGER_BROKEN, ENTRY_UNKNOWN, NOT_REVERSIBLE, ALREADY_REVERSED, PERIOD_LOCKED, LATER_RECOGNISED or
    REASON_MISSING.
    """
    if await is_closed(conn, district):
        return refusals.ledger_broken(district)
    entry = await read_entry(conn, district, entry_id)
    if entry is None:
        return no.entry_unknown(entry_id)
    refused = no.reason_needed(reason) or await _stays(conn, service, entry)
    if refused is not None:
        return refused
    found = integrity["id"] if integrity is not None else None
    row = reversal_row(entry, why=why, reason=reason, by=by, now_us=to_us(service.clock.now()), integrity=found)
    await conn.execute(ADD, row)
    (posted,) = await post(conn, district, [mirror(entry, row, evidence_of(row, integrity or {}))])
    return posted


async def _stays(conn: AsyncConnection, service: Service, entry: Entry) -> Refused | None:
    """Return why the entry may not be taken back, None where it may."""
    if entry.kind not in REVERSAL_OF:
        return no.not_reversible(entry.entry_id)
    done = (await conn.execute(_REVERSED, {"of": entry.district, "its": entry.entry_id})).scalar_one_or_none()
    if done is not None:
        return no.already_reversed(entry.record, done)
    lock = await _lock_of(conn, service, entry)
    if lock is not None:
        return no.period_locked(lock, value=entry.on)
    return await _rested_on(conn, service, entry) if entry.kind == RECOGNITION else None


async def _rested_on(conn: AsyncConnection, service: Service, entry: Entry) -> Refused | None:
    """Return the refusal of a recognition on which that of a later period rests."""
    its = recognition.c
    found = await conn.execute(
        sa.select(its.period_kind, its.label, its.starts_on, its.ends_on).where(
            its.district == entry.district, its.id == entry.record
        )
    )
    row = found.first()
    if row is None:
        return None
    period = Period(kind=row.period_kind, label=row.label, start=row.starts_on, end=row.ends_on)
    law = service.laws.in_force(await read_district(conn, entry.district), period.end)
    if isinstance(law, Refused):
        return law
    return await later_standing(conn, entry.district, law, period, [entry.teacher])


async def _lock_of(conn: AsyncConnection, service: Service, entry: Entry) -> Lock | None:
    today, district = service.clock.today(), entry.district
    if entry.kind == REGISTRATION:
        its = sa.select(record.c.school, record.c.attributes).where(
            record.c.district == district, record.c.id == entry.record
        )
        school, attributes = (await conn.execute(its)).one()
        if school is None:
            # A transferred record belongs to no school: asked is the one of its day, as it was when it was entered.
            person = (await read_people(conn, district, [entry.teacher])).get(entry.teacher)
            school = person.school_on(entry.on) if person is not None else None
        asked: dict[str, Any] = {"teacher": entry.teacher, "school": school, "on": entry.on, "today": today}
        there = await locked(conn, district, **asked)
        law = service.laws.in_force(await read_district(conn, district), entry.on)
        if there is not None or isinstance(law, Refused):
            return there
        return await lock_beside(conn, district, law, attributes=thaw(attributes), **asked)
    school = await conn.scalar(
        sa.select(recognition.c.school).where(recognition.c.district == district, recognition.c.id == entry.record)
    )
    kind, _, label = entry.activity.partition(":")
    return await locked_period(conn, district, school=school, kind=kind, label=label, today=today)


def reversal_row(
    entry: Entry, *, why: Why, reason: str, by: Caller, now_us: int, integrity: str | None = None
) -> dict[str, Any]:
    """Return the row that says why an entry is taken back, and names the entry that does it."""
    return {
        "district": entry.district,
        "entry_id": str(uuid_utils.uuid7()),
        "reverses": entry.entry_id,
        "record": entry.record,
        "why": why,
        "reason": reason.strip(),
        "integrity": integrity,
        "reversed_by": by.subject,
        "role": by.role,
        "recorded_us": now_us,
    }


def mirror(entry: Entry, row: Mapping[str, Any], evidence: str) -> Draft:
    """Return the entry that takes another one back: the same in all but kind and sign."""
    return Draft(
        entry_id=row["entry_id"],
        teacher=entry.teacher,
        record=entry.record,
        activity=entry.activity,
        kind=REVERSAL_OF[entry.kind],
        generation=entry.generation,
        on=entry.on,
        micro_hours=-entry.micro_hours,
        micro_credits=-entry.micro_credits,
        hours_unit=entry.hours_unit,
        credits_unit=entry.credits_unit,
        reverses=entry.entry_id,
        pack=entry.pack,
        version=entry.version,
        evidence=evidence,
        recorded_us=row["recorded_us"],
    )
