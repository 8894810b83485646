"""A statement that is asked for each of many values, such as the first rows of every teacher: a walk along an index.

A window over the rows of all values would read and number those too that nobody wants. On SQLite the statement runs
once a value, in some microseconds; on PostgreSQL all at once, joined laterally to the list of values.

    def first(teacher: sa.ColumnElement[str]) -> sa.Select[Any]:
        return sa.select(...).where(record.c.teacher == teacher).order_by(record.c.on, record.c.id).limit(...)
    FIRST = AskedEach(first, order=(record.c.on, record.c.id))
    ...
    rows = look.each(FIRST, teachers, {"of": district})
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

# The parameter that is one value, and the one that is all of them.
EACH, EVERY = "each", "every"


class AskedEach:
    """A statement of a text that stands for each value; `order` are the columns that its rows rise by, or fall by.

    `one` takes the value as the parameter `each`; `all` a list of them as `every`, has each row's value in front, and
    gives the rows of a value together and in their order.
    """

    def __init__(
        self,
        of: Callable[[sa.ColumnElement[str]], sa.Select[Any]],
        order: Sequence[sa.ColumnElement[Any]],
        *,
        falling: bool = False,
    ) -> None:
        self.one = of(sa.bindparam(EACH, type_=sa.Text))
        values = sa.select(sa.func.unnest(sa.bindparam(EVERY, type_=ARRAY(sa.Text))).label(EACH)).subquery()
        rows = of(values.c[EACH])
        named = [f"by{number}" for number in range(len(order))]
        sorted_by = [column.label(name) for column, name in zip(order, named, strict=True)]
        page = rows.add_columns(*sorted_by).lateral()
        wanted = [page.c[column.name] for column in rows.selected_columns]
        self.all = (
            sa.select(values.c[EACH], *wanted)
            .select_from(values.join(page, sa.true()))
            .order_by(values.c[EACH], *(page.c[name].desc() if falling else page.c[name] for name in named))
        )
