"""Read what a service holds on one person, some rows at a time, each as JSON has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import encode
from yanxiu_wire.personal import PersonPart, PersonRows

from yanxiu_footing.persons.held import Held, Personal, Whose

# A part ends with the row that passes this: a message holds 1 MB, no row more than half of it.
MOST_BYTES = 300_000
_ROWS = 50
Shape = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""`(table, row)`: the row as this service tells it, sealed values opened or masked."""


def as_it_is(_table: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Tell a row unchanged."""
    return row


async def read_person(
    conn: AsyncConnection, whose: Whose, personal: Personal, after: str, shape: Shape = as_it_is
) -> PersonPart:
    """Return the part behind `after` ("table:rows already told"; empty for the first); raises ValueError for others."""
    names = sorted(personal)
    begin, told = _place(after, names)
    tables: list[PersonRows] = []
    room = MOST_BYTES
    for name in names[names.index(begin) :]:
        rows: list[Mapping[str, Any]] = []
        done = told if name == begin else 0
        while found := await _some(conn, whose, personal[name], done):
            for row in found:
                shaped = {key: _json(value) for key, value in shape(name, row).items()}
                rows.append(shaped)
                done += 1
                room -= len(encode(shaped))
                if room <= 0:
                    tables.append(PersonRows(table=name, rows=tuple(rows)))
                    return PersonPart(tables=tuple(tables), next=f"{name}:{done}")
            if len(found) < _ROWS:
                break
        tables.append(PersonRows(table=name, rows=tuple(rows)))
    return PersonPart(tables=tuple(tables))


def _place(after: str, names: list[str]) -> tuple[str, int]:
    if not after:
        return names[0], 0
    name, _, told = after.rpartition(":")
    if name not in names or not told.isdecimal():
        raise ValueError(after)
    return name, int(told)


async def _some(conn: AsyncConnection, whose: Whose, held: Held, done: int) -> list[Any]:
    columns = [held.table.c[name] for name in held.columns] or [c for c in held.table.c if c.name != "district"]
    keys = [column for column in held.table.primary_key if column.name != "district"]
    # Rows in the order of a key that is not told would tell it: who knows one order knows the other.
    order = keys if {one.name for one in keys} <= {one.name for one in columns} else columns
    query = sa.select(*(_told(one, whose, held) for one in columns)).where(held.where(whose)).order_by(*order)
    return list((await conn.execute(query.offset(done).limit(_ROWS))).mappings())


def _told(column: sa.Column[Any], whose: Whose, held: Held) -> sa.ColumnElement[Any]:
    if held.open is None or column.name not in held.veiled:
        return column
    return sa.case((held.open(whose), column), else_=sa.null()).label(column.name)


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    if isinstance(value, str) and value[:1] in "{[" and value:
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            return value
    return value
