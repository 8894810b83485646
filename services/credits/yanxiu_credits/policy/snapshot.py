"""What a preview sees of the books: the records and lines that stood when the ledger's head was where it noted it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_credits.books.kinds import REGISTRATION, TRANSFERRED
from yanxiu_credits.books.locks import Lock, in_force
from yanxiu_credits.books.standing_recognitions import STANDS
from yanxiu_credits.books.tables import lock_event, recognition
from yanxiu_credits.ledger import digest
from yanxiu_credits.tables import ledger, project, record, school_fact, teacher_fact, term_fact

_back = ledger.alias("back")
_later = record.alias("later")


# What a law judges a record by, and what its worth is compared with.
_JUDGED = tuple(
    record.c[name]
    for name in (
        "id", "teacher", "school", "project", "on", "status", "micro_hours", "micro_credits", "facts", "attributes"
    )
)  # fmt: skip


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Up to where the books are seen: entries to `seq`, records without entry to `us` (microseconds since 1970)."""

    seq: int
    us: int


def _stands(seen: Seen, decided: Sequence[str] = ()) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on `ledger` that a registration is known and no known entry reverses it.

    For the records in `decided` a reversal that came since is known too.
    """
    reversed_then = sa.exists().where(
        _back.c.district == ledger.c.district,
        _back.c.reverses == ledger.c.entry_id,
        sa.or_(_back.c.seq <= seen.seq, _back.c.record.in_(list(decided))),
    )
    return [ledger.c.kind == REGISTRATION, ledger.c.seq <= seen.seq, ~reversed_then]


async def read_current(
    conn: AsyncConnection, district: str, teachers: Sequence[str], since: date, seen: Seen
) -> list[Any]:
    """Return the records from a day on that stand, counted or worth nothing, with the id of the entry of each.

    One that was taken back is none of them; of an activity it is the newest generation. Ordered by teacher and id.
    What a transfer brought is left out: this law never judged it as a training, and a change of law decides nothing of
    it. Its line counts in the standings all the same.
    """
    its_entry = sa.and_(
        ledger.c.district == record.c.district, ledger.c.seq == record.c.entry, ledger.c.record == record.c.id
    )
    newer = sa.exists().where(
        _later.c.district == record.c.district,
        _later.c.teacher == record.c.teacher,
        _later.c.activity == record.c.activity,
        _later.c.kind == record.c.kind,
        _later.c.generation > record.c.generation,
        sa.or_(_later.c.entry <= seen.seq, sa.and_(_later.c.entry.is_(None), _later.c.recorded_us <= seen.us)),
    )
    without = sa.and_(record.c.entry.is_(None), record.c.recorded_us <= seen.us, ~newer)
    found = await conn.execute(
        sa.select(*_JUDGED, ledger.c.entry_id)
        .outerjoin(ledger, its_entry)
        .where(
            record.c.district == district,
            record.c.teacher.in_(list(teachers)),
            record.c.on >= since,
            record.c.kind != TRANSFERRED,
            sa.or_(sa.and_(*_stands(seen)), without),
        )
        .order_by(record.c.teacher, record.c.id)
    )
    return list(found.mappings())


async def read_period(
    conn: AsyncConnection,
    district: str,
    teachers: Sequence[str],
    days: tuple[date, date],
    seen: Seen,
    *,
    more: Sequence[str] = (),
    decided: Sequence[str] = (),
) -> list[Any]:
    """Return the lines between two days that stood, ordered by teacher, day and place in the chain.

    `more` names records that came since and count here, `decided` those whose reversal since counts here.
    """
    known = sa.and_(*_stands(seen, decided))
    added = sa.and_(ledger.c.kind == REGISTRATION, record.c.id.in_(list(more)))
    found = await conn.execute(
        sa.select(
            ledger.c.teacher,
            ledger.c.record,
            ledger.c.on,
            ledger.c.micro_hours,
            ledger.c.micro_credits,
            record.c.attributes,
        )
        .join(record, sa.and_(record.c.district == ledger.c.district, record.c.id == ledger.c.record))
        .where(
            ledger.c.district == district,
            ledger.c.teacher.in_(list(teachers)),
            ledger.c.on >= days[0],
            ledger.c.on <= days[1],
            sa.or_(known, added),
        )
        .order_by(ledger.c.teacher, ledger.c.on, ledger.c.seq)
    )
    return list(found)


async def read_locks(conn: AsyncConnection, district: str, today: date) -> list[Lock]:
    """Return every lock that is in force."""
    rows = await conn.execute(sa.select(lock_event).where(in_force(district, today)).order_by(lock_event.c.id))
    return [
        Lock(
            id=row.id,
            school=row.school or None,
            kind=row.period_kind,
            label=row.label,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            reason=row.reason,
            put_by=row.put_by,
            role=row.role,
            recorded_us=row.recorded_us,
        )
        for row in rows
    ]


# A teacher, and the kind, label and school of a period in which he stands recognised.
Recognised = tuple[str, str, str, str | None]


async def read_recognised(conn: AsyncConnection, district: str, teachers: Sequence[str]) -> frozenset[Recognised]:
    """Return the recognitions of these teachers that nobody took back."""
    its = recognition.c
    found = await conn.execute(
        sa.select(its.teacher, its.period_kind, its.label, its.school).where(
            its.district == district, its.teacher.in_(list(teachers)), STANDS
        )
    )
    return frozenset((row.teacher, row.period_kind, row.label, row.school) for row in found)


def closing(
    locks: Sequence[Lock], recognised: Collection[Recognised], *, teacher: str, school: str | None, on: date
) -> str | None:
    """Return how a lock that closes a teacher's day at a school is called, None where it is open.

    As for registrations: the school's lock, the district's, and that of any recognition that stands for the teacher.
    """
    for one in locks:
        its = one.school in (None, school) or (teacher, one.kind, one.label, one.school) in recognised
        if its and one.starts_on <= on <= one.ends_on:
            return named(one)
    return None


def named(lock: Lock) -> str:
    """Return how a lock is called: `year 2024 school-1`, `year 2024` for the whole district."""
    return " ".join(part for part in (lock.kind, lock.label, lock.school) if part)


async def fingerprint(conn: AsyncConnection, district: str) -> str:
    """Return a digest of everything that a preview depends on beside the ledger and the law.

    Versions of teachers, schools, terms and projects only grow; records and lock events are only added.
    """
    counts: Mapping[sa.Table, sa.ColumnElement[Any]] = {
        teacher_fact: sa.func.sum(teacher_fact.c.version),
        school_fact: sa.func.sum(school_fact.c.version),
        term_fact: sa.func.sum(term_fact.c.version),
        project: sa.func.count(project.c.approved_on),
        record: sa.func.max(record.c.id),
        lock_event: sa.func.max(lock_event.c.id),
    }
    parts: list[str] = []
    for table, figure in counts.items():
        row = (await conn.execute(sa.select(sa.func.count(), figure).where(table.c.district == district))).one()
        parts += [table.name, str(row[0]), str(row[1])]
    return digest(*parts)
