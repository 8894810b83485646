"""Records of work as their notes make them: stored for lists, read in pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.in_order import behind, in_order
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.field_records import FieldRecord

from yanxiu_visits.recording.assess_record import FoldedRecord, fold_record
from yanxiu_visits.recording.tables import field_record
from yanxiu_visits.scope import Scope
from yanxiu_visits.visiting.note_store import read_notes
from yanxiu_visits.visiting.tables import visit
from yanxiu_visits.visiting.visit_store import NO_DAY, put


async def fold_and_store(conn: AsyncConnection, district: str, record: str) -> FoldedRecord:
    """Fold a record from all its notes and store it in place of before."""
    folded = fold_record(record, await read_notes(conn, district, "record", record))
    found = folded.record
    row = {
        "district": district,
        "id": record,
        "researcher": found.researcher,
        "kind": found.kind,
        "on": found.on or NO_DAY,
        "term": found.term,
        "school": found.school,
        "visit": found.visit,
        "state": found.state,
        "body": encode(found).decode(),
    }
    await put(conn, field_record, row)
    return folded


def may_see(district: str, scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a record is in the scope; a school sees those of work at it."""
    mine = field_record.c.district == district
    match scope.kind:
        case "district":
            return mine
        case "school":
            return sa.and_(mine, field_record.c.school == scope.id)
        case "self":
            return sa.and_(mine, field_record.c.researcher == scope.id)
    return sa.and_(mine, sa.false())


async def read_records(
    conn: AsyncConnection, district: str, where: sa.ColumnElement[bool], ids: Sequence[str]
) -> dict[str, FieldRecord]:
    """Return records by id, those that the condition lets through."""
    its = field_record.c
    found = await conn.execute(sa.select(its.body).where(where, its.id.in_(list(dict.fromkeys(ids)))))
    return {one.id: one for one in await _read(conn, district, list(found.scalars()))}


async def records_of_term(conn: AsyncConnection, district: str, researcher: str, term: str) -> list[FieldRecord]:
    """Return a researcher's records of a term that count, by day."""
    its = field_record.c
    mine = sa.and_(its.district == district, its.researcher == researcher, its.term == term, its.state == "recorded")
    found = await conn.execute(sa.select(its.body).where(mine).order_by(its.on, its.id))
    return [decode(FieldRecord, body.encode()) for body in found.scalars()]


async def papers_of(
    conn: AsyncConnection, district: str, researcher: str, since: date, until: date
) -> list[FieldRecord]:
    """Return the documents and reports that a researcher handed in between two days, both included."""
    its = field_record.c
    mine = sa.and_(its.district == district, its.researcher == researcher, its.state == "recorded")
    between = sa.and_(mine, its.kind.in_(["paper", "report"]), its.on >= since, its.on <= until)
    found = await conn.execute(sa.select(its.body).where(between).order_by(its.on, its.id))
    return [decode(FieldRecord, body.encode()) for body in found.scalars()]


async def page_records(
    conn: AsyncConnection,
    district: str,
    where: Sequence[sa.ColumnElement[bool]],
    *,
    first: int,
    after: tuple[date, str] | None,
    newest: bool = False,
) -> tuple[list[FieldRecord], int]:
    """Return up to `first` records behind a key, and how many match in all."""
    its = field_record.c
    total = await conn.scalar(sa.select(sa.func.count()).select_from(field_record).where(*where))
    beyond, order = behind((its.on, its.id), after, newest=newest), in_order((its.on, its.id), newest=newest)
    found = await conn.execute(sa.select(its.body).where(*where, *beyond).order_by(*order).limit(first))
    return await _read(conn, district, list(found.scalars())), int(total or 0)


async def _read(conn: AsyncConnection, district: str, bodies: Sequence[str]) -> list[FieldRecord]:
    return await with_visits(conn, district, [decode(FieldRecord, body.encode()) for body in bodies])


async def with_visits(conn: AsyncConnection, district: str, records: list[FieldRecord]) -> list[FieldRecord]:
    """Return records, each saying whether the visit that it names has arrived."""
    named = {one.visit for one in records if one.visit is not None}
    if not named:
        return records
    found = await conn.execute(
        sa.select(visit.c.id).where(visit.c.district == district, visit.c.id.in_(named), visit.c.state != "incomplete")
    )
    known = set(found.scalars())
    return [msgspec.structs.replace(one, visit_known=one.visit is None or one.visit in known) for one in records]
