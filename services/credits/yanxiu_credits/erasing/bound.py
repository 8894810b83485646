"""The digests of rows that hashes rest on, before and after their texts are erased, and the redactions between them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.persons.clear_texts import Change
from yanxiu_wire.codec import encode

from yanxiu_credits.books.anchored import DAILY, SINGLES, Place, daily_key
from yanxiu_credits.books.redacted import DOCUMENT, KIND, RECORD, REVERSAL, Redaction
from yanxiu_credits.books.tables import integrity_entry, reversal
from yanxiu_credits.erasing.tables import redaction
from yanxiu_credits.ledger import digest, evidence_of
from yanxiu_credits.tables import decision, record
from yanxiu_credits.transfer.tables import transfer

Sign = Callable[[bytes, str], str]
Keys = Mapping[str, Collection[tuple[Any, ...]]]


async def digests_of(conn: AsyncConnection, district: str, changes: Sequence[Change]) -> dict[Place, str]:
    """Return the digest of each place that these changes touch, as the rows stand now."""
    keys: dict[str, set[tuple[Any, ...]]] = {}
    for one in changes:
        keys.setdefault(one.table.name, set()).add(one.key)
    found: dict[Place, str] = {}
    for of in (_records, _reversals, _documents, _singles, _daily):
        found.update(await of(conn, district, keys))
    return found


def redactions_of(
    before: Mapping[Place, str], after: Mapping[Place, str], *, district: str, erasure: str, by: str, at_us: int
) -> list[Redaction]:
    """Return a redaction for every place that gives another digest now."""
    of = {"district": district, "erasure": erasure, "redacted_by": by, "redacted_us": at_us}
    made: list[Redaction] = []
    for (what, key), was in sorted(before.items()):
        now = after[what, key]
        if now != was:
            # The same is made again, in a copy of before.
            its = digest(erasure, what, key, now)[:32]
            made.append(Redaction(id=its, what=what, key=key, before=was, after=now, **of))
    return made


async def put_redactions(conn: AsyncConnection, made: Iterable[Redaction], sign: Sign) -> int:
    """Keep them, each signed; returns how many."""
    rows = [msgspec.structs.asdict(one) | {"token": sign(encode(one), KIND)} for one in made]
    if rows:
        await conn.execute(sa.insert(redaction), rows)
    return len(rows)


async def _records(conn: AsyncConnection, district: str, keys: Keys) -> dict[Place, str]:
    ids = {key for name in ("record", "decision") for (key,) in keys.get(name, ())}
    found: dict[Place, str] = {}
    for its in sorted(ids):
        row = await _one(conn, record, district, record.c.id == its)
        judged = await _one(conn, decision, district, decision.c.record == its)
        found[RECORD, its] = evidence_of(row, judged)
    return found


async def _reversals(conn: AsyncConnection, district: str, keys: Keys) -> dict[Place, str]:
    ids = {key for (key,) in keys.get("reversal", ())}
    fraud = [key for (key,) in keys.get("integrity_entry", ())]
    its = reversal.c
    found = await conn.execute(sa.select(its.entry_id).where(its.district == district, its.integrity.in_(fraud)))
    made: dict[Place, str] = {}
    for entry in sorted({*ids, *found.scalars()}):
        row = await _one(conn, reversal, district, its.entry_id == entry)
        named = row["integrity"]
        why = await _one(conn, integrity_entry, district, integrity_entry.c.id == named) if named else {}
        made[REVERSAL, entry] = evidence_of(row, why)
    return made


async def _documents(conn: AsyncConnection, district: str, keys: Keys) -> dict[Place, str]:
    made: dict[Place, str] = {}
    for (its,) in sorted(keys.get("transfer", ())):
        row = await _one(conn, transfer, district, transfer.c.id == its)
        made[DOCUMENT, its] = hashlib.sha256(row["document"].encode()).hexdigest()
    return made


async def _singles(conn: AsyncConnection, district: str, keys: Keys) -> dict[Place, str]:
    made: dict[Place, str] = {}
    for what, kind in SINGLES.items():
        wanted = [":".join(map(str, key)) for key in keys.get(kind.table.name, ())]
        if wanted:
            rows = await conn.execute(kind.rows(what, district).where(kind.key.in_(wanted)))
            for row in rows.mappings():
                its = {name: value for name, value in row.items() if name != "its_key"}
                made[what, row["its_key"]] = kind.digest(its)
    return made


async def _daily(conn: AsyncConnection, district: str, keys: Keys) -> dict[Place, str]:
    made: dict[Place, str] = {}
    for what, kind in DAILY.items():
        for key in keys.get(kind.table.name, ()):
            row = await _one(conn, kind.table, district, Change(kind.table, key, {}).where)
            made[what, daily_key(kind, row)] = kind.digest(row)
    return made


async def _one(
    conn: AsyncConnection, table: sa.Table, district: str, which: sa.ColumnElement[bool]
) -> Mapping[str, Any]:
    """The row; empty where there is none, as the chain reads it."""
    row = (await conn.execute(sa.select(table).where(table.c.district == district, which))).mappings().first()
    return dict(row) if row is not None else {}
