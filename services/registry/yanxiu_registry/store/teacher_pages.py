"""Pages of teachers, one for each school asked for, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

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


class IdPage(msgspec.Struct, frozen=True):
    """Ids of a page in staff-number order, one more than wanted when there are more; `total` of all pages."""

    ids: list[str]
    total: int


async def pages_of_ids(conn: AsyncConnection, district: str, wanted: Wanted) -> dict[str | None, IdPage]:
    """The page of each school by its id; under None when no school was named."""
    source, where = _matching(district, wanted)
    by_school = wanted.schools is not None
    group: sa.ColumnElement[Any] = employment.c.school if by_school else sa.null()
    keys: Sequence[str | None] = (None,) if wanted.schools is None else wanted.schools
    pages = {key: IdPage([], 0) for key in keys}
    counted = sa.select(group.label("grp"), sa.func.count().label("total")).select_from(source).where(*where)
    for row in await conn.execute(counted.group_by(employment.c.school) if by_school else counted):
        pages[row.grp] = IdPage([], row.total)
    if wanted.after is not None:
        where.append(teacher.c.staff_number > wanted.after)
    place = sa.func.row_number().over(
        partition_by=employment.c.school if by_school else None, order_by=teacher.c.staff_number
    )
    ranked = (
        sa.select(teacher.c.id, group.label("grp"), place.label("place")).select_from(source).where(*where).subquery()
    )
    rows = sa.select(ranked.c.id, ranked.c.grp).where(ranked.c.place <= wanted.first + 1).order_by(ranked.c.place)
    for row in await conn.execute(rows):
        pages[row.grp].ids.append(row.id)
    return pages


def _matching(district: str, wanted: Wanted) -> tuple[sa.FromClause, list[sa.ColumnElement[bool]]]:
    on_file = sa.and_(
        teacher_fact.c.teacher == teacher.c.id, live(teacher_fact, district), in_force(teacher_fact, wanted.day)
    )
    source: sa.FromClause = teacher.join(teacher_fact, on_file)
    where: list[sa.ColumnElement[bool]] = [teacher.c.district == district]
    if wanted.schools is not None:
        at_work = sa.and_(
            employment.c.teacher == teacher.c.id, live(employment, district), in_force(employment, wanted.day)
        )
        source = source.join(employment, at_work)
        where.append(employment.c.school.in_(list(wanted.schools)))
    if wanted.only is not None:
        where.append(teacher.c.id == wanted.only)
    if wanted.subject is not None:
        where.append(teacher_fact.c.subject == wanted.subject)
    if wanted.search:
        name = teacher_fact.c.name.contains(wanted.search, autoescape=True)
        where.append(sa.or_(name, teacher.c.staff_number.startswith(wanted.search, autoescape=True)))
    return source, where
