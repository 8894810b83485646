"""The copy of the registry's facts: what it says of a district, a teacher or a term as of a day, and how it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.calendar_year import CalendarChanged
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.registry import District, DistrictChanged, SchoolChanged
from yanxiu_wire.teacher import Teacher, TeacherChanged
from yanxiu_wire.term import TermChanged

from yanxiu_credits.tables import (
    PROJECTION,
    calendar_fact,
    consumed,
    dead_letter,
    district_fact,
    school_fact,
    teacher_fact,
    teacher_place,
    term_fact,
)

# Made once: making a statement takes longer than SQLite takes to run it.
_PEOPLE = sa.select(teacher_fact.c.body).where(
    teacher_fact.c.district == sa.bindparam("of"),
    teacher_fact.c.teacher.in_(sa.bindparam("teachers", expanding=True)),
)


class Person(msgspec.Struct, frozen=True):
    """A teacher as the registry announced them: a whole dated history."""

    changed: TeacherChanged

    @property
    def id(self) -> str:
        """The teacher's id."""
        return self.changed.teacher

    def on(self, day: date) -> Teacher | None:
        """Return the entry in force on a day, or None before the first."""
        begun = [entry for since, entry in self.changed.history if since <= day]
        return begun[-1] if begun else None

    def school_on(self, day: date) -> str | None:
        """Return the school the teacher worked at on a day, or None when employed at none."""
        for since, until, school in places(self.changed):
            if since <= day and (until is None or day <= until):
                return school
        return None

    def at_work(self, day: date) -> bool:
        """Say whether the teacher was in employ on the day: on file, hired, not left, and at a school."""
        entry = self.on(day)
        if entry is None or entry.status == "left" or (entry.hired_on and day < entry.hired_on):
            return False
        return self.school_on(day) is not None


def places(changed: TeacherChanged) -> list[tuple[date, date | None, str]]:
    """Return a teacher's stretches of work as (since, until, school); the newest entry holds all of them."""
    if not changed.history:
        return []
    return [(one.since, one.until, one.school) for one in changed.history[-1][1].employments]


# ---- read ----------------------------------------------------------------------------------------------------------


async def read_district(conn: AsyncConnection, district: str) -> District | None:
    """Return the district with its bindings, or None when it was never announced."""
    found = await conn.execute(sa.select(district_fact.c.body).where(district_fact.c.district == district))
    body = found.scalar_one_or_none()
    return decode(District, body.encode()) if body is not None else None


async def read_people(conn: AsyncConnection, district: str, teachers: Sequence[str]) -> dict[str, Person]:
    """Return the teachers that are known, by id, in one statement."""
    if not teachers:
        return {}
    found = await conn.execute(_PEOPLE, {"of": district, "teachers": list(dict.fromkeys(teachers))})
    people = [Person(decode(TeacherChanged, body.encode())) for body in found.scalars()]
    # An empty history: the entry was taken back, there is no such teacher.
    return {one.id: one for one in people if one.changed.history}


async def count_facts(conn: AsyncConnection, district: str) -> tuple[int, int, int]:
    """Return how many schools, teachers and terms the copy holds."""
    found = await conn.execute(
        sa.select(
            *(
                sa.select(sa.func.count()).select_from(table).where(table.c.district == district).scalar_subquery()
                for table in (school_fact, teacher_fact, term_fact)
            )
        )
    )
    counts = tuple(found.one())
    return counts[0], counts[1], counts[2]


def works_at(district: str, teacher: sa.ColumnElement[str], school: str, today: date) -> sa.ColumnElement[bool]:
    """Return the condition that a teacher works at a school today."""
    place = teacher_place.c
    return sa.exists().where(
        place.district == district,
        place.teacher == teacher,
        place.school == school,
        place.since <= today,
        sa.or_(place.until.is_(None), place.until >= today),
    )


# ---- write: a newer version replaces the whole of what stood there, an older one is left alone ---------------------


async def apply_facts(conn: AsyncConnection, district: str, bodies: Iterable[Any]) -> int:
    """Take announcements of one district, in a fixed number of statements; returns how many were news."""
    rows: dict[sa.Table, dict[Any, dict[str, Any]]] = {}
    for body in bodies:
        table, row = _row(district, body)
        newest = rows.setdefault(table, {})
        key = tuple(row[column.name] for column in table.primary_key)
        if key not in newest or newest[key]["version"] < row["version"]:
            newest[key] = row
    news = 0
    for table, newest in rows.items():
        replaced = await _replace(conn, table, list(newest.values()))
        news += len(replaced)
        if table is teacher_fact:
            await _place(conn, district, [row["body"] for key, row in newest.items() if key in replaced])
    return news


async def empty(conn: AsyncConnection, district: str) -> None:
    """Forget every fact of a district, and which messages were applied or given up; the caller fills the copy again.

    In the same transaction. Messages that come again do no harm: versions keep an older one from replacing a newer.
    """
    for table in (*PROJECTION, consumed, dead_letter):
        await conn.execute(sa.delete(table).where(table.c.district == district))


def _row(district: str, body: Any) -> tuple[sa.Table, dict[str, Any]]:
    match body:
        case DistrictChanged():
            return district_fact, {
                "district": district,
                "version": body.district.version,
                "body": _text(body.district),
            }
        case SchoolChanged():
            return school_fact, {
                "district": district,
                "school": body.school,
                "version": body.version,
                "body": _text(body),
            }
        case TeacherChanged():
            return teacher_fact, {
                "district": district,
                "teacher": body.teacher,
                "version": body.version,
                "body": _text(body),
            }
        case TermChanged():
            return term_fact, {
                "district": district,
                "term": body.term.id,
                "version": body.term.version,
                "starts_on": body.term.starts_on,
                "ends_on": body.term.ends_on,
                "body": _text(body.term),
            }
        case CalendarChanged():
            return calendar_fact, {
                "district": district,
                "year": body.calendar.year,
                "version": body.calendar.version,
                "body": _text(body.calendar),
            }
    raise TypeError(f"no table for {type(body).__name__}")


async def _replace(conn: AsyncConnection, table: sa.Table, rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Put rows in the place of older versions, in one statement; returns the keys of those that were newer."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in table.primary_key]
    written = insert(table).values(rows)
    newer = written.on_conflict_do_update(
        index_elements=keys,
        set_={column.name: written.excluded[column.name] for column in table.c if column.name not in keys},
        where=table.c.version < written.excluded.version,
    ).returning(*table.primary_key)
    return {tuple(row) for row in await conn.execute(newer)}


async def _place(conn: AsyncConnection, district: str, bodies: Sequence[str]) -> None:
    changed = [decode(TeacherChanged, body.encode()) for body in bodies]
    if not changed:
        return
    await conn.execute(
        sa.delete(teacher_place).where(
            teacher_place.c.district == district, teacher_place.c.teacher.in_([one.teacher for one in changed])
        )
    )
    stretches = [
        {"district": district, "teacher": one.teacher, "since": since, "until": until, "school": school}
        for one in changed
        for since, until, school in places(one)
    ]
    if stretches:
        await conn.execute(sa.insert(teacher_place), stretches)


def _text(body: msgspec.Struct) -> str:
    return encode(body).decode()
