"""Some columns of many records: pages of teachers without what nobody reads of them."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from yanxiu_durable.asked_each import AskedEach
from yanxiu_durable.looking import Look
from yanxiu_footing.registry_facts import works_at
from yanxiu_rulekit.numbers import from_micro, plain

from yanxiu_credits.store.records import stands
from yanxiu_credits.tables import record

_COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    # As the store has it: days are ISO text in SQLite, and become that in a message.
    "on": sa.type_coerce(record.c.on, sa.Text),
    "hours": record.c.micro_hours,
    "credits": record.c.micro_credits,
}


_AMOUNTS = frozenset({"hours", "credits"})
Row = Sequence[Any]


class Shape(NamedTuple):
    """What a statement of pages depends on besides its values."""

    fields: tuple[str, ...]
    scope: str
    since: bool
    until: bool
    after: bool


def look_for_parts(look: Look, shape: Shape, given: dict[str, Any]) -> Mapping[str, Sequence[Row]]:
    """The rows of each teacher, oldest first, one more than wanted where there are more; amounts in millionths.

    `given`: `of` the district, `teachers`, `scope_id`, `today`, `since`, `until`, `last_on`, `last_id`, `most`.
    """
    return look.each(_rows(shape), given["teachers"], given)


def as_told(shape: Shape, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows with their amounts as text."""
    amounts = [place for place, name in enumerate(shape.fields) if name in _AMOUNTS]
    if not (amounts and rows):
        return rows
    # Column by column: no step of Python for each of many thousand rows.
    columns: list[Any] = list(zip(*rows, strict=True))
    for place in amounts:
        columns[place] = map(_amount, columns[place])
    return list(zip(*columns, strict=True))


def look_for_totals(look: Look, shape: Shape, given: dict[str, Any]) -> dict[str, int]:
    """How many records each teacher has in all."""
    return {row.teacher: int(row.many) for row in look(_counted(shape._replace(fields=(), after=False)), given)}


def told_of(field: str, value: Any) -> Any:
    """A stored value of a field as it is told."""
    return _amount(value) if field in _AMOUNTS else value


@functools.lru_cache(maxsize=4_096)
def _amount(micro: int) -> str:
    return plain(from_micro(micro))


@functools.lru_cache(maxsize=256)
def _rows(shape: Shape) -> AskedEach:
    columns = [
        (_COLUMNS[name] if name in _COLUMNS else record.c[name]).label(f"f{number}")
        for number, name in enumerate(shape.fields)
    ]
    order = record.c.on, record.c.id
    where = _where(shape)
    if shape.after:
        on: sa.BindParameter[date] = sa.bindparam("last_on", type_=sa.Date)
        later = sa.and_(record.c.on == on, record.c.id > sa.bindparam("last_id"))
        # The first condition alone lets the walk begin there.
        where += [record.c.on >= on, sa.or_(record.c.on > on, later)]

    def first(teacher: sa.ColumnElement[str]) -> sa.Select[Any]:
        its = sa.select(*columns).where(record.c.teacher == teacher, *where)
        return its.order_by(*order).limit(sa.bindparam("most"))

    return AskedEach(first, order)


@functools.lru_cache(maxsize=64)
def _counted(shape: Shape) -> sa.Executable:
    many = sa.func.count().label("many")
    teachers = record.c.teacher.in_(sa.bindparam("teachers", expanding=True))
    return sa.select(record.c.teacher, many).where(teachers, *_where(shape)).group_by(record.c.teacher)


def _where(shape: Shape) -> list[Any]:
    of: Any = sa.bindparam("of")
    where: list[Any] = [record.c.district == of, stands()]
    if shape.scope == "school":
        today: Any = sa.bindparam("today", type_=sa.Date)
        mine: Any = sa.bindparam("scope_id")
        where.append(sa.or_(record.c.school == mine, works_at(of, record.c.teacher, mine, today)))
    elif shape.scope == "self":
        where.append(record.c.teacher == sa.bindparam("scope_id"))
    elif shape.scope != "district":
        where.append(sa.false())
    if shape.since:
        where.append(record.c.on >= sa.bindparam("since", type_=sa.Date))
    if shape.until:
        where.append(record.c.on <= sa.bindparam("until", type_=sa.Date))
    return where
