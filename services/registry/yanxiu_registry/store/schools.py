"""Schools with their dated facts: read by id, by code or by page, and saved version by version."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_registry.history import Span
from yanxiu_registry.register import SchoolFacts, SchoolFile
from yanxiu_registry.store.dated import Rewrite, Row, Stamp, live, rewrite
from yanxiu_registry.tables import employment, school, school_fact

FACTS = SchoolFacts.__struct_fields__


class WantedSchools(msgspec.Struct, frozen=True, kw_only=True):
    """What the schools of a list have in common; None asks for nothing."""

    stages: Collection[str] | None = None
    area: str | None = None
    weak: bool | None = None
    order: str = "code"

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """As conditions on a school's facts."""
        its = school_fact.c
        where: list[sa.ColumnElement[bool]] = []
        if self.stages is not None:
            where.append(its.stage.in_(sorted(self.stages)))
        if self.area is not None:
            where.append(its.area == self.area)
        if self.weak is not None:
            where.append(its.weak_decided_by.is_not(None) if self.weak else its.weak_decided_by.is_(None))
        return where


async def _files(conn: AsyncConnection, district: str, *which: sa.ColumnElement[bool]) -> dict[str, SchoolFile]:
    """The schools that fulfil the conditions, by id, in code order; two statements."""
    chosen = sa.select(school).where(school.c.district == district, *which).order_by(school.c.code)
    rows = (await conn.execute(chosen)).all()
    facts = sa.select(school_fact).where(live(school_fact, district)).order_by(school_fact.c.since)
    if which:
        ids = sa.select(school.c.id).where(school.c.district == district, *which)
        facts = facts.where(school_fact.c.school.in_(ids))
    held: dict[str, list[Span[SchoolFacts]]] = {row.id: [] for row in rows}
    for fact in await conn.execute(facts):
        value = SchoolFacts(**{name: getattr(fact, name) for name in FACTS})
        held[fact.school].append(Span(fact.since, fact.until, value))
    return {
        row.id: SchoolFile(
            id=row.id,
            code=row.code,
            opened_on=row.opened_on,
            closed_on=row.closed_on,
            version=row.version,
            facts=tuple(held[row.id]),
        )
        for row in rows
    }


async def schools_by_id(conn: AsyncConnection, district: str, ids: Iterable[str]) -> dict[str, SchoolFile]:
    """The schools with these ids."""
    return await _files(conn, district, school.c.id.in_(list(ids)))


async def all_schools(conn: AsyncConnection, district: str) -> dict[str, SchoolFile]:
    """Every school of the district."""
    return await _files(conn, district)


async def code_holder(conn: AsyncConnection, district: str, code: str) -> str | None:
    """The id of the school that has this code."""
    found = await conn.execute(sa.select(school.c.id).where(school.c.district == district, school.c.code == code))
    return found.scalar_one_or_none()


async def first_employment(conn: AsyncConnection, district: str, school_id: str) -> date | None:
    """The day the earliest work at the school began."""
    earliest = sa.select(sa.func.min(employment.c.since)).where(
        live(employment, district), employment.c.school == school_id
    )
    return (await conn.execute(earliest)).scalar_one()


def _rows(file: SchoolFile | None) -> list[Row]:
    spans = file.facts if file else ()
    return [{"since": span.since, "until": span.until, **msgspec.structs.asdict(span.value)} for span in spans]


async def save_school(
    conn: AsyncConnection, district: str, before: SchoolFile | None, after: SchoolFile, stamp: Stamp
) -> None:
    """Enter a school, or bring it to its next version."""
    own = {
        "code": after.code,
        "opened_on": after.opened_on,
        "closed_on": after.closed_on,
        "version": after.version,
        **stamp.columns(),
    }
    if before is None:
        await conn.execute(sa.insert(school).values(district=district, id=after.id, **own))
    else:
        await conn.execute(
            sa.update(school).where(school.c.district == district, school.c.id == after.id).values(**own)
        )
    change = Rewrite(after.id, after.version, _rows(before), _rows(after))
    await rewrite(conn, school_fact, "school", district, [change], stamp)
