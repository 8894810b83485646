"""Cards looked up: the reads that lists and single rows of front ends are made of, as plain functions of one state."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from yanxiu_durable.asked_each import AskedEach
from yanxiu_durable.looking import Look
from yanxiu_wire.teacher import Employment, TeacherRow

from yanxiu_registry.history import Span
from yanxiu_registry.register import SchoolFacts, SchoolFile, SealedId, TeacherFacts, TeacherFile
from yanxiu_registry.store.dated import in_force, live
from yanxiu_registry.store.schools import FACTS, WantedSchools
from yanxiu_registry.store.teacher_pages import IdPage, RowPage, Wanted, given_of, row_statements_of, statements_of
from yanxiu_registry.store.teachers import TEACHERS_BY_ID, facts_of
from yanxiu_registry.tables import school, school_fact

_OF: sa.BindParameter[str] = sa.bindparam("of")
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_SCHOOLS = (
    sa.select(school.c.id, school.c.code, school.c.opened_on, school.c.closed_on, school.c.version)
    .where(school.c.district == _OF, school.c.id.in_(_IDS))
    .order_by(school.c.code)
)
_SCHOOL_FACTS = (
    sa.select(school_fact.c.school, school_fact.c.since, school_fact.c.until, *(school_fact.c[name] for name in FACTS))
    .where(live(school_fact, _OF), school_fact.c.school.in_(_IDS))
    .order_by(school_fact.c.since)
)


def teachers_of(look: Look, district: str, ids: Iterable[str]) -> dict[str, TeacherFile]:
    """The teachers with these ids, from three statements."""
    given = {"of": district, "ids": list(ids)}
    spans: dict[str, list[Span[TeacherFacts]]] = {}
    for row in look(TEACHERS_BY_ID.facts, given):
        spans.setdefault(row.teacher, []).append(Span(row.since, row.until, facts_of(row)))
    stretches: dict[str, list[Employment]] = {}
    for row in look(TEACHERS_BY_ID.work, given):
        one = Employment(school=row.school, since=row.since, until=row.until, post=row.post)
        stretches.setdefault(row.teacher, []).append(one)
    return {
        row.id: TeacherFile(
            id=row.id,
            staff_number=row.staff_number,
            sealed=SealedId(row.national_id, row.national_id_index) if row.national_id else None,
            version=row.version,
            facts=tuple(spans.get(row.id, ())),
            employments=tuple(stretches.get(row.id, ())),
        )
        for row in look(TEACHERS_BY_ID.chosen, given)
    }


def teacher_pages_of(look: Look, district: str, wanted: Wanted) -> dict[str | None, IdPage]:
    """The page of each school by its id, under None when no school was named; two statements."""
    counted, rows = statements_of(wanted)
    given = given_of(district, wanted)
    keys: Iterable[str | None] = (None,) if wanted.schools is None else wanted.schools
    pages = {key: IdPage([], 0) for key in keys}
    for group, total in look(counted, given):
        pages[group] = IdPage([], total)
    for found, group in look(rows, given):
        pages[group].ids.append(found)
    return pages


def teacher_rows_of(look: Look, district: str, wanted: Wanted, fields: tuple[str, ...]) -> dict[str | None, RowPage]:
    """The page of each school with these fields of its teachers, as `teacher_pages_of`.

    A statement for the rows (on SQLite one for each school), and one that counts where a page does not tell its total.
    """
    named = tuple(one for one in TeacherRow.__struct_fields__ if one in fields and one != "id")
    counted, rows = row_statements_of(wanted, named)
    given = given_of(district, wanted)
    found: Mapping[Any, Sequence[Any]]
    found = look.each(rows, wanted.schools or (), given) if isinstance(rows, AskedEach) else {None: look(rows, given)}
    keys: Sequence[str | None] = (None,) if wanted.schools is None else wanted.schools
    # The first page of a school tells how many there are, unless there are more than it has.
    longer = [key for key in keys if wanted.after is not None or len(found.get(key, ())) > wanted.first]
    totals = dict(map(tuple, look(counted, {**given, "schools": longer}))) if longer else {}
    return {key: _row_page(found.get(key, ()), named, totals.get(key)) for key in keys}


def _row_page(rows: Sequence[Sequence[Any]], named: tuple[str, ...], total: int | None) -> RowPage:
    if not rows:
        return RowPage([], [], total or 0)
    # Column by column: no step of Python for each of many teachers.
    ids, cursors, *its = zip(*rows, strict=True)
    return RowPage(list(map(_told(named), ids, *its)), list(cursors), len(rows) if total is None else total)


@functools.lru_cache(maxsize=128)
def _told(named: tuple[str, ...]) -> Callable[..., TeacherRow]:
    """What makes a row of these fields in their order: sent like a `TeacherRow`, and made in a tenth of the time."""
    tag = TeacherRow.__struct_config__.tag
    made: Any = msgspec.defstruct(
        "TeacherRow", [("id", str), *((one, Any) for one in named)], tag=tag, frozen=True, gc=False
    )
    return made


def schools_of(look: Look, district: str, ids: Iterable[str]) -> dict[str, SchoolFile]:
    """The schools with these ids in code order, from two statements."""
    given = {"of": district, "ids": list(ids)}
    spans: dict[str, list[Span[SchoolFacts]]] = {}
    for row in look(_SCHOOL_FACTS, given):
        value = SchoolFacts(**{name: getattr(row, name) for name in FACTS})
        spans.setdefault(row.school, []).append(Span(row.since, row.until, value))
    return {
        row.id: SchoolFile(
            id=row.id,
            code=row.code,
            opened_on=row.opened_on,
            closed_on=row.closed_on,
            version=row.version,
            facts=tuple(spans.get(row.id, ())),
        )
        for row in look(_SCHOOLS, given)
    }


def school_page_of(look: Look, district: str, given: dict[str, Any], wanted: WantedSchools) -> tuple[list[str], int]:
    """Ids of the schools open on a day in their order, one more than wanted when there are more; and how many in all.

    `given` are the page's values: `day`, `first`, `after`, `only`, `search`, of which the last three may be None. By
    code `after` is a code, else an id.
    """
    shape = (
        wanted.stages is not None,
        wanted.area is not None,
        wanted.weak,
        given["after"] is not None,
        given["only"] is not None,
        given["search"] is not None,
        wanted.order,
    )
    counted, rows = _school_page(*shape)
    values = {
        "of": district,
        "stages": sorted(wanted.stages or ()),
        "area": wanted.area,
        "day": given["day"],
        "after": given["after"],
        "only": given["only"],
        "last": given["first"] + 1,
        "begins": _escaped(given["search"] or "") + "%",
        "holds": f"%{_escaped(given['search'] or '')}%",
    }
    total = look(counted, values)[0][0]
    return [row.id for row in look(rows, values)], int(total)


@functools.cache
def _school_page(
    stages: bool, area: bool, weak: bool | None, after: bool, only: bool, search: bool, order: str
) -> tuple[sa.Executable, sa.Executable]:
    day: sa.BindParameter[Any] = sa.bindparam("day", type_=sa.Date)
    where: list[Any] = [
        school.c.district == _OF,
        school.c.opened_on <= day,
        sa.or_(school.c.closed_on.is_(None), school.c.closed_on >= day),
        live(school_fact, _OF),
        in_force(school_fact, day),
    ]
    if only:
        where.append(school.c.id == sa.bindparam("only"))
    if stages:
        where.append(school_fact.c.stage.in_(sa.bindparam("stages", expanding=True)))
    if area:
        where.append(school_fact.c.area == sa.bindparam("area"))
    if weak is not None:
        decided = school_fact.c.weak_decided_by
        where.append(decided.is_not(None) if weak else decided.is_(None))
    if search:
        named = school_fact.c.name.like(sa.bindparam("holds"), escape="/")
        where.append(sa.or_(named, school.c.code.like(sa.bindparam("begins"), escape="/")))
    source = school.join(school_fact, school.c.id == school_fact.c.school)
    counted = sa.select(sa.func.count()).select_from(source).where(*where)
    beyond, by = _school_order(order, day)
    if after:
        where.append(beyond)
    rows = sa.select(school.c.id).select_from(source).where(*where).order_by(*by)
    return counted, rows.limit(sa.bindparam("last"))


def _school_order(order: str, day: Any) -> tuple[sa.ColumnElement[bool], Sequence[sa.ColumnElement[Any]]]:
    """What lies behind the place of the cursor, and the order; a cursor says no name, so that one is looked up."""
    after: sa.BindParameter[str] = sa.bindparam("after", type_=sa.String)
    if order == "code":
        return school.c.code > after, (school.c.code,)
    if order == "newest":
        # Ids are UUIDv7: their order is the order in which schools were entered.
        return school.c.id < after, (school.c.id.desc(),)
    its = school_fact.alias()
    name = sa.select(its.c.name).where(live(its, _OF), in_force(its, day), its.c.school == after).scalar_subquery()
    place = (school_fact.c.name, school.c.id)
    return sa.tuple_(*place) > sa.tuple_(name, after), place


def _escaped(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")
