"""How a service declares which rows of its tables are about a person; a test sees that no table is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


class Whose(msgspec.Struct, frozen=True):
    """The person: a teacher of a district, and the subjects of tokens under which he has acted."""

    district: str
    teacher: str
    subjects: tuple[str, ...] = ()


Where = Callable[[Whose], sa.ColumnElement[bool]]
"""The condition that a row of the table is about the person."""


class _Holds(FunctionElement[bool]):
    """Whether bytes hold a text's bytes."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(_Holds, "sqlite")
def _on_sqlite(element: _Holds, compiler: Any, **given: Any) -> str:
    column, text = element.clauses
    return f"instr({compiler.process(column, **given)}, CAST({compiler.process(text, **given)} AS BLOB)) > 0"


@compiles(_Holds, "postgresql")
def _on_postgresql(element: _Holds, compiler: Any, **given: Any) -> str:
    column, text = element.clauses
    sought = f"convert_to(CAST({compiler.process(text, **given)} AS text), 'UTF8')"
    return f"position({sought} in {compiler.process(column, **given)}) > 0"


class _Folded(FunctionElement[str]):
    """A text, or bytes as a text, with small letters for those of ASCII."""

    type = sa.Text()
    inherit_cache = True


@compiles(_Folded, "sqlite")
def _folded_on_sqlite(element: _Folded, compiler: Any, **given: Any) -> str:
    (column,) = element.clauses
    return f"lower(CAST({compiler.process(column, **given)} AS TEXT))"


@compiles(_Folded, "postgresql")
def _folded_on_postgresql(element: _Folded, compiler: Any, **given: Any) -> str:
    (column,) = element.clauses
    text = compiler.process(column, **given)
    # Bytes need not be a text; escaped, those of ASCII stay as they are.
    binary = isinstance(column.type, sa.LargeBinary)
    return f"lower(encode({text}, 'escape'))" if binary else f'lower({text} COLLATE "C")'


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Rows of a table about a person: which, and what of them he is told (every column, where none is named).

    Where a row is about others too, the columns are those that tell nothing of these. What is `veiled` is null but in
    the rows that are `open` to him, as the service's own reads have it.
    """

    table: sa.Table
    where: Where
    columns: tuple[str, ...] = ()
    veiled: tuple[str, ...] = ()
    open: Where | None = None


Personal = Mapping[str, Held]
"""By the table's name, what is told."""
NotPersonal = Mapping[str, str]
"""By the table's name, why nothing in it is about a person."""


def by(table: sa.Table, *names: str, told: tuple[str, ...] = ()) -> Held:
    """Declare rows that have the teacher's id in one of these columns."""
    return Held(
        table=table,
        where=lambda whose: sa.and_(
            table.c.district == whose.district, sa.or_(*(table.c[name] == whose.teacher for name in names))
        ),
        columns=told,
    )


def mentions(table: sa.Table, *names: str, told: tuple[str, ...] = ()) -> Held:
    """Declare rows of which one of these columns, JSON as text or bytes, holds the teacher's id as a string."""
    return Held(
        table=table,
        where=lambda whose: sa.and_(
            table.c.district == whose.district, sa.or_(*(holds(table.c[name], f'"{whose.teacher}"') for name in names))
        ),
        columns=told,
    )


def through(table: sa.Table, name: str, other: Held, others: str, told: tuple[str, ...] = ()) -> Held:
    """Declare rows whose column names a row, by its column `others`, that is about the teacher."""
    return Held(
        table=table,
        where=lambda whose: sa.and_(
            table.c.district == whose.district,
            table.c[name].in_(sa.select(other.table.c[others]).where(other.where(whose))),
        ),
        columns=told,
    )


def acted(table: sa.Table, *names: str, told: tuple[str, ...] = ()) -> Held:
    """Declare rows that have one of the person's subjects in one of these columns."""
    return Held(
        table=table,
        where=lambda whose: sa.and_(
            table.c.district == whose.district, sa.or_(*(table.c[name].in_(whose.subjects) for name in names))
        ),
        columns=told,
    )


def either(first: Held, second: Held) -> Held:
    """Declare rows of one table that are about a person in either way, told as the first says."""
    return Held(
        table=first.table,
        where=lambda whose: sa.or_(first.where(whose), second.where(whose)),
        columns=first.columns,
    )


def veiled(held: Held, *names: str, unless: Where) -> Held:
    """Declare that these columns are told in the rows alone that fulfil a condition."""
    return replace(held, veiled=names, open=unless)


def holds(column: sa.ColumnElement[Any], text: str) -> sa.ColumnElement[bool]:
    """Return the condition that a text, or bytes, hold a text."""
    if isinstance(column.type, sa.LargeBinary):
        return _Holds(column, sa.literal(text))
    return column.contains(text, autoescape=True)


def holds_folded(column: sa.ColumnElement[Any], text: str) -> sa.ColumnElement[bool]:
    """Return the condition that a text, or bytes, hold a text: one of ASCII, given in small letters, in any case.

    The letters of other scripts have no case here, for the databases do not agree on it: ask for each way of a letter.
    """
    return _Folded(column).contains(text, autoescape=True) if text.isascii() else holds(column, text)
