"""What was erased of rows that hashes rest on: by a signed redaction a row answers to the digest of before.

A redaction says of one row, under an erasure: it gave this digest, and without the text it gives that one. Whoever
checks the books takes for what the row gives now the digest that it had, and nothing else: a row that was changed in
any other way gives a digest that no redaction names. Whether a redaction is genuine its signature says: who
checks a whole ledger looks at that first (`first_forged`), who checks something alone reads the genuine ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from joserfc.jwk import KeySet
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import encode
from yanxiu_wire.signed import NotSigned, content_of

from yanxiu_credits.erasing.tables import redaction
from yanxiu_credits.ledger import Broken

KIND = "yanxiu-redaction+jws"
# Of what the digest is, beside the kinds of rows that signed heads answer for: a record with its decision, a reversal
# with its finding of fraud, the document of a transfer.
RECORD, REVERSAL, DOCUMENT = "record", "reversal", "transfer-document"


class Redaction(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed of a redaction."""

    district: str
    id: str
    what: str
    key: str
    before: str
    after: str
    erasure: str
    redacted_by: str
    redacted_us: int


class Redactions:
    """The redactions of a district, as one answers by them."""

    def __init__(self, rows: Iterable[Any] = ()) -> None:
        self._before: dict[tuple[str, str, str], str] = {}
        for row in rows:
            self._before[row.what, row.key, row.after] = row.before

    def original(self, what: str, key: str, now: str) -> str:
        """Return the digest that stood before anything of it was erased; `now` itself where nothing was."""
        seen: set[str] = set()
        while now not in seen and (before := self._before.get((what, key, now))) is not None:
            seen.add(now)
            now = before
        return now


NONE = Redactions()


async def read_redactions(conn: AsyncConnection, district: str, keys: KeySet | None = None) -> Redactions:
    """Return those of a district; with `keys` those alone that one of them signed as they stand."""
    its = redaction.c
    if keys is None:
        rows = sa.select(its.what, its.key, its.before, its.after).where(its.district == district)
        return Redactions((await conn.execute(rows)).all())
    signed = (await conn.execute(sa.select(redaction).where(its.district == district))).all()
    return Redactions(row for row in signed if _genuine(row._mapping, keys))  # noqa: SLF001 - SQLAlchemy's public name


async def first_forged(conn: AsyncConnection, keys: KeySet, district: str) -> Broken | None:
    """Return the first redaction that no key of the set signed as it stands."""
    rows = sa.select(redaction).where(redaction.c.district == district).order_by(redaction.c.id)
    for row in (await conn.execute(rows)).mappings():
        if not _genuine(row, keys):
            zh = f"伪造：抹去{row['what']} {row['key']}文字的记载没有台账密钥的签名"
            en = f"forged: the redaction of {row['what']} {row['key']} is not signed with the ledger's key"
            return Broken(seq=0, problem=f"{zh} {en}")
    return None


def _genuine(row: Mapping[Any, Any], keys: KeySet) -> bool:
    stated = Redaction(**{name: row[name] for name in Redaction.__struct_fields__})
    try:
        return content_of(row["token"], keys, KIND) == encode(stated)
    except NotSigned:
        return False


async def erased_rows(conn: AsyncConnection, district: str) -> dict[str, int]:
    """Return for each erasure how many rows under hashes had a text erased by it."""
    its = redaction.c
    places = sa.select(its.erasure, its.what, its.key).where(its.district == district).distinct().subquery()
    counted = sa.select(places.c.erasure, sa.func.count()).group_by(places.c.erasure).order_by(places.c.erasure)
    return {erasure: int(count) for erasure, count in (await conn.execute(counted)).all()}
