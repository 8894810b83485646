"""The ledger as it is stored: appended to and read; never changed."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from joserfc.jwk import KeySet
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.directly import changed_by, write_all
from yanxiu_durable.looking import Look

from yanxiu_credits.books.kinds import RECOGNISED, REGISTERED
from yanxiu_credits.books.redacted import RECORD as RECORD_DIGEST
from yanxiu_credits.books.redacted import REVERSAL, Redactions, read_redactions
from yanxiu_credits.ledger import GENESIS, Book, Entry, Row, evidence_of
from yanxiu_credits.store.evidence import (
    DECISION,
    ENTRY_AND_EVIDENCE,
    EVIDENCE,
    RECORD,
    basis_now,
    evidence_now,
    part_of,
)
from yanxiu_credits.tables import balance, decision, ledger, ledger_head, record

_COLUMNS = tuple(ledger.c[name] for name in Entry.__struct_fields__)

# Written once: a statement made anew for every command costs more than the database needs to run it.
_ADD = sa.insert(ledger)
_FIRST_HEAD = sa.insert(ledger_head)
_NEXT_HEAD = (
    sa.update(ledger_head)
    .where(ledger_head.c.district == sa.bindparam("of"))
    .values(seq=sa.bindparam("seq"), hash=sa.bindparam("hash"))
)


_CHAIN = (
    sa.select(*_COLUMNS, ledger.c.hash, *EVIDENCE)
    .select_from(ENTRY_AND_EVIDENCE)
    .where(ledger.c.district == sa.bindparam("of"), ledger.c.seq > sa.bindparam("after"))
    .order_by(ledger.c.seq)
    .limit(sa.bindparam("most"))
)


async def read_head(conn: AsyncConnection, district: str) -> tuple[int, str]:
    """Return the sequence number and hash of the newest entry; 0 and the genesis hash for an empty ledger."""
    found = await conn.execute(
        sa.select(ledger_head.c.seq, ledger_head.c.hash).where(ledger_head.c.district == district)
    )
    head = found.first()
    return (head.seq, head.hash) if head else (0, GENESIS)


async def append_all(conn: AsyncConnection, sealed: Sequence[tuple[Entry, str]]) -> None:
    """Add entries with their hashes and move the head to the last, in two statements.

    The caller's transaction holds both, and read the head before.
    """
    names = Entry.__struct_fields__
    rows = [{**{name: getattr(entry, name) for name in names}, "hash": its_hash} for entry, its_hash in sealed]
    await write_all(conn, _ADD, rows)
    district, head = rows[-1]["district"], {"seq": rows[-1]["seq"], "hash": rows[-1]["hash"]}
    if rows[0]["seq"] == 1:
        await changed_by(conn, _FIRST_HEAD, {"district": district, **head})
    else:
        await changed_by(conn, _NEXT_HEAD, {"of": district, **head})


async def read_chain(
    conn: AsyncConnection, district: str, *, after: int, most: int, keys: KeySet | None = None
) -> list[Row]:
    """Return the next rows of the chain in order, each with its evidence as it stands, or stood before an erasure.

    With `keys` it believes the redactions alone that they signed; without, whoever asks looks at those himself.
    """
    redacted = await read_redactions(conn, district, keys)
    found = await conn.execute(_CHAIN, {"of": district, "after": after, "most": most})
    return [_row(row, redacted) for row in _plain(found)]


def _row(row: Any, redacted: Redactions) -> Row:
    entry = Entry(**{name: row[name] for name in Entry.__struct_fields__})
    what, key = (REVERSAL, entry.entry_id) if entry.reverses is not None else (RECORD_DIGEST, entry.record)
    evidence = redacted.original(what, key, evidence_now(row, entry))
    return Row(entry=entry, hash=row["hash"], evidence=evidence, basis=basis_now(row, entry))


async def read_books(
    conn: AsyncConnection, district: str, *, after: str, most: int, keys: KeySet | None = None
) -> list[Book]:
    """Return the next records in the order of their ids, each with its evidence as it stands and the entry it names."""
    its_entry = sa.and_(
        ledger.c.district == record.c.district, ledger.c.seq == record.c.entry, ledger.c.record == record.c.id
    )
    redacted = await read_redactions(conn, district, keys)
    found = await conn.execute(
        sa.select(ledger.c.seq, *RECORD, *DECISION)
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
            # As the chain reads it (`evidence_now`).
            evidence=redacted.original(
                RECORD_DIGEST,
                row["record_id"],
                evidence_of(part_of(row, record, "record"), part_of(row, decision, "decision")),
            ),
        )
        for row in _plain(found)
    ]


def _plain(found: sa.CursorResult[Any]) -> Iterator[dict[str, Any]]:
    """Rows by name, for who reads every column of them: a row of SQLAlchemy looks each name up again."""
    names = tuple(found.keys())
    return (dict(zip(names, row, strict=True)) for row in found)


async def hash_at(conn: AsyncConnection, district: str, seq: int) -> str | None:
    """Return the stored hash of an entry, the genesis hash for 0, None when there is no such row."""
    if seq == 0:
        return GENESIS
    return await conn.scalar(sa.select(ledger.c.hash).where(ledger.c.district == district, ledger.c.seq == seq))


async def read_hashes(conn: AsyncConnection, district: str, *, after: int, most: int) -> list[tuple[int, str]]:
    """Return the sequence numbers and stored hashes of the next entries, in sequence."""
    found = await conn.execute(
        sa.select(ledger.c.seq, ledger.c.hash)
        .where(ledger.c.district == district, ledger.c.seq > after)
        .order_by(ledger.c.seq)
        .limit(most)
    )
    return [(seq, its_hash) for seq, its_hash in found]


async def last_seq(conn: AsyncConnection, district: str) -> int:
    """Return the sequence number of the last stored row, 0 for none."""
    return int(await conn.scalar(sa.select(sa.func.max(ledger.c.seq)).where(ledger.c.district == district)) or 0)


class Sums(msgspec.Struct, frozen=True):
    """A teacher's sums in millionths: registered and recognised apart, and how many records count."""

    micro_hours: int = 0
    micro_credits: int = 0
    records: int = 0
    recognised_micro_hours: int = 0
    recognised_micro_credits: int = 0


def sums_of(
    look: Look,
    district: str,
    teachers: Sequence[str],
    since: date | None,
    until: date | None,
    *,
    known_us: int | None = None,
) -> dict[str, Sums]:
    """Return the sums per teacher: as they are kept, or between two days, or with `known_us` as they were then."""
    if since is None and until is None and known_us is None:
        kept = look(_KEPT, {"of": district, "teachers": list(teachers)})
        return {teacher: Sums(*amounts) for teacher, *amounts in kept}
    given = {"of": district, "teachers": list(teachers), "since": since, "until": until, "known": known_us}
    found = look(_sums(since is not None, until is not None, known_us is not None), given)
    return {teacher: Sums(*map(int, amounts)) for teacher, *amounts in found}


_KEPT = sa.select(balance.c.teacher, *(balance.c[name] for name in Sums.__struct_fields__)).where(
    balance.c.district == sa.bindparam("of"), balance.c.teacher.in_(sa.bindparam("teachers", expanding=True))
)


def _summed(kinds: Sequence[str], amount: Any) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((ledger.c.kind.in_(kinds), amount), else_=0))


# In the order of the fields of `Sums`.
SUMMED = (
    _summed(REGISTERED, ledger.c.micro_hours),
    _summed(REGISTERED, ledger.c.micro_credits),
    _summed(REGISTERED, sa.case((ledger.c.reverses.is_(None), 1), else_=-1)),
    _summed(RECOGNISED, ledger.c.micro_hours),
    _summed(RECOGNISED, ledger.c.micro_credits),
)


@functools.cache
def _sums(since: bool, until: bool, known: bool) -> sa.Executable:
    sums = sa.select(ledger.c.teacher, *SUMMED).where(
        ledger.c.district == sa.bindparam("of"), ledger.c.teacher.in_(sa.bindparam("teachers", expanding=True))
    )
    if since:
        sums = sums.where(ledger.c.on >= sa.bindparam("since", type_=sa.Date))
    if until:
        sums = sums.where(ledger.c.on <= sa.bindparam("until", type_=sa.Date))
    if known:
        sums = sums.where(ledger.c.recorded_us <= sa.bindparam("known", type_=sa.BigInteger))
    return sums.group_by(ledger.c.teacher)


async def page_entries(
    conn: AsyncConnection, where: Sequence[sa.ColumnElement[bool]], *, first: int, after: int, newest: bool = False
) -> tuple[list[Any], int]:
    """Return at most `first` rows beyond `after`, along the chain or back from its end, and how many match in all."""
    total = await conn.scalar(sa.select(sa.func.count()).select_from(ledger).where(*where))
    its = ledger.c.seq
    beyond = [its < after if newest else its > after] if after else []
    found = sa.select(ledger).where(*where, *beyond).order_by(its.desc() if newest else its).limit(first)
    return list(await conn.execute(found)), int(total or 0)
