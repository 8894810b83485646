"""What became of a record: which one stands in its place today, and whether the same training may be entered again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.assess import Assessed
from yanxiu_credits.books.refusals import lost_to_objection, voided_for_fraud
from yanxiu_credits.books.tables import reversal
from yanxiu_credits.scope import OFFICERS
from yanxiu_credits.store.registering import Standing
from yanxiu_credits.tables import record
from yanxiu_credits.workflow.tables import objection

_corrected = record.alias("corrected")
_FATE = (
    sa.select(
        record.c.id, record.c.generation, record.c.entry, record.c.facts, record.c.status,
        record.c.micro_hours, record.c.micro_credits,
        reversal.c.why, reversal.c.integrity, _corrected.c.id.label("replaced_by"),
    )
    .select_from(
        record.outerjoin(
            reversal, sa.and_(reversal.c.district == record.c.district, reversal.c.record == record.c.id)
        ).outerjoin(
            _corrected, sa.and_(_corrected.c.district == record.c.district, _corrected.c.replaces == record.c.id)
        )
    )
    .where(record.c.district == sa.bindparam("of"), record.c.id == sa.bindparam("its"))
)  # fmt: skip
_BEFORE = sa.select(record.c.replaces).where(
    record.c.district == sa.bindparam("of"), record.c.id == sa.bindparam("its")
)


async def fate_of(conn: AsyncConnection, district: str, record_id: str) -> Standing | None:
    """Return what is known of one record now, None where there is none."""
    row: Any = (await conn.execute(_FATE, {"of": district, "its": record_id})).first()
    return Standing(*row) if row is not None else None


async def last_of(conn: AsyncConnection, district: str, standing: Standing) -> Standing:
    """Return the record at the end of the corrections: the one given, where none corrects it."""
    while standing.replaced_by is not None:
        found = await fate_of(conn, district, standing.replaced_by)
        if found is None:
            break
        standing = found
    return standing


async def counting_now(conn: AsyncConnection, district: str, record_id: str) -> str | None:
    """Return the record at the end of the corrections of one, None where nothing of it counts any more."""
    standing = await fate_of(conn, district, record_id)
    last = await last_of(conn, district, standing) if standing is not None else None
    return last.record if last is not None and last.counts else None


async def corrections_of(conn: AsyncConnection, district: str, record_id: str) -> list[str]:
    """Return a record and those that corrected it, one after the other."""
    chain, one = [record_id], await fate_of(conn, district, record_id)
    while one is not None and one.replaced_by is not None:
        chain.append(one.replaced_by)
        one = await fate_of(conn, district, one.replaced_by)
    return chain


async def wordings_of(conn: AsyncConnection, district: str, record_id: str) -> list[str]:
    """Return a record with all that it corrects and all that corrected it since, the first wording first."""
    before: list[str] = []
    first: str | None = record_id
    while (first := await conn.scalar(_BEFORE, {"of": district, "its": first})) is not None:
        before.insert(0, first)
    return [*before, *await corrections_of(conn, district, record_id)]


async def first_activity(conn: AsyncConnection, district: str, record_id: str) -> str:
    """Return the activity under which the training of a record was first entered."""
    (first, *_) = await wordings_of(conn, district, record_id)
    named = sa.select(record.c.activity).where(record.c.district == district, record.c.id == first)
    return str((await conn.execute(named)).scalar_one())


async def taken(
    conn: AsyncConnection,
    district: str,
    standing: Standing | None,
    assessed: Assessed,
    *,
    teacher: str,
    by: Caller,
    corrects: str | None = None,
) -> Refused | None:
    """Return why the same training may not be entered (again), None where it may.

    What counts is refused, and so is what says nothing new; what never counted may be superseded, what was reversed
    entered anew, what was voided for fraud or lost to an objection only by an officer. `corrects` is the record that is
    being corrected.
    """
    if standing is None:
        return None
    last = await last_of(conn, district, standing)
    if last.record == corrects:
        return None
    if last.reversed_why is not None:
        return None if by.role in OFFICERS else await _not_by_the_school(conn, district, last)
    same = assessed.facts_text == last.facts
    if last.entry is not None or last.record != standing.record:
        return refusals.already_registered(last.record, teacher, corrects=not same, unsaid=assessed.unsaid)
    worth = (assessed.assessment.status, assessed.micro_hours, assessed.micro_credits)
    if same and worth == (last.status, last.micro_hours, last.micro_credits):
        return refusals.already_registered(last.record, teacher, corrects=False)
    return None


async def _not_by_the_school(conn: AsyncConnection, district: str, last: Standing) -> Refused | None:
    """Return the refusal of a school that enters again what was taken from it: for fraud, or on an objection."""
    if last.integrity is not None:
        return voided_for_fraud(last.record, last.integrity)
    if last.reversed_why != "objection":
        return None
    upheld = await conn.scalar(
        sa.select(objection.c.id)
        .join(
            reversal,
            sa.and_(reversal.c.district == objection.c.district, reversal.c.entry_id == objection.c.reversed_entry),
        )
        .where(objection.c.district == district, reversal.c.record == last.record)
    )
    return lost_to_objection(last.record, upheld)
