"""Rows with their cursors, as a connection has them: made one by one, or of records that came in columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, repeat
from typing import Any

import msgspec
from yanxiu_wire.credits import Record
from yanxiu_wire.record_parts import RecordColumns, columns_read, part_of

from yanxiu_gateway.execution.columns import ColumnTable, InColumns


class EdgeRow(msgspec.Struct, frozen=True, gc=False):
    """A row with its cursor."""

    node: Any
    cursor: str


class PageInColumns(msgspec.Struct, frozen=True, gc=False):
    """A service's page that came in columns; its rows are edges already, and remember no day."""

    edges: InColumns
    has_next: bool
    total: int


def pages_in_columns(told: RecordColumns) -> list[PageInColumns]:
    """The pages of an answer; raises `MessageMalformed` where its columns are not what it says."""
    fields = columns_read(told, Record)
    made = part_of(told.fields, Record)

    def edges(many: int) -> Sequence[EdgeRow]:
        parts = map(made, *(values.all()[:many] for values in fields.values()))
        return list(map(EdgeRow, parts, told.cursors[:many] if told.cursors else repeat("")))

    ends = list(accumulate(told.counts))
    columns = {f"node.{name}": values for name, values in fields.items()}
    table = ColumnTable(ends[-1] if ends else 0, columns, ("node",), edges)
    totals = told.totals or (0,) * len(told.counts)
    return [
        PageInColumns(InColumns(table, end - count, end), has_next, total)
        for end, count, has_next, total in zip(ends, told.counts, told.has_next, totals, strict=True)
    ]
