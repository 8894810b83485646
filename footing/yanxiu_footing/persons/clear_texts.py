"""Take a person's names out of the free texts of a service: looked for in every text that is declared, then blanked.

What is declared are `Texts`: by table, the columns that people write into freely; a test sees that no column is left
out. Rows are looked for while others write, and those that hold a word are changed in one transaction.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.tables import INBOX
from yanxiu_wire.erasure import ErasureWords

from yanxiu_footing.persons.assess_blank import Sought, blanked
from yanxiu_footing.persons.clearing_tables import erasing, erasure_cleared
from yanxiu_footing.persons.held import Held, Personal, Whose, holds, holds_folded

Texts = Mapping[str, tuple[str, ...]]
"""By table, the columns that people write into freely."""
NoTexts = Mapping[str, str]
"""By column, or `table.column`, why nobody writes freely there."""
Key = tuple[Any, ...]
# What was answered, for repeats: not blanked but forgotten, for the command that it repeats named him too.
ANSWERS = "inbox"
# So many are read at a time: others are served in between.
_ROWS = 100
_ESCAPE = "\\u"


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
    """What is looked for and where: names and numbers anywhere, `shared` ones in rows about the person alone."""

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
            shared=Sought(names=words.shared, numbers=words.shared_numbers, spared=words.spared),
        )

    def passes(self, name: str) -> Iterable[tuple[Sought, Held | None]]:
        """Return what is looked for in a table: in all its rows, and in those about the person."""
        yield self.anywhere, None
        if name in self.personal:
            yield self.shared, self.personal[name]


class Found(NamedTuple):
    """A row in which some of the words may stand: its key, its texts, what was looked for, and whether it is his."""

    table: sa.Table
    key: Key
    texts: tuple[str, ...]
    sought: Sought
    his: bool

    def holds(self, sought: Sought) -> bool:
        """Whether something of it would be taken out of one of the texts."""
        return any(blanked(one, sought) != one for one in self.texts)


def keys_of(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of the primary key but the district."""
    return [column for column in table.primary_key if column.name != "district"]


async def look_through(conn: AsyncConnection, search: Search) -> AsyncIterator[list[Found]]:
    """Read the rows in which the database finds the signs of a word, some at a time."""
    for name, columns in search.texts.items():
        table = search.metadata.tables[name]
        keys = keys_of(table)
        mine = search.personal[name].where(search.whose) if name in search.personal else sa.false()
        for sought, held in search.passes(name):
            if not sought.words:
                continue
            texts = [table.c[one].label(f"text_{one}") for one in columns]
            query = sa.select(mine.label("is_his"), *texts, *keys).where(
                _may_hold(table, columns, sought, search.whose.district)
            )
            query = query.where(mine) if held is not None else query
            async with conn.stream(query) as rows:
                async for some in rows.partitions(_ROWS):
                    yield [_found(table, len(texts), sought, row) for row in some]


def _found(table: sa.Table, texts: int, sought: Sought, row: Any) -> Found:
    told = tuple(_text(one) for one in row[1 : texts + 1] if one is not None)
    return Found(table, tuple(row[texts + 1 :]), told, sought, bool(row[0]))


async def find_rows(conn: AsyncConnection, search: Search) -> dict[str, list[Key]]:
    """Return by table the keys of rows that hold a word; a reading transaction is enough."""
    found: dict[str, dict[Key, None]] = {}
    async for some in look_through(conn, search):
        for one in some:
            if one.holds(one.sought):
                found.setdefault(one.table.name, {})[one.key] = None
    return {name: list(keys) for name, keys in found.items()}


async def changes_of(conn: AsyncConnection, search: Search, rows: Mapping[str, Sequence[Key]]) -> list[Change]:
    """Return what becomes of those rows as they are now."""
    made: list[Change] = []
    for name, keys in rows.items():
        table, columns = search.metadata.tables[name], search.texts[name]
        for key in keys:
            row = await _row(conn, search, table, key)
            if row is None:
                # Gone since it was found: an answer, a draft, a letter that nobody keeps.
                continue
            values = {column: new for column in columns if (new := _new(row, column)) is not None}
            if values:
                made.append(Change(table, key, _FORGOTTEN if name == ANSWERS else values))
    return made


_FORGOTTEN = {"reply": None, "reply_type": "erased", "hash": "erased"}
_Row = tuple[Mapping[Any, Any], tuple[Sought, ...]]


async def _row(conn: AsyncConnection, search: Search, table: sa.Table, key: Key) -> _Row | None:
    """A row, and what is looked for in it; None where it is gone."""
    of = Change(table, key, {}).where
    base = sa.select(table).where(table.c.district == search.whose.district, of)
    row = (await conn.execute(base)).mappings().first()
    if row is None:
        return None
    held = search.personal.get(table.name)
    if held is None or not search.shared.words:
        return row, (search.anywhere,)
    mine = (await conn.execute(base.where(held.where(search.whose)))).first() is not None
    return row, (search.anywhere, search.shared) if mine else (search.anywhere,)


def _new(row: _Row, column: str) -> str | bytes | None:
    value = row[0][column]
    if value is None:
        return None
    text = before = _text(value)
    for sought in row[1]:
        text = blanked(text, sought)
    if text == before:
        return None
    return text if isinstance(value, str) else text.encode(errors="surrogateescape")


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else bytes(value).decode(errors="surrogateescape")


def _may_hold(table: sa.Table, columns: Sequence[str], sought: Sought, district: str) -> sa.ColumnElement[bool]:
    """Every sign of a word stands in the text: or JSON that has signs escaped, which is looked at in any case."""
    some = [
        sa.and_(*(sa.or_(*(holds_folded(table.c[name], way) for way in ways)) for ways in word))
        for word in sought.fragments
        for name in columns
    ]
    escaped = [holds(table.c[name], _ESCAPE) for name in columns]
    return sa.and_(table.c.district == district, sa.or_(*some, *escaped))


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
    insert = insert_sqlite if conn.dialect.name == "sqlite" else insert_postgresql
    put = insert(erasing).values(district=district, erasure=erasure)
    await conn.execute(put.on_conflict_do_update(index_elements=["district"], set_={"erasure": erasure}))


async def shut_tables(conn: AsyncConnection, district: str) -> None:
    """Let nothing be changed any more."""
    await conn.execute(sa.delete(erasing).where(erasing.c.district == district))


async def note_cleared(
    conn: AsyncConnection, district: str, erasure: str, counts: Mapping[str, int], now_us: int
) -> None:
    """Keep what an erasure changed here; what it changes once more is added, and then the file waits for its sweep."""
    before = await answers_of(conn, district, erasure)
    if before is not None and not counts:
        return
    known = before or {}
    summed = {name: known.get(name, 0) + counts.get(name, 0) for name in sorted({*known, *counts})}
    await _put_cleared(conn, district, erasure, summed, now_us)


async def note_as_told(
    conn: AsyncConnection, district: str, erasure: str, told: Mapping[str, int], now_us: int
) -> None:
    """Keep of a copy of before what the receipt tells where that is more: what was written since is not in the copy."""
    known = await answers_of(conn, district, erasure) or {}
    most = {name: max(known.get(name, 0), told.get(name, 0)) for name in sorted({*known, *told})}
    if most != known:
        await _put_cleared(conn, district, erasure, most, now_us)


async def _put_cleared(
    conn: AsyncConnection, district: str, erasure: str, summed: Mapping[str, int], now_us: int
) -> None:
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
