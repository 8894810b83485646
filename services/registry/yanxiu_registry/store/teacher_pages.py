"""Pages of teachers, one for each school asked for, in a constant number of statements."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from yanxiu_durable.asked_each import AskedEach
from yanxiu_wire.teacher import TeacherRow

from yanxiu_registry.store.dated import in_force, live
from yanxiu_registry.tables import employment, teacher, teacher_fact


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which teachers: of which schools (None = one page of all), on which day, filtered how, from where on."""

    schools: Sequence[str] | None
    day: date
    first: int
    after: str | None = None
    only: str | None = None
    subject: str | None = None
    search: str | None = None
    status: str | None = None
    stage: str | None = None
    title: str | None = None
    order: str = "staff-number"


class RowPage(msgspec.Struct, frozen=True):
    """Teachers of a page in part with their cursors, one more than wanted when there are more; `total` of all pages."""

    rows: list[TeacherRow]
    cursors: list[str]
    total: int


class IdPage(msgspec.Struct, frozen=True):
    """Ids of a page in its order, one more than wanted when there are more; `total` of all pages."""

    ids: list[str]
    total: int


def statements_of(wanted: Wanted) -> tuple[sa.Executable, sa.Executable]:
    """What counts the teachers of each group, and what gives the ids of its page; their values are `given_of`."""
    shape = _shape(wanted)
    # A text searched for is part of its statement; the other shapes are few, and each is made once.
    return _statements(shape, wanted.search) if wanted.search else _known(shape)


def row_statements_of(wanted: Wanted, fields: tuple[str, ...]) -> tuple[sa.Executable, AskedEach | sa.Executable]:
    """What counts the teachers of each group, and what gives the id, the cursor and these fields (`ROW_FIELDS`) of a
    page: of each school that it is asked for, or of all teachers.
    """
    shape = _shape(wanted)
    rows = _rows(shape, wanted.search, fields) if wanted.search else _known_rows(shape, fields)
    return statements_of(wanted)[0], rows


def given_of(district: str, wanted: Wanted) -> dict[str, Any]:
    """The values of a page."""
    return {
        "of": district,
        "day": wanted.day,
        "schools": list(wanted.schools or ()),
        "after": wanted.after,
        "only": wanted.only,
        **{name: getattr(wanted, name) for name in EQUAL},
        "last": wanted.first + 1,
    }


# Columns of a teacher's facts that a page may be narrowed by.
EQUAL = ("subject", "status", "stage", "title")


class Shape(NamedTuple):
    """Which conditions a page has, `equal` columns among them; their values are given when it is read."""

    by_school: bool
    after: bool
    only: bool
    equal: tuple[str, ...]
    order: str


def _shape(wanted: Wanted) -> Shape:
    equal = tuple(name for name in EQUAL if getattr(wanted, name) is not None)
    return Shape(wanted.schools is not None, wanted.after is not None, wanted.only is not None, equal, wanted.order)


def _statements(shape: Shape, search: str | None) -> tuple[sa.Executable, sa.Executable]:
    """What counts the teachers of each group, and what gives the ids of its page."""
    source, where = _matching(shape, search)
    by_school = shape.by_school
    group: sa.ColumnElement[Any] = employment.c.school if by_school else sa.null()
    counted = sa.select(group.label("grp"), sa.func.count().label("total")).select_from(source).where(*where)
    beyond, order = _order(shape.order)
    if shape.after:
        where.append(beyond)
    place = sa.func.row_number().over(partition_by=employment.c.school if by_school else None, order_by=order)
    ranked = (
        sa.select(teacher.c.id, group.label("grp"), place.label("place")).select_from(source).where(*where).subquery()
    )
    rows = sa.select(ranked.c.id, ranked.c.grp).where(ranked.c.place <= sa.bindparam("last")).order_by(ranked.c.place)
    return counted.group_by(employment.c.school) if by_school else counted, rows


def _rows(shape: Shape, search: str | None, fields: tuple[str, ...]) -> AskedEach | sa.Executable:
    """What gives the rows of a page: school by school, since a window would sort and number all of them twice."""
    source, where = _matching(shape, search, each=True)
    beyond, order = _order(shape.order)
    if shape.after:
        where.append(beyond)
    shown = teacher.c.staff_number if shape.order == "staff-number" else teacher.c.id
    page = (
        sa.select(teacher.c.id, shown.label("cursor"), *map(_column, fields))
        .select_from(source)
        .where(*where)
        .order_by(*order)
        .limit(sa.bindparam("last"))
    )
    if not shape.by_school:
        return page
    falling = shape.order == "newest"
    return AskedEach(
        lambda school: page.where(employment.c.school == school), (teacher.c.id,) if falling else order, falling=falling
    )


def _order(order: str) -> tuple[sa.ColumnElement[bool], Sequence[sa.ColumnElement[Any]]]:
    """What lies behind the place of the cursor, and the order; a cursor says no name, so that one is looked up."""
    after: sa.BindParameter[str] = sa.bindparam("after", type_=sa.String)
    if order == "staff-number":
        return teacher.c.staff_number > after, (teacher.c.staff_number,)
    if order == "newest":
        # Ids are UUIDv7: their order is the order in which teachers were entered.
        return teacher.c.id < after, (teacher.c.id.desc(),)
    its, of, day = teacher_fact.alias(), sa.bindparam("of"), sa.bindparam("day", type_=sa.Date)
    name = sa.select(its.c.name).where(live(its, of), in_force(its, day), its.c.teacher == after).scalar_subquery()
    place = (teacher_fact.c.name, teacher.c.id)
    return sa.tuple_(*place) > sa.tuple_(name, after), place


def _column(field: str) -> sa.ColumnElement[Any]:
    its = (teacher if field in ("staff_number", "version") else teacher_fact).c[field]
    # As the store has it: a day is ISO text in SQLite, and becomes that in a message.
    return sa.type_coerce(its, sa.Text).label(field) if isinstance(its.type, sa.Date) else its


@functools.lru_cache(maxsize=128)
def _known_rows(shape: Shape, fields: tuple[str, ...]) -> AskedEach | sa.Executable:
    return _rows(shape, None, fields)


@functools.cache
def _known(shape: Shape) -> tuple[sa.Executable, sa.Executable]:
    return _statements(shape, None)


def _matching(
    shape: Shape, search: str | None, *, each: bool = False
) -> tuple[sa.FromClause, list[sa.ColumnElement[bool]]]:
    """Where the teachers are and what they must be; with `each` the school is named by whoever asks."""
    of: sa.BindParameter[str] = sa.bindparam("of")
    day: sa.BindParameter[date] = sa.bindparam("day", type_=sa.Date)
    on_file = sa.and_(teacher_fact.c.teacher == teacher.c.id, live(teacher_fact, of), in_force(teacher_fact, day))
    source: sa.FromClause = teacher.join(teacher_fact, on_file)
    where: list[sa.ColumnElement[bool]] = [teacher.c.district == of]
    if shape.by_school:
        at_work = sa.and_(employment.c.teacher == teacher.c.id, live(employment, of), in_force(employment, day))
        source = source.join(employment, at_work)
        if not each:
            where.append(employment.c.school.in_(sa.bindparam("schools", expanding=True)))
    if shape.only:
        where.append(teacher.c.id == sa.bindparam("only"))
    where += [teacher_fact.c[name] == sa.bindparam(name) for name in shape.equal]
    if search:
        name = teacher_fact.c.name.contains(search, autoescape=True)
        where.append(sa.or_(name, teacher.c.staff_number.startswith(search, autoescape=True)))
    return source, where
