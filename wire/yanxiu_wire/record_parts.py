"""Records in part: many rows of which a few fields are read, as one table instead of whole records."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from yanxiu_wire.columns import Column, Values, in_column, read_column

# What can be asked for alone, with the bytes that a value takes at most in a message; of the rest whole records tell.
BYTES_OF = {
    "id": 41,
    "teacher": 41,
    "school": 41,
    "project": 41,
    "on": 14,
    "status": 11,
    "hours": 16,
    "credits": 16,
    "hours_unit": 16,
    "credits_unit": 16,
    "entry": 12,
}
CURSORS, TOTALS = "cursors", "totals"
_CURSOR_BYTES = 76
_MESSAGE_BYTES = 950_000


# Of a part nobody reckons with these, they are carried on: their text is checked, and made no number or day of.
_AS_TEXT: dict[Any, Any] = {
    Decimal: Annotated[str, msgspec.Meta(pattern=r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?$")],
    date: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")],
}


class RecordPart(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Some fields of a record; which, the struct made by `part_of` says."""


class RecordTable(msgspec.Struct, frozen=True, kw_only=True, tag="record-table"):
    """The rows of all pages one after the other, each a list of the values of `fields`; one page per teacher asked for.

    `counts` are the rows of each page. `cursors` stand beside the rows and `totals` beside the pages where they were
    asked for; else they are empty.
    """

    fields: tuple[str, ...]
    rows: msgspec.Raw
    counts: tuple[int, ...]
    has_next: tuple[bool, ...]
    totals: tuple[int, ...] = ()
    cursors: tuple[str, ...] = ()


class RecordColumns(msgspec.Struct, frozen=True, kw_only=True, tag="record-columns"):
    """As `RecordTable`, with a column for each of `fields`; asked for by those who know it."""

    fields: tuple[str, ...]
    columns: tuple[Column, ...]
    counts: tuple[int, ...]
    has_next: tuple[bool, ...]
    totals: tuple[int, ...] = ()
    cursors: tuple[str, ...] = ()


class PartPage(msgspec.Struct, frozen=True, gc=False):
    """A page as a list of records has it; `cursors` and `total` are of no meaning where they were not asked for."""

    items: Sequence[Any]
    cursors: Sequence[str]
    has_next: bool
    total: int


@functools.lru_cache(maxsize=512)
def part_of(fields: tuple[str, ...], whole: type[msgspec.Struct]) -> type[Any]:
    """The struct of these fields, with the types that they have in the whole record; amounts and days stay text."""
    kinds = {one.name: _AS_TEXT.get(one.type, one.type) for one in msgspec.structs.fields(whole)}
    made = [(name, kinds[name]) for name in fields]
    return msgspec.defstruct("RecordPart", made, bases=(RecordPart,), frozen=True, array_like=True, gc=False)


@functools.lru_cache(maxsize=512)
def _column_decoder(name: str, whole: type[msgspec.Struct]) -> msgspec.json.Decoder[list[Any]]:
    kind = next(one.type for one in msgspec.structs.fields(whole) if one.name == name)
    return msgspec.json.Decoder(list[_AS_TEXT.get(kind, kind)])


@functools.lru_cache(maxsize=512)
def _decoder(fields: tuple[str, ...], whole: type[msgspec.Struct]) -> msgspec.json.Decoder[list[Any]]:
    return msgspec.json.Decoder(list[part_of(fields, whole)])


def pages_of(table: RecordTable, whole: type[msgspec.Struct]) -> list[PartPage]:
    """The pages of a table."""
    rows = _decoder(table.fields, whole).decode(table.rows)
    cursors: Sequence[str] = table.cursors or [""] * len(rows)
    pages: list[PartPage] = []
    start = 0
    for number, count in enumerate(table.counts):
        end = start + count
        total = table.totals[number] if table.totals else 0
        pages.append(PartPage(rows[start:end], cursors[start:end], table.has_next[number], total))
        start = end
    return pages


def columns_told(fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[Column, ...]:
    """Rows, each a list of the values of `fields`, as the columns of an answer."""
    return tuple(map(in_column, zip(*rows, strict=True))) if rows else tuple(in_column(()) for _ in fields)


def columns_read(told: RecordColumns, whole: type[msgspec.Struct]) -> dict[str, Values]:
    """The columns of an answer by the fields' names; raises `MessageMalformed`."""
    rows = sum(told.counts)
    named = zip(told.fields, told.columns, strict=True)
    return {name: read_column(column, rows, _column_decoder(name, whole)) for name, column in named}


def rows_at_once(fields: Sequence[str]) -> int:
    """How many rows of these fields fit into a message for sure."""
    return _MESSAGE_BYTES // (sum(BYTES_OF.get(name, _CURSOR_BYTES) for name in fields) + 2)
