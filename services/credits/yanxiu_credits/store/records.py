"""Training records with the decisions they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.directly import add_later, changed_by
from yanxiu_footing.clock import from_us
from yanxiu_footing.registry_facts import works_at
from yanxiu_footing.stored import simple, thaw
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.credits import Record, Reversal

from yanxiu_credits.books.tables import recognition, reversal
from yanxiu_credits.scope import Scope
from yanxiu_credits.tables import decision, record

_ADD_RECORD = sa.insert(record)
_ADD_DECISION = sa.insert(decision)
_OF_REVERSAL = ("entry_id", "why", "reason", "integrity", "reversed_by", "role", "recorded_us")


_other = record.alias("other")
_SAME_ACTIVITY = sa.and_(
    _other.c.district == record.c.district,
    _other.c.teacher == record.c.teacher,
    _other.c.activity == record.c.activity,
    _other.c.kind == record.c.kind,
)

# Joined where the correcting record is told, asked for in a sub-query where only its absence matters.
_corrected, _correcting = record.alias("corrected"), record.alias("correcting")
_CORRECTED = sa.and_(_corrected.c.district == record.c.district, _corrected.c.replaces == record.c.id)
_REVERSED = sa.and_(reversal.c.district == record.c.district, reversal.c.record == record.c.id)
_taken_back = reversal.alias("taken_back")


def stands(known_us: int | None = None) -> sa.ColumnElement[bool]:
    """Return the condition that a record stands: no other corrects it, and no later one of its activity took its place.

    With `known_us` (microseconds since 1970) only what was recorded until then is seen, and nothing recorded later
    corrects or replaces it.
    """
    return sa.and_(
        *_until(record, known_us),
        ~sa.exists().where(
            _correcting.c.district == record.c.district,
            _correcting.c.replaces == record.c.id,
            *_until(_correcting, known_us),
        ),
        sa.or_(
            sa.and_(
                record.c.entry.is_not(None),
                ~sa.exists().where(
                    _taken_back.c.district == record.c.district,
                    _taken_back.c.record == record.c.id,
                    *_until(_taken_back, known_us),
                ),
            ),
            ~sa.exists().where(_SAME_ACTIVITY, _other.c.generation > record.c.generation, *_until(_other, known_us)),
        ),
    )


def _until(table: Any, known_us: int | None) -> list[sa.ColumnElement[bool]]:
    return [] if known_us is None else [table.c.recorded_us <= known_us]


def _neighbour(step: int, known_us: int | None) -> sa.ScalarSelect[str]:
    """Return the id of the record of the same activity one generation later, or earlier."""
    return (
        sa.select(_other.c.id)
        .where(_SAME_ACTIVITY, _other.c.generation == record.c.generation + step, *_until(_other, known_us))
        .scalar_subquery()
    )


def _viewed(known_us: int | None = None) -> sa.Select[Any]:
    """Return the statement of records as they travel, each with what replaced it and what took it back."""
    replaced = sa.or_(record.c.entry.is_(None), reversal.c.why.is_not(None))
    columns = (
        *record.c,
        sa.func.coalesce(record.c.replaces, sa.case((record.c.generation > 1, _neighbour(-1, known_us)))).label(
            "supersedes"
        ),
        sa.func.coalesce(_corrected.c.id, sa.case((replaced, _neighbour(1, known_us)))).label("superseded_by"),
        *(reversal.c[name].label(f"reversal_{name}") for name in _OF_REVERSAL),
    )
    found = record.outerjoin(reversal, sa.and_(_REVERSED, *_until(reversal, known_us))).outerjoin(
        _corrected, sa.and_(_CORRECTED, *_until(_corrected, known_us))
    )
    return sa.select(*columns).select_from(found).where(*_until(record, known_us))


# Made once: making a statement takes longer than SQLite takes to run it.
_NOW = _viewed()


def _statement(known_us: int | None) -> sa.Select[Any]:
    return _NOW if known_us is None else _viewed(known_us)


def visible(district: str, scope: Scope, today: date) -> sa.ColumnElement[bool]:
    """Return the condition on `record` for what a scope may see: a school sees its days' and its present teachers'."""
    mine: sa.ColumnElement[bool]
    if scope.kind == "district":
        mine = sa.true()
    elif scope.kind == "school":
        mine = sa.or_(record.c.school == scope.id, works_at(district, record.c.teacher, scope.id, today))
    elif scope.kind == "self":
        mine = record.c.teacher == scope.id
    else:
        mine = sa.false()
    return sa.and_(record.c.district == district, mine)


def recognised_in(district: str, scope: Scope, today: date) -> sa.ColumnElement[bool]:
    """Return the condition on `recognition` for what a scope may see, as of records."""
    mine: sa.ColumnElement[bool]
    if scope.kind == "district":
        mine = sa.true()
    elif scope.kind == "school":
        mine = sa.or_(recognition.c.school == scope.id, works_at(district, recognition.c.teacher, scope.id, today))
    elif scope.kind == "self":
        mine = recognition.c.teacher == scope.id
    else:
        mine = sa.false()
    return sa.and_(recognition.c.district == district, mine)


def view(row: Any) -> Record:
    """Return a stored row as it travels, without its explanation."""
    return Record(
        id=row.id,
        teacher=row.teacher,
        school=row.school,
        project=row.project,
        on=row.on,
        status=row.status,
        hours=from_micro(row.micro_hours),
        credits=from_micro(row.micro_credits),
        hours_unit=row.hours_unit,
        credits_unit=row.credits_unit,
        facts=msgspec.json.decode(row.facts),
        attributes=simple(thaw(row.attributes)),
        reasons=tuple(msgspec.json.decode(row.reasons)),
        entry=row.entry,
        recorded_at=from_us(row.recorded_us),
        supersedes=row.supersedes,
        superseded_by=row.superseded_by,
        reversal=_reversal_view(row) if row.reversal_entry_id is not None else None,
    )


def _reversal_view(row: Any) -> Reversal:
    return Reversal(
        entry=row.reversal_entry_id,
        why=row.reversal_why,
        reason=row.reversal_reason,
        integrity=row.reversal_integrity,
        reversed_by=row.reversal_reversed_by,
        role=row.reversal_role,
        recorded_at=from_us(row.reversal_recorded_us),
    )


async def add_record(conn: AsyncConnection, row: dict[str, Any], decided: dict[str, Any]) -> None:
    """Store a record and its decision."""
    await changed_by(conn, _ADD_RECORD, row)
    await add_later(conn, _ADD_DECISION, [decided])


async def read_records(
    conn: AsyncConnection, seen: sa.ColumnElement[bool], ids: Sequence[str], *, known_us: int | None = None
) -> dict[str, Record]:
    """Return the visible records among `ids`, by id, in one statement; with `known_us`, as they were known then."""
    found = await conn.execute(_statement(known_us).where(seen, record.c.id.in_(list(dict.fromkeys(ids)))))
    return {row.id: view(row) for row in found}


async def read_record(conn: AsyncConnection, district: str, record_id: str) -> Record:
    """Return one record that is known to exist, without its explanation."""
    found = await conn.execute(_NOW.where(record.c.district == district, record.c.id == record_id))
    return view(found.one())


async def page_per_teacher(
    conn: AsyncConnection,
    where: Sequence[sa.ColumnElement[bool]],
    *,
    first: int,
    after: tuple[date, str] | None,
    known_us: int | None = None,
    newest: bool = False,
) -> tuple[dict[str, list[Record]], dict[str, int]]:
    """Return at most `first` records of each teacher after the cursor, in the order asked for, and each one's count.

    Two statements, however many teachers are asked for.
    """
    counted = await conn.execute(sa.select(record.c.teacher, sa.func.count()).where(*where).group_by(record.c.teacher))
    totals = {teacher: int(count) for teacher, count in counted}
    place = sa.func.row_number().over(partition_by=record.c.teacher, order_by=_in_order(newest))
    ranked = _statement(known_us).add_columns(place.label("place")).where(*where, *_beyond(after, newest)).subquery()
    rows = await conn.execute(
        sa.select(ranked).where(ranked.c.place <= first).order_by(ranked.c.teacher, ranked.c.place)
    )
    pages: dict[str, list[Record]] = {}
    for row in rows:
        pages.setdefault(row.teacher, []).append(view(row))
    return pages, totals


async def page_records(
    conn: AsyncConnection,
    where: Sequence[sa.ColumnElement[bool]],
    *,
    first: int,
    after: tuple[date, str] | None,
    known_us: int | None = None,
    newest: bool = False,
) -> tuple[list[Record], int]:
    """Return at most `first` records after the cursor, oldest or `newest` first, and how many match in all."""
    total = await conn.scalar(sa.select(sa.func.count()).select_from(record).where(*where))
    rows = await conn.execute(
        _statement(known_us).where(*where, *_beyond(after, newest)).order_by(*_in_order(newest)).limit(first)
    )
    return [view(row) for row in rows], int(total or 0)


def _in_order(newest: bool) -> tuple[sa.ColumnElement[Any], ...]:
    return (record.c.on.desc(), record.c.id.desc()) if newest else (record.c.on, record.c.id)


def _beyond(after: tuple[date, str] | None, newest: bool) -> list[sa.ColumnElement[bool]]:
    if after is None:
        return []
    on, last = after
    if newest:
        return [sa.or_(record.c.on < on, sa.and_(record.c.on == on, record.c.id < last))]
    return [sa.or_(record.c.on > on, sa.and_(record.c.on == on, record.c.id > last))]


async def read_decisions(conn: AsyncConnection, district: str, ids: Sequence[str]) -> dict[str, Any]:
    """Return the stored decisions of records, by record id, in one statement."""
    if not ids:
        return {}
    found = await conn.execute(
        sa.select(decision).where(decision.c.district == district, decision.c.record.in_(list(ids)))
    )
    return {row["record"]: row for row in found.mappings()}
