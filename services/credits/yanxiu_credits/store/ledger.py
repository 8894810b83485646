"""The ledger as it is stored: appended to and read; never changed."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_credits.ledger import GENESIS, Book, Entry, Row, evidence_of
from yanxiu_credits.tables import decision, ledger, ledger_head, record

_COLUMNS = tuple(ledger.c[name] for name in Entry.__struct_fields__)

# What evidence is made of: every column of a record and of its decision, told apart by a prefix.
_RECORD = tuple(column.label(f"record_{column.name}") for column in record.c)
_DECISION = tuple(column.label(f"decision_{column.name}") for column in decision.c)

# Written once: a statement made anew for every command costs more than the database needs to run it.
_ADD = sa.insert(ledger)
_FIRST_HEAD = sa.insert(ledger_head)
_NEXT_HEAD = (
    sa.update(ledger_head)
    .where(ledger_head.c.district == sa.bindparam("of"))
    .values(seq=sa.bindparam("seq"), hash=sa.bindparam("hash"))
)


async def read_head(conn: AsyncConnection, district: str) -> tuple[int, str]:
    """Return the sequence number and hash of the newest entry; 0 and the genesis hash for an empty ledger."""
    found = await conn.execute(
        sa.select(ledger_head.c.seq, ledger_head.c.hash).where(ledger_head.c.district == district)
    )
    head = found.first()
    return (head.seq, head.hash) if head else (0, GENESIS)


async def append(conn: AsyncConnection, entry: Entry, sealed: str) -> None:
    """Add an entry and move the head; the caller's transaction holds both, and read the head before."""
    columns = {name: getattr(entry, name) for name in Entry.__struct_fields__}
    await conn.execute(_ADD, {**columns, "hash": sealed})
    head = {"seq": entry.seq, "hash": sealed}
    if entry.seq == 1:
        await conn.execute(_FIRST_HEAD, {"district": entry.district, **head})
    else:
        await conn.execute(_NEXT_HEAD, {"of": entry.district, **head})


async def read_chain(conn: AsyncConnection, district: str, *, after: int, most: int) -> list[Row]:
    """Return the next rows of the chain in order, each with its evidence as it stands now."""
    found = await conn.execute(
        sa.select(*_COLUMNS, ledger.c.hash, *_RECORD, *_DECISION)
        .outerjoin(record, sa.and_(record.c.district == ledger.c.district, record.c.id == ledger.c.record))
        .outerjoin(decision, sa.and_(decision.c.district == ledger.c.district, decision.c.record == ledger.c.record))
        .where(ledger.c.district == district, ledger.c.seq > after)
        .order_by(ledger.c.seq)
        .limit(most)
    )
    names = Entry.__struct_fields__
    return [
        Row(entry=Entry(**{name: row[name] for name in names}), hash=row["hash"], evidence=_evidence(row))
        for row in found.mappings()
    ]


async def read_books(conn: AsyncConnection, district: str, *, after: str, most: int) -> list[Book]:
    """Return the next records in the order of their ids, each with its evidence as it stands and the entry it names."""
    its_entry = sa.and_(
        ledger.c.district == record.c.district, ledger.c.seq == record.c.entry, ledger.c.record == record.c.id
    )
    found = await conn.execute(
        sa.select(ledger.c.seq, *_RECORD, *_DECISION)
        .select_from(record)
        .outerjoin(ledger, its_entry)
        .outerjoin(decision, sa.and_(decision.c.district == record.c.district, decision.c.record == record.c.id))
        .where(record.c.district == district, record.c.id > after)
        .order_by(record.c.id)
        .limit(most)
    )
    return [
        Book(
            record=row["record_id"],
            counted=row["record_status"] == "COUNTED",
            named=row["record_entry"],
            entry=row["seq"],
            stored=row["record_evidence"],
            evidence=_evidence(row),
        )
        for row in found.mappings()
    ]


def _evidence(row: Any) -> str:
    one = {column.name: row[f"record_{column.name}"] for column in record.c}
    return evidence_of(one, {column.name: row[f"decision_{column.name}"] for column in decision.c})


async def hash_at(conn: AsyncConnection, district: str, seq: int) -> str | None:
    """Return the stored hash of an entry, the genesis hash for 0, None when there is no such row."""
    if seq == 0:
        return GENESIS
    return await conn.scalar(sa.select(ledger.c.hash).where(ledger.c.district == district, ledger.c.seq == seq))


async def last_seq(conn: AsyncConnection, district: str) -> int:
    """Return the sequence number of the last stored row, 0 for none."""
    return int(await conn.scalar(sa.select(sa.func.max(ledger.c.seq)).where(ledger.c.district == district)) or 0)


async def sum_by_teacher(
    conn: AsyncConnection, district: str, teachers: Sequence[str], since: date | None, until: date | None
) -> dict[str, tuple[int, int, int]]:
    """Return (micro hours, micro credits, records counted) per teacher between two days, in one grouped query."""
    given = {"of": district, "teachers": list(teachers), "since": since, "until": until}
    found = await conn.execute(_sums(since is not None, until is not None), given)
    return {teacher: (int(hours), int(credit), int(records)) for teacher, hours, credit, records in found}


@functools.cache
def _sums(since: bool, until: bool) -> sa.Executable:
    counted = sa.func.sum(sa.case((ledger.c.reverses.is_(None), 1), else_=-1))
    sums = sa.select(
        ledger.c.teacher, sa.func.sum(ledger.c.micro_hours), sa.func.sum(ledger.c.micro_credits), counted
    ).where(ledger.c.district == sa.bindparam("of"), ledger.c.teacher.in_(sa.bindparam("teachers", expanding=True)))
    if since:
        sums = sums.where(ledger.c.on >= sa.bindparam("since", type_=sa.Date))
    if until:
        sums = sums.where(ledger.c.on <= sa.bindparam("until", type_=sa.Date))
    return sums.group_by(ledger.c.teacher)


async def page_entries(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int, after: int
) -> tuple[list[Any], int]:
    """Return at most `first` rows with a higher sequence number than `after`, and how many match in all."""
    total = await conn.scalar(sa.select(sa.func.count()).select_from(ledger).where(*where))
    rows = await conn.execute(sa.select(ledger).where(*where, ledger.c.seq > after).order_by(ledger.c.seq).limit(first))
    return list(rows), int(total or 0)
