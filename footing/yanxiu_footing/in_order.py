"""The order of a list, oldest or newest first, and the rows that come after a place in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

Column = sa.ColumnElement[Any]


def in_order(columns: Sequence[Column], *, newest: bool) -> list[Column]:
    """Return what to order by: the columns as they grow, or the other way round."""
    return [one.desc() for one in columns] if newest else list(columns)


def behind(columns: Sequence[Column], place: Sequence[Any] | None, *, newest: bool) -> list[sa.ColumnElement[bool]]:
    """Return the condition of the rows after a place, in the same order; none where there is no place."""
    if place is None:
        return []
    here, there = sa.tuple_(*columns), sa.tuple_(*map(sa.literal, place))
    return [here < there if newest else here > there]
