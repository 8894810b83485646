"""A column of many rows as one text: what is read by the million comes in one row, without a step of Python for each.

    rows = await conn.execute(sa.select(packed(t.c.seq), packed(t.c.name)).where(...))
    seqs, names = (msgspec.json.decode(text) for text in rows.one())

Integers and texts arrive exactly, days as ISO text. All packed columns of a statement are in the same order, which may
be any: pack what they are sorted by, too.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class packed(GenericFunction[str]):  # noqa: N801 - a function in SQL
    """The values of a column over all rows, as a JSON list."""

    name = "packed"
    type = sa.Text()
    inherit_cache = True


@compiles(packed, "sqlite")
def _sqlite(element: packed, compiler: Any, **given: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **given)})"


@compiles(packed, "postgresql")
def _postgresql(element: packed, compiler: Any, **given: Any) -> str:
    # As text, since the driver would read JSON in Python; none of no rows is NULL.
    return f"COALESCE(json_agg({compiler.process(element.clauses, **given)})::text, '[]')"
