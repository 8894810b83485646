"""Take a person's names out of the free texts of a service: looked for in every text that is declared, then blanked.

What is declared are `Texts`: by table, the columns that people write into freely; a test sees that no column is left
out. Rows are looked for while others write, and changed in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.tables import INBOX
from yanxiu_wire.erasure import ErasureWords

from yanxiu_footing.persons.assess_blank import Sought, blanked
from yanxiu_footing.persons.clearing_tables import erasing, erasure_cleared
from yanxiu_footing.persons.held import Held, Personal, Whose, holds

Texts = Mapping[str, tuple[str, ...]]
"""By table, the columns that people write into freely."""
NoTexts = Mapping[str, str]
"""By column, or `table.column`, why nobody writes freely there."""
Key = tuple[Any, ...]
# What was answered, for repeats: not blanked but forgotten, for the command that it repeats named him too.
ANSWERS = "inbox"


@dataclass(frozen=True, slots=True)
class Change:
    """Columns of one row that become others; `key` is its primary key without the district."""

    table: sa.Table
    key: Key
    values: Mapping[str, Any]

    @property
    def where(self) -> sa.ColumnElement[bool]:
        """Return the condition that it is this row."""
        its = zip(keys_of(self.table), self.key, strict=True)
        return sa.and_(sa.true(), *(column == value for column, value in its))


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for and where: names and numbers anywhere, `shared` names in rows about the person alone."""

    metadata: sa.MetaData
    texts: Texts
    personal: Personal
    whose: Whose
    anywhere: Sought
    shared: Sought

    @classmethod
    def of(cls, metadata: sa.MetaData, texts: Texts, personal: Personal, whose: Whose, words: ErasureWords) -> Search:
        """Return the search for the words of an erasure."""
        return cls(
            metadata=metadata,
            texts={**texts, ANSWERS: ("reply",)},
            personal=personal,
            whose=whose,
            anywhere=Sought(names=words.names, numbers=words.numbers, spared=words.spared),
            shared=Sought(names=words.shared, spared=words.spared),
        )

    def passes(self, name: str) -> Iterable[tuple[Sought, Held | None]]:
        """Return what is looked for in a table: in all its rows, and in those about the person."""
        yield self.anywhere, None
        if name in self.personal:
            yield self.shared, self.personal[name]


def keys_of(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of the primary key but the district."""
    return [column for column in table.primary_key if column.name != "district"]


async def find_rows(conn: AsyncConnection, search: Search) -> dict[str, list[Key]]:
    """Return by table the keys of rows that may hold a word; a reading transaction is enough."""
    found: dict[str, list[Key]] = {}
    for name, columns in search.texts.items():
        table = search.metadata.tables[name]
        for sought, held in search.passes(name):
            if not sought.words:
                continue
            # A table may have one row of a district, without any other key.
            query = sa.select(table.c.district, *keys_of(table)).where(
                _may_hold(table, columns, sought, search.whose.district)
            )
            query = query.where(held.where(search.whose)) if held is not None else query
            found.setdefault(name, []).extend(tuple(row)[1:] for row in (await conn.execute(query)).all())
    return {name: list(dict.fromkeys(keys)) for name, keys in found.items() if keys}


async def changes_of(conn: AsyncConnection, search: Search, rows: Mapping[str, Sequence[Key]]) -> list[Change]:
    """Return what becomes of those rows; the ones that only looked alike stay out."""
    made: list[Change] = []
    for name, keys in rows.items():
        table, columns = search.metadata.tables[name], search.texts[name]
        for key in keys:
            row = await _row(conn, search, table, key)
            values = {column: new for column in columns if (new := _new(row, column)) is not None}
            if values:
                made.append(Change(table, key, _FORGOTTEN if name == ANSWERS else values))
    return made


_FORGOTTEN = {"reply": None, "reply_type": "erased", "hash": "erased"}
_Row = tuple[Mapping[Any, Any], tuple[Sought, ...]]


async def _row(conn: AsyncConnection, search: Search, table: sa.Table, key: Key) -> _Row:
    """A row, and what is looked for in it."""
    of = Change(table, key, {}).where
    base = sa.select(table).where(table.c.district == search.whose.district, of)
    row = (await conn.execute(base)).mappings().one()
    held = search.personal.get(table.name)
    if held is None or not search.shared.words:
        return row, (search.anywhere,)
    mine = (await conn.execute(base.where(held.where(search.whose)))).first() is not None
    return row, (search.anywhere, search.shared) if mine else (search.anywhere,)


def _new(row: _Row, column: str) -> str | bytes | None:
    value = row[0][column]
    if value is None:
        return None
    text = before = value if isinstance(value, str) else bytes(value).decode(errors="surrogateescape")
    for sought in row[1]:
        text = blanked(text, sought)
    if text == before:
        return None
    return text if isinstance(value, str) else text.encode(errors="surrogateescape")


def _may_hold(table: sa.Table, columns: Sequence[str], sought: Sought, district: str) -> sa.ColumnElement[bool]:
    some = [
        sa.and_(*(_holds(table.c[name], fragment) for fragment in word))
        for word in sought.fragments
        for name in columns
    ]
    return sa.and_(table.c.district == district, sa.or_(*some))


def _holds(column: sa.Column[Any], fragment: str) -> sa.ColumnElement[bool]:
    if isinstance(column.type, sa.LargeBinary):
        # Bytes have no case: what was written in another is looked for too.
        return sa.or_(*(holds(column, one) for one in dict.fromkeys((fragment, fragment.upper()))))
    return sa.func.lower(column).contains(fragment, autoescape=True)


async def put_changes(
    conn: AsyncConnection, whose: Whose, erasure: str, changes: Sequence[Change], now_us: int
) -> dict[str, int]:
    """Make the changes, and note how many of which table; returns that."""
    district = whose.district
    if conn.dialect.name == "sqlite":
        # What is overwritten is zeroed in the page, not merely let go.
        await conn.exec_driver_sql("PRAGMA secure_delete=ON")
    counts: dict[str, int] = {}
    await open_tables(conn, district, erasure)
    for one in changes:
        which = sa.and_(one.table.c.district == district, one.where)
        await conn.execute(sa.update(one.table).where(which).values(**one.values))
        counts[one.table.name] = counts.get(one.table.name, 0) + 1
    await shut_tables(conn, district)
    await note_cleared(conn, district, erasure, counts, now_us)
    return counts


async def open_tables(conn: AsyncConnection, district: str, erasure: str) -> None:
    """Let texts of append-only tables be changed until `shut_tables`, in this transaction."""
    await conn.execute(sa.insert(erasing).values(district=district, erasure=erasure))


async def shut_tables(conn: AsyncConnection, district: str) -> None:
    """Let nothing be changed any more."""
    await conn.execute(sa.delete(erasing).where(erasing.c.district == district))


async def note_cleared(
    conn: AsyncConnection, district: str, erasure: str, counts: Mapping[str, int], now_us: int
) -> None:
    """Keep what an erasure changed here; what it changes once more is added."""
    its = erasure_cleared.c
    known = await conn.scalar(sa.select(its.counts).where(its.district == district, its.erasure == erasure))
    before: dict[str, int] = msgspec.json.decode(known) if known else {}
    summed = {name: before.get(name, 0) + counts.get(name, 0) for name in sorted({*before, *counts})}
    row = {"counts": msgspec.json.encode(summed).decode(), "cleared_us": now_us, "swept_us": None}
    insert = insert_sqlite if conn.dialect.name == "sqlite" else insert_postgresql
    put = insert(erasure_cleared).values(district=district, erasure=erasure, **row)
    await conn.execute(put.on_conflict_do_update(index_elements=["district", "erasure"], set_=row))


async def answers_of(conn: AsyncConnection, district: str, erasure: str) -> dict[str, int] | None:
    """Return what an erasure changed here; None where it did not come here."""
    its = erasure_cleared.c
    known = await conn.scalar(sa.select(its.counts).where(its.district == district, its.erasure == erasure))
    return msgspec.json.decode(known, type=dict[str, int]) if known else None


assert INBOX.name == ANSWERS  # noqa: S101 - one table of one name
