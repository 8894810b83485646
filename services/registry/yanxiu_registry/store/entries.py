"""Entries with their dated facts: read by id or by page, and saved version by version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Generic

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_registry.entries.entry import Entry, F
from yanxiu_registry.history import Span
from yanxiu_registry.store.dated import Rewrite, Row, Stamp, in_force, live, rewrite

Where = sa.ColumnElement[bool]


class Shelf(Generic[F]):
    """Where the entries of one kind stand: the owner's table, and its dated one, whose text columns hold JSON lists."""

    def __init__(self, owner: sa.Table, fact: sa.Table, facts: type[F]) -> None:
        self.owner = owner
        self.fact = fact
        self._facts = facts
        self._named = fact.c[owner.name]
        fields = msgspec.structs.fields(facts)
        self._names = tuple(one.name for one in fields)
        self._lists: dict[str, Any] = {
            one.name: one.type for one in fields if isinstance(fact.c[one.name].type, sa.Text)
        }

    async def by_id(self, conn: AsyncConnection, district: str, ids: Iterable[str]) -> dict[str, Entry[F]]:
        """The entries with these ids."""
        return await self._entries(conn, district, self.owner.c.id.in_(list(ids)))

    async def all(self, conn: AsyncConnection, district: str) -> dict[str, Entry[F]]:
        """Every entry of the district, by id, in id order."""
        return await self._entries(conn, district)

    async def with_facts(self, conn: AsyncConnection, district: str, *which: Where) -> dict[str, Entry[F]]:
        """The entries of which some standing row of facts fulfils the conditions."""
        found = sa.select(self._named).where(live(self.fact, district), *which)
        return await self._entries(conn, district, self.owner.c.id.in_(found))

    async def page(
        self, conn: AsyncConnection, district: str, day: date, *which: Where, first: int, after: str | None
    ) -> tuple[list[str], int]:
        """The ids of the entries that hold on `day` and fulfil the conditions, one more than `first` if there are more.

        They come in id order, with how many there are in all.
        """
        owner = self.owner.c
        where = [
            owner.district == district,
            owner.begins_on <= day,
            sa.or_(owner.ends_on.is_(None), owner.ends_on >= day),
            live(self.fact, district),
            in_force(self.fact, day),
            *which,
        ]
        source = self.owner.join(self.fact, owner.id == self._named)
        total = (await conn.execute(sa.select(sa.func.count()).select_from(source).where(*where))).scalar_one()
        if after is not None:
            where.append(owner.id > after)
        ids = sa.select(owner.id).select_from(source).where(*where).order_by(owner.id).limit(first + 1)
        return list((await conn.execute(ids)).scalars()), total

    def holds(self, column: str, value: Any) -> Where:
        """Whether a list of texts has this text in it."""
        return self.fact.c[column].contains(msgspec.json.encode(value).decode(), autoescape=True)

    def empty(self, column: str) -> Where:
        """Whether a list is empty."""
        return self.fact.c[column] == "[]"

    async def save(
        self, conn: AsyncConnection, district: str, before: Entry[F] | None, after: Entry[F], stamp: Stamp
    ) -> None:
        """Enter an entry, or bring it to its next version."""
        own = {"begins_on": after.begins_on, "ends_on": after.ends_on, "version": after.version, **stamp.columns()}
        table = self.owner
        if before is None:
            await conn.execute(sa.insert(table).values(district=district, id=after.id, **own))
        else:
            await conn.execute(
                sa.update(table).where(table.c.district == district, table.c.id == after.id).values(**own)
            )
        change = Rewrite(after.id, after.version, self._rows(before), self._rows(after))
        await rewrite(conn, self.fact, table.name, district, [change], stamp)

    def _rows(self, entry: Entry[F] | None) -> list[Row]:
        return [self._row(span) for span in (entry.facts if entry else ())]

    def _row(self, span: Span[F]) -> Row:
        row: Row = {"since": span.since, "until": span.until, **msgspec.structs.asdict(span.value)}
        for name in self._lists:
            row[name] = msgspec.json.encode(row[name]).decode()
        return row

    async def _entries(self, conn: AsyncConnection, district: str, *which: Where) -> dict[str, Entry[F]]:
        owner = self.owner.c
        chosen = sa.select(self.owner).where(owner.district == district, *which).order_by(owner.id)
        rows = (await conn.execute(chosen)).all()
        facts = sa.select(self.fact).where(live(self.fact, district)).order_by(self.fact.c.since)
        if which:
            facts = facts.where(self._named.in_(sa.select(owner.id).where(owner.district == district, *which)))
        held: dict[str, list[Span[F]]] = {row.id: [] for row in rows}
        for fact in (await conn.execute(facts)).mappings():
            held[fact[self.owner.name]].append(Span(fact["since"], fact["until"], self._value(fact)))
        return {
            row.id: Entry(
                id=row.id,
                begins_on=row.begins_on,
                ends_on=row.ends_on,
                version=row.version,
                facts=tuple(held[row.id]),
            )
            for row in rows
        }

    def _value(self, row: Any) -> F:
        values = {name: row[name] for name in self._names}
        for name, kind in self._lists.items():
            values[name] = msgspec.json.decode(values[name], type=kind)
        return self._facts(**values)
